// Ways in which somebody who wants past a filter writes a prompt; the same for the same prompt.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Null where a way does not change such a text. */
export type Disguise = (text: string) => string | null;

const LOOKALIKES: Readonly<Record<string, string>> = { a: "а", c: "с", e: "е", i: "і", o: "о", p: "р", s: "ѕ", x: "х", y: "у" };
const LEET: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };

function latin(change: (text: string) => string): Disguise {
  return (text) => (/[a-z]{3}/iu.test(text) ? change(text) : null);
}

function chinese(change: (text: string) => string): Disguise {
  return (text) => (/\p{Script=Han}/u.test(text) ? change(text) : null);
}

function swapped(table: Readonly<Record<string, string>>): (text: string) => string {
  return (text) => Array.from(text, (char) => table[char.toLowerCase()] ?? char).join("");
}

/** The longest words, up to three, with signs between their letters. */
function spacedWords(text: string, sign: string): string {
  const longest = [...new Set(text.match(/[a-z]{4,}/giu) ?? [])].sort((one, other) => other.length - one.length).slice(0, 3);
  return longest.reduce((now, word) => now.replaceAll(word, Array.from(word).join(sign)), text);
}

function rotated(text: string): string {
  const turn = (char: string): string => {
    const first = char <= "Z" ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - first + 13) % 26) + first);
  };
  return text.replace(/[a-z]/giu, turn);
}

let traditional: ReadonlyMap<string, string> | undefined;

/** Simplified characters as traditional ones: the table that folding uses, read backwards. */
function asTraditional(text: string): string {
  traditional ??= tableOf(readFileSync(join(import.meta.dirname, "..", "src", "text", "tables.generated.ts"), "utf8"));
  return Array.from(text, (char) => traditional?.get(char) ?? char).join("");
}

function tableOf(source: string): ReadonlyMap<string, string> {
  const packed = /SIMPLIFIED: string =\s*"([^"]*)"/u.exec(source)?.[1] ?? "";
  const chars = Array.from(packed);
  const pairs = chars.flatMap((char, at) => (at % 2 === 0 ? [[chars[at + 1] ?? "", char] as const] : []));
  return new Map(pairs);
}

/** A syllable for each character, made up from its digest: what stands in the brackets does not matter, only that it reads as one. */
function annotated(text: string): string {
  const syllables = ["quán", "lì", "zhà", "dàn", "rú", "hé", "mǎ", "shì"];
  return text.replace(
    /\p{Script=Han}/gu,
    (char) => `${char}(${syllables[(createHash("sha256").update(char).digest()[0] ?? 0) % syllables.length]})`,
  );
}

export const DISGUISES: Readonly<Record<string, Disguise>> = {
  plain: (text) => text,
  "upper case": latin((text) => text.toUpperCase()),
  leetspeak: latin(swapped(LEET)),
  "look-alikes": latin(swapped(LOOKALIKES)),
  "full width": latin((text) => text.replace(/[!-~]/gu, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))),
  "zero width": (text) => Array.from(text).join("\u200b"),
  "letters apart": latin((text) => spacedWords(text, "-")),
  "letters spaced": latin((text) => Array.from(text).join(" ")),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 twice": (text) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  rot13: latin(rotated),
  "percent signs": (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "HTML references": (text) => Array.from(text, (char) => `&#${char.codePointAt(0)};`).join(""),
  traditional: chinese(asTraditional),
  annotated: chinese(annotated),
  "characters apart": chinese((text) => text.replace(/(?<=\p{Script=Han})(?=\p{Script=Han})/gu, ".")),
};
