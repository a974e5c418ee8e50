// Words of a list that nobody needs to read: it holds hashes, made by scripts/derive-terms.ts from a list that stays with its owner.
import { limitOf, type Measure } from "./measure.ts";

const SEEDS = [0x811c9dc5, 0x9747b28c] as const;
const PRIME = 0x01000193;

/** FNV-1a over UTF-16 units, from two seeds: what the list's entries are. @param word in lower case */
export function hashTerm(word: string): string {
  return SEEDS.map((seed) => {
    let hash: number = seed;
    for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), PRIME);
    return (hash >>> 0).toString(16).padStart(8, "0");
  }).join("");
}

/** Terms of Han characters have two to four. */
const LENGTHS = [2, 3, 4];

/** A filter over the first hash's lower bits, so that nearly no word is asked for in the list itself. */
const PLACES = 0x10000;

class Terms {
  readonly #filter = new Uint8Array(PLACES);
  readonly #hashes: ReadonlySet<string>;

  constructor(hashes: readonly string[]) {
    this.#hashes = new Set(hashes);
    for (const hash of hashes) this.#filter[Number.parseInt(hash.slice(4, 8), 16)] = 1;
  }

  /** @param first FNV-1a of the word from the first seed */
  has(first: number, text: string, start: number, end: number): boolean {
    return this.#filter[first & (PLACES - 1)] === 1 && this.#hashes.has(hashTerm(text.slice(start, end).toLowerCase()));
  }
}

const known = new Map<readonly string[], Terms>();

/** Several terms of the list in one text: one alone is a word that people use. */
export const hashedTerms: Measure = {
  texts: "all",
  find(text, limits, tell, hashes) {
    let terms = known.get(hashes);
    if (terms === undefined) {
      terms = new Terms(hashes);
      known.set(hashes, terms);
    }
    const places: [number, number][] = [];
    const kinds = new Set<string>();
    const add = (start: number, end: number): void => {
      places.push([start, end]);
      kinds.add(text.slice(start, end).toLowerCase());
    };
    findLatin(text, terms, add);
    if (/[\u3400-\u9fff]/.test(text)) findHan(text, terms, add);
    if (kinds.size < limitOf(limits, "distinct")) return;
    for (const [start, end] of places.sort(([a], [b]) => a - b)) tell(start, end, "shaped");
  },
};

type Add = (start: number, end: number) => void;

function findLatin(text: string, terms: Terms, add: Add): void {
  let hash: number = SEEDS[0];
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const unit = at < text.length ? text.charCodeAt(at) : 0;
    const lower = unit | 0x20;
    if (lower >= 0x61 && lower <= 0x7a && unit < 0x80) {
      hash = Math.imul(hash ^ lower, PRIME);
      continue;
    }
    if (at - start > 2 && terms.has(hash, text, start, at)) add(start, at);
    hash = SEEDS[0];
    start = at + 1;
  }
}

function findHan(text: string, terms: Terms, add: Add): void {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) < 0x3400) continue;
    let hash: number = SEEDS[0];
    for (let length = 1; length <= 4 && at + length <= text.length; length += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at + length - 1), PRIME);
      if (LENGTHS.includes(length) && terms.has(hash, text, at, at + length)) add(at, at + length);
    }
  }
}
