import { expect, it } from "vitest";
import { KIND, kindOf, scriptOf, scriptsIn } from "./scripts.ts";

it("tells scripts apart", () => {
  expect(["a", "é", "я", "α", "權", "か", "한", "1", "-"].map(scriptOf)).toEqual([
    "latin",
    "latin",
    "cyrillic",
    "greek",
    "han",
    "kana",
    "hangul",
    null,
    null,
  ]);
  expect([...scriptsIn("ab 權利 я")]).toEqual([
    ["latin", 2],
    ["han", 2],
    ["cyrillic", 1],
  ]);
});

it("knows what has words, what needs none, and what ends a sentence", () => {
  const kinds = [..."a1я權かー。. -\u{20000}"].map((char) => kindOf(char.charCodeAt(0)));
  const { word, han, sentence, space, sign } = KIND;
  expect(kinds).toEqual([word, word, word, han, han, han, sentence, sentence, space, sign, han]);
});
