// A shingle is the hash of SHINGLE_WORDS words in a row. The index holds shingles only, in order, which is enough to
// align a text with a license and not enough to read the license from it.

/** Three words: a changed word leaves every word around it covered, and short licenses still have shingles. */
export const SHINGLE_WORDS = 3;

/** Bits of an index entry that are not hash but say something about the word the shingle starts with. */
export const FLAG_BITS = 2;
/** The word may be missing or replaced: copyright lines, names, titles, appendices. */
export const FLAG_OPTIONAL = 1;
/** The word binds (see binding.ts). */
export const FLAG_BINDING = 2;

/** 30-bit hash of the shingle at each word; 0 for the last words, where none starts. */
export function shinglesOf(hashes: Uint32Array): Uint32Array {
  const shingles = new Uint32Array(hashes.length);
  for (let at = 0; at + SHINGLE_WORDS <= hashes.length; at += 1) {
    let mixed = 0x9e3779b9;
    for (let offset = 0; offset < SHINGLE_WORDS; offset += 1) {
      mixed = Math.imul(mixed ^ (hashes[at + offset] ?? 0), 0x85ebca6b);
      mixed = (mixed << 13) | (mixed >>> 19);
    }
    mixed ^= mixed >>> 16;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed ^= mixed >>> 13;
    // 0 is kept for "no shingle here".
    shingles[at] = mixed >>> FLAG_BITS || 1;
  }
  return shingles;
}
