import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../reports/language.ts";
import { lookup } from "../../reports/messages.ts";
import { patterns } from "./patterns.ts";

describe("patterns", () => {
  it.each(LANGUAGES)("are explained in %s: title, why, remedy, severity and source", (language) => {
    const ids = patterns.ids(language);
    expect(ids).toContain("personal/email");
    for (const id of ids) {
      const entry = patterns.find(id, language);
      expect(entry).toMatchObject({ kind: "rule", id, title: lookup(`pattern.${id}`, language), source: expect.stringMatching(/./u) });
      expect(entry?.lines).toHaveLength(3);
      expect(entry?.lines).not.toContain("");
    }
  });

  it("are known by their whole id only", () => {
    for (const id of ["email", "personal", "personal/", "personal/nothing"]) expect(patterns.find(id, "en")).toBeUndefined();
  });
});
