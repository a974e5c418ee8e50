// Bytes of one encoding of Cyrillic that were read as another: пРИВЕТ, ═шўЄю.
import { CYRILLIC_ENCODINGS, cyrillicFlaws, readsAsCyrillic } from "../../text/cyrillic.ts";
import { type Sign, units } from "../signs.ts";
import { joined } from "./measure.ts";

const SMALL = units("\u0430-\u045f\u0491");
const CAPITAL = units("\u0401-\u042f\u0490");
const LETTER = units("\u0401-\u045f\u0490\u0491");
/** Signs that no word goes on with, and that encodings of Cyrillic have where others have letters. */
const OTHER = units("\u00a4-\u00a6\u00a8-\u00aa\u00ac-\u00b5\u00b8\u0190-\u0192\u2116\u2200-\u25ff");

/** Pairs that a text of swapped letters has somewhere. */
export const SWAPPED_SIGNS: readonly Sign[] = [
  { first: SMALL, second: CAPITAL },
  { first: LETTER, second: OTHER },
];

/** Letters, and the share of them in whose place no word goes on: a name of a firm or a slip of the keyboard is less. */
const LEAST_LETTERS = 24;
const LEAST_FLAWS = 0.08;
/** The beginning tells as much as the whole. */
const UNITS = 4096;
/** Longest place that is told. */
const LONGEST = 200;

let tables: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;

function bytesIn(encoding: string): ReadonlyMap<string, number> {
  tables ??= new Map(CYRILLIC_ENCODINGS.map((name) => [name, tableOf(name)] as const));
  return tables.get(encoding) ?? new Map();
}

function tableOf(encoding: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding);
  return new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const));
}

/** Places of letters that are none of a word, where read as another encoding the text is words throughout. */
export function swappedCyrillic(text: string): readonly (readonly [start: number, end: number])[] {
  const head = text.slice(0, UNITS);
  const { letters, places } = cyrillicFlaws(head, LEAST_LETTERS);
  if (places.length === 0 || places.length < letters * LEAST_FLAWS || !isSwapped(head)) return [];
  return joined(
    places.map((place) => [place, place + 2] as const),
    8,
  ).map(([start, end]) => [start, Math.min(end, start + LONGEST)] as const);
}

/** Small letters are the same in these two, and names like РосАтом would read as words in the other. */
const ALIKE: readonly string[] = ["windows-1251", "x-mac-cyrillic"];

function isSwapped(text: string): boolean {
  return CYRILLIC_ENCODINGS.some((reader) => {
    const table = bytesIn(reader);
    const bytes = Uint8Array.from(Array.from(text, (character) => table.get(character) ?? 0x3f));
    const writers = CYRILLIC_ENCODINGS.filter((one) => one !== reader && !(ALIKE.includes(one) && ALIKE.includes(reader)));
    return writers.some((writer) => readsAsCyrillic(new TextDecoder(writer).decode(bytes), LEAST_LETTERS));
  });
}
