import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cyrillicEncoding } from "../../src/dataset/readers/cyrillic.ts";
import { guessEncoding } from "../../src/dataset/readers/encoding.ts";
import { packageRoot } from "../../src/rules/load.ts";

/** Messages of a library in many languages, without what is no sentence. */
function sentences(language: string): string {
  const file = readFileSync(join(packageRoot, "node_modules/zod/v4/locales", `${language}.js`), "utf8");
  const texts = [...file.matchAll(/["`]((?:[^"`\\\n]|\\.)*)["`]/gu)].map(([, text = ""]) => text.replace(/\$\{[^}]*\}?/gu, " "));
  return texts.filter((text) => /[^\0-\x7f]/u.test(text)).join("\n");
}

/** Bytes of a text in an encoding of one byte a character; what it lacks is left out. */
function encode(text: string, encoding: string): { readonly bytes: Uint8Array; readonly kept: string } {
  const codes = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte -= 1) codes.set(new TextDecoder(encoding).decode(Uint8Array.of(byte)), byte);
  codes.delete("\ufffd");
  const kept = [...text].filter((character) => codes.has(character));
  return { bytes: Uint8Array.from(kept, (character) => codes.get(character) ?? 0), kept: kept.join("") };
}

describe("texts in encodings of Cyrillic", () => {
  it.each(
    ["ru", "bg", "mk", "uk", "be"].flatMap((language) =>
      ["windows-1251", "koi8-u", "ibm866", "x-mac-cyrillic", "iso-8859-5"].map((encoding) => [language, encoding] as const),
    ),
  )("%s in %s are read as they were written, or not at all", (language, encoding) => {
    const { bytes, kept } = encode(sentences(language), encoding);
    const read = cyrillicEncoding(bytes);
    if (language === "ru") expect(read).not.toBeNull();
    if (read !== null) expect(new TextDecoder(read).decode(bytes)).toBe(kept);
  });

  it.each([
    ["el", "windows-1253"],
    ["el", "iso-8859-7"],
    ["he", "windows-1255"],
    ["it", "windows-1252"],
    ["fr", "windows-1252"],
    ["fr", "macintosh"],
    ["de", "macintosh"],
    ["ar", "windows-1256"],
    ["fa", "windows-1256"],
    ["th", "windows-874"],
    ["cs", "windows-1250"],
    ["pl", "iso-8859-2"],
    ["tr", "windows-1254"],
    ["lt", "windows-1257"],
    ["vi", "windows-1258"],
  ])("%s in %s is none of them", (language, encoding) => {
    const text = sentences(language);
    for (const form of [text, text.normalize("NFD").replace(/\p{M}/gu, ""), text.toUpperCase(), text.toLowerCase()])
      expect(cyrillicEncoding(encode(form, encoding).bytes)).toBeNull();
  });

  it("are decoded before a detector that does not know them guesses", () => {
    const { bytes } = encode(sentences("ru"), "ibm866");
    expect(guessEncoding(bytes)).toEqual({ encoding: "ibm866", sure: true });
  });

  it("in UTF-8, and bytes of anything, are none of them", () => {
    expect(cyrillicEncoding(new TextEncoder().encode(sentences("ru")))).toBeNull();
    for (const language of readdirSync(join(packageRoot, "node_modules/zod/v4/locales")).filter(
      (name) => /^(?:zh|ja|ko)/u.test(name) && name.endsWith(".js"),
    ))
      expect(cyrillicEncoding(new TextEncoder().encode(sentences(language.slice(0, -3))))).toBeNull();
    expect(cyrillicEncoding(Uint8Array.from({ length: 65_536 }, (_, at) => (at * 7919) % 251))).toBeNull();
  });
});
