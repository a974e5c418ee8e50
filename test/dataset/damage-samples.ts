// Samples of texts in several encodings and of damage, measured: what is decoded, what is found, and what is alarmed of texts
// that nothing happened to.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guessEncoding } from "../../src/dataset/readers/encoding.ts";
import { compilePatterns } from "../../src/patterns/compile.ts";

export const samplesFolder = new URL("../../../shared/corpus/data-audit", import.meta.url).pathname;

/** Files and what they are written in: the labels of the set they come from (charset_normalizer's own tests). */
const WRITTEN_IN: Readonly<Record<string, string>> = {
  "sample-arabic.txt": "utf-8",
  "sample-chinese.txt": "big5",
  "sample-french.txt": "utf-8",
  "sample-greek.txt": "windows-1253",
  "sample-korean.txt": "euc-kr",
  "sample-russian.txt": "x-mac-cyrillic",
};

/** Every encoding of the WHATWG Encoding Standard but UTF-8, UTF-16 and ISO-2022-JP, which has no bytes above 7F; aliases left out. */
export const READERS: readonly string[] = [
  ...["windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257"],
  ...["windows-1258", "windows-874", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8"],
  ...["iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u", "ibm866", "macintosh"],
  ...["x-mac-cyrillic", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"],
];

const damage = compilePatterns({ areas: ["damage"] });

export function isDamaged(text: string): boolean {
  return damage.find(text).length > 0;
}

export function misread(text: string, reader: string): string {
  return new TextDecoder(reader).decode(new TextEncoder().encode(text));
}

export interface EncodedSample {
  readonly name: string;
  readonly writtenIn: string;
  readonly readAs: string;
  readonly isDecoded: boolean;
  /** Damage found in the text as it was meant. */
  readonly isAlarmed: boolean;
  /** Readers in which the UTF-8 of the text is damaged and nothing is found. */
  readonly missed: readonly string[];
  /** Lines with characters outside ASCII, each in each reader, and those with a find. */
  readonly lines: number;
  readonly linesFound: number;
  /** Readers of the file's own bytes, where they are not UTF-8, that make another text of it, and those where that is found. */
  readonly wronglyRead: number;
  readonly wronglyReadFound: number;
}

export function encodedSamples(folder: string): readonly EncodedSample[] {
  return Object.entries(WRITTEN_IN).map(([name, writtenIn]) => {
    const bytes = readFileSync(join(folder, "encodings", name));
    const text = new TextDecoder(writtenIn, { fatal: true }).decode(bytes);
    const { encoding, sure } = guessEncoding(bytes);
    const wide = text.split("\n").filter((line) => /[^\0-\x7f]/u.test(line));
    const lines = READERS.flatMap((reader) => wide.map((line) => misread(line, reader)));
    const wrong = writtenIn === "utf-8" ? [] : READERS.map((reader) => new TextDecoder(reader).decode(bytes)).filter((one) => one !== text);
    return {
      name,
      writtenIn,
      readAs: sure ? encoding : "unknown",
      isDecoded: sure && new TextDecoder(encoding).decode(bytes) === text,
      isAlarmed: isDamaged(text),
      missed: READERS.filter((reader) => !isDamaged(misread(text, reader))),
      lines: lines.length,
      linesFound: lines.filter(isDamaged).length,
      wronglyRead: wrong.length,
      wronglyReadFound: wrong.filter(isDamaged).length,
    };
  });
}

export interface Case {
  readonly label: string;
  readonly text: string;
}

/** Cases of ftfy's tests. */
export function cases(folder: string, name: "in-the-wild" | "negative"): readonly Case[] {
  const entries = JSON.parse(readFileSync(join(folder, "mojibake", `ftfy-${name}.json`), "utf8")) as { label: string; original: string }[];
  return entries.map(({ label, original }) => ({ label, text: original }));
}

/** What ftfy puts right there is no damage: letters that Unicode has and advises against. */
export const NOT_DAMAGE: readonly string[] = ["Handle Afrikaans 'n character", "Handle Croatian single-codepoint digraphs"];

export function isThere(folder: string): boolean {
  return existsSync(join(folder, "encodings"));
}
