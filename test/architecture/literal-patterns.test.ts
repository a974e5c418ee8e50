import { expect, test } from "vitest";
import { replaceLiterals } from "../../scripts/literal-patterns.ts";
import { LiteralPattern } from "../../src/rules/literal-pattern.ts";

test("literals with words become late, all others stay as they are", () => {
  const code = [
    'const text: string = "«un/licensed»/u";',
    "const kept = [/\\d/u, /word/gu, /a?/i, /word|\\d/u];",
    "export const said = (s: string): boolean => /no\\/t|(lic[ea]nse)/iu.test(s) && !/Draft/.test(s);",
  ].join("\n");
  const replaced = replaceLiterals(code);
  expect(replaced?.split("\n").slice(0, 2)).toEqual([`let $literal0, $literal1;${code.split("\n")[0]}`, code.split("\n")[1]]);
  expect(replaced?.split("\n")[2]).toBe(
    'export const said = (s: string): boolean => ($literal0 ??= new $Literal("no\\\\/t|(lic[ea]nse)", "iu", "5=\\tno/t\\n12\\tlic\\tnse")).test(s) && !($literal1 ??= new $Literal("Draft", "", "5=\\tdraft")).test(s);',
  );
  expect(replaceLiterals("const kept = /\\d/u;")).toBeNull();
});

test("what stands in their place answers as they do", () => {
  const replaced = replaceLiterals("const found = (s) => /no\\/t|(lic[ea]nse)|Draft \\w+/.exec(s)?.[0];") ?? "";
  const run = new Function("$Literal", `${replaced} return found;`);
  const found = run(LiteralPattern);
  const texts = ["a licanse", "no/t", "draft x", "Draft x1", "not", "“Draft q”"];
  expect(texts.map((text) => found(text))).toEqual(["licanse", "no/t", undefined, "Draft x1", undefined, "Draft q"]);
});
