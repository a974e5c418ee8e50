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

/** A filter over the first hash's lower bits, so that nearly no word is asked for in the list itself, and small enough to be at hand. */
const PLACES = 0x4000;

class Terms {
  readonly filter = new Uint8Array(PLACES);
  readonly #firsts: ReadonlySet<number>;
  readonly #hashes: ReadonlySet<string>;

  constructor(hashes: readonly string[]) {
    this.#hashes = new Set(hashes);
    this.#firsts = new Set(hashes.map((hash) => Number.parseInt(hash.slice(0, 8), 16) | 0));
    for (const first of this.#firsts) this.filter[first & (PLACES - 1)] = 1;
  }

  /** @param first FNV-1a of the word from the first seed, which the filter has */
  has(first: number, text: string, start: number, end: number): boolean {
    return this.#firsts.has(first | 0) && this.#hashes.has(hashTerm(text.slice(start, end).toLowerCase()));
  }
}

const known = new Map<readonly string[], Terms>();

/** Several terms of the list in one text: one alone is a word that people use. */
export const hashedTerms: Measure = {
  texts: "all",
  find(text, { limits, terms: hashes }, tell) {
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
  const { filter } = terms;
  let hash: number = SEEDS[0];
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const unit = at < text.length ? text.charCodeAt(at) : 0;
    const lower = unit | 0x20;
    if (lower >= 0x61 && lower <= 0x7a && unit < 0x80) {
      hash = Math.imul(hash ^ lower, PRIME);
      continue;
    }
    if (at - start > 2 && filter[hash & (PLACES - 1)] === 1 && terms.has(hash, text, start, at)) add(start, at);
    hash = SEEDS[0];
    start = at + 1;
  }
}

/** Terms of Han characters have two to four: each beginning is one step of the hash further than the one before. */
function findHan(text: string, terms: Terms, add: Add): void {
  const { filter } = terms;
  // Asking for a character behind the end is slow, so what is hashed is put one character further at a time.
  let [one, two, three] = [0, 0, 0];
  let inside = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const four = Math.imul(three ^ unit, PRIME);
    three = Math.imul(two ^ unit, PRIME);
    two = Math.imul(one ^ unit, PRIME);
    one = Math.imul(SEEDS[0] ^ unit, PRIME);
    inside = ((inside << 1) | (unit < 0x3400 ? 0 : 1)) & 0b1111;
    if ((inside & 0b1110) === 0) continue;
    if ((inside & 0b1000) !== 0 && filter[four & (PLACES - 1)] === 1 && terms.has(four, text, at - 3, at + 1)) add(at - 3, at + 1);
    if ((inside & 0b0100) !== 0 && filter[three & (PLACES - 1)] === 1 && terms.has(three, text, at - 2, at + 1)) add(at - 2, at + 1);
    if ((inside & 0b0010) !== 0 && filter[two & (PLACES - 1)] === 1 && terms.has(two, text, at - 1, at + 1)) add(at - 1, at + 1);
  }
}
