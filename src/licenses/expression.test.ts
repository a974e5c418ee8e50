import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExpression } from "./expression.ts";

describe("parseExpression", () => {
  it("gives the licenses of an expression", () => {
    const result = parseExpression("(mit OR apache-2.0) AND LicenseRef-Llama-2-Community");
    expect(result.ok && result.licenses.map(({ license }) => license?.id)).toEqual(["MIT", "Apache-2.0", "LicenseRef-Llama-2-Community"]);
    expect(result.ok && result.expression.kind).toBe("and");
  });

  it("keeps `+` and exceptions", () => {
    const result = parseExpression("Apache-1.1+ or GPL-2.0-only WITH Classpath-exception-2.0");
    expect(result.ok && result.licenses.map(({ id, orLater, exception }) => [id, orLater, exception])).toEqual([
      ["Apache-1.1", true, null],
      ["GPL-2.0-only", false, "Classpath-exception-2.0"],
    ]);
  });

  it("says why it cannot read a text, and never throws", () => {
    expect(parseExpression("").ok).toBe(false);
    expect(parseExpression("MIT AND").ok).toBe(false);
    expect(parseExpression("not a license").ok).toBe(false);
    expect(parseExpression(`(${"(".repeat(5000)}`).ok).toBe(false);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseExpression(text).ok === "boolean"));
    const parts = fc.array(fc.constantFrom("MIT", "AND", "OR", "WITH", "(", ")", "+", "Apache-2.0", "LicenseRef-x", "GPL-2.0+"));
    fc.assert(fc.property(parts, (words) => typeof parseExpression(words.join(" ")).ok === "boolean"));
  });
});
