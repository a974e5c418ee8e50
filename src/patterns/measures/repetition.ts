// Repeated runs of words (Rae et al., Scaling Language Models: Methods, Analysis & Insights from Training Gopher, 2021, table A1).
import { limitOf, type Measure } from "./measure.ts";

/** Words of a text that are looked at; what repeats does so early. */
const MOST_WORDS = 20_000;
const LEAST_WORDS = 50;
/** A power of two above twice the words; short texts use the first of them. */
const PLACES = 65_536;

const hashes = new Int32Array(MOST_WORDS);
const starts = new Int32Array(MOST_WORDS + 1);
const table = new Int32Array(PLACES);

/** Units in runs of five words that stood before, as a share of all; of ten where words are Han characters. */
export const repeatedRuns: Measure = {
  texts: "all",
  find(text, { limits }, tell) {
    if (text.length < LEAST_WORDS * 2) return;
    const { count, han } = readWords(text);
    if (count < LEAST_WORDS) return;
    const isHan = han * 2 > count;
    const { repeated, first } = repeatedUnits(count, isHan ? 10 : 5);
    const units = (starts[count] as number) - (starts[0] as number);
    if (repeated < units * limitOf(limits, isHan ? "hanShare" : "share")) return;
    tell(starts[first] as number, starts[first + 1] as number, "checked");
  },
};

/** Hashes every word, or Han character, into `hashes`, with its start. */
function readWords(text: string): { readonly count: number; readonly han: number } {
  let [count, han, at] = [0, 0, 0];
  while (at < text.length && count < MOST_WORDS - 1) {
    let unit = text.charCodeAt(at);
    if (unit > 0x20 && !isHan(unit)) {
      starts[count] = at;
      let hash = 0x811c9dc5;
      do {
        hash = Math.imul(hash ^ (unit | 0x20), 0x01000193);
        at += 1;
        unit = at < text.length ? text.charCodeAt(at) : 0;
      } while (unit > 0x20 && !isHan(unit));
      hashes[count++] = hash;
    }
    if (isHan(unit)) {
      starts[count] = at;
      hashes[count++] = unit;
      han += 1;
    }
    if (at < text.length) at += 1;
  }
  starts[count] = at;
  return { count, han };
}

function isHan(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}

/** Units covered by runs of `size` words that stood before, each counted once. */
function repeatedUnits(count: number, size: number): { readonly repeated: number; readonly first: number } {
  const places = 2 ** Math.ceil(Math.log2(count * 2));
  table.fill(-1, 0, places);
  let drop = 1;
  for (let word = 0; word < size; word += 1) drop = Math.imul(drop, BASE);
  let [repeated, first, covered, hash] = [0, 0, 0, 0];
  for (let end = 0; end < count; end += 1) {
    hash = (Math.imul(hash, BASE) + (hashes[end] as number)) | 0;
    const at = end + 1 - size;
    if (at > 0) hash = (hash - Math.imul(hashes[at - 1] as number, drop)) | 0;
    if (at < 0 || !seen(at, size, (hash ^ (hash >>> 15)) & (places - 1), places - 1)) continue;
    if (repeated === 0) first = at;
    const from = Math.max(covered, starts[at] as number);
    covered = Math.max(covered, starts[end + 1] as number);
    repeated += Math.max(0, covered - from);
  }
  return { repeated, first };
}

/** Odd, and its powers far apart: runs are hashed as numbers in this base (Karp, Rabin 1987). */
const BASE = 0x2c1b3c6d;
/** More runs than this with one hash are made to be so; the text is then read as if they repeated nothing. */
const MOST_PROBES = 64;

/** Whether a run stood before; it is remembered when not. */
function seen(at: number, size: number, start: number, mask: number): boolean {
  for (let probe = 0, place = start; probe < MOST_PROBES; probe += 1, place = (place + 1) & mask) {
    const other = table[place] as number;
    if (other < 0) {
      table[place] = at;
      return false;
    }
    if (isSame(at, other, size)) return true;
  }
  return false;
}

function isSame(a: number, b: number, size: number): boolean {
  for (let word = 0; word < size; word += 1) if (hashes[a + word] !== hashes[b + word]) return false;
  return true;
}
