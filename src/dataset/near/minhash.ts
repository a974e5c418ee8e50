// MinHash of a row's shingles of five tokens: one permutation cut into bins, empty bins filled from others (Shrivastava 2017, "Optimal
// Densification for Fast and Accurate Minwise Hashing"). 14 bands of 8, so that two rows of Jaccard similarity 0.72 share a band as often as not.
import { mix } from "../text/hash.ts";
import type { Tokens } from "../text/tokens.ts";

export const BANDS = 14;
const BAND_ROWS = 8;
export const BINS = BANDS * BAND_ROWS;
/** Tokens a shingle: words, or characters of scripts without spaces. */
export const SHINGLE = 5;
const EMPTY = 0xffffffff;
/** Multiplier of the rolling hash, and its power that takes the oldest token out. */
const BASE = 0x9e3779b1;
const OLDEST = Math.imul(Math.imul(BASE, BASE), Math.imul(BASE, BASE));

export class MinHash {
  readonly bins = new Uint32Array(BINS);
  readonly bands = new Uint32Array(BANDS);
  readonly #filled = new Uint8Array(BINS);

  /** Computes bins and bands; false where the row has fewer tokens than a shingle. */
  compute({ count, lane1 }: Tokens): boolean {
    if (count < SHINGLE) return false;
    const { bins } = this;
    bins.fill(EMPTY);
    let hash = 0;
    for (let at = 0; at < SHINGLE - 1; at += 1) hash = (Math.imul(hash, BASE) + (lane1[at] ?? 0)) | 0;
    for (let at = SHINGLE - 1; at < count; at += 1) {
      hash = (Math.imul(hash, BASE) + (lane1[at] ?? 0)) | 0;
      const value = mix(hash);
      const bin = binOf(value);
      // The bin takes the upper bits, so the lower ones decide in it.
      const rank = Math.imul(value, 0x27d4eb2f) >>> 0;
      if (rank < (bins[bin] ?? EMPTY)) bins[bin] = rank;
      hash = (hash - Math.imul(lane1[at - SHINGLE + 1] ?? 0, OLDEST)) | 0;
    }
    this.#densify();
    this.#hashBands();
    return true;
  }

  #densify(): void {
    const { bins } = this;
    const filled = this.#filled;
    for (let bin = 0; bin < BINS; bin += 1) filled[bin] = bins[bin] === EMPTY ? 0 : 1;
    for (let bin = 0; bin < BINS; bin += 1) {
      if (filled[bin] === 1) continue;
      let from = bin;
      for (let attempt = 1; filled[from] !== 1; attempt += 1) from = binOf(mix(bin * 0x10001 + attempt * 0x9e3779b1));
      bins[bin] = mix((bins[from] ?? 0) + 1);
    }
  }

  #hashBands(): void {
    for (let band = 0; band < BANDS; band += 1) {
      let hash = band;
      for (let row = 0; row < BAND_ROWS; row += 1)
        hash = Math.imul((hash << 7) ^ (hash >>> 25) ^ (this.bins[band * BAND_ROWS + row] ?? 0), 0x85ebca6b);
      this.bands[band] = mix(hash);
    }
  }
}

/** The upper sixteen bits, spread over the bins. */
function binOf(value: number): number {
  return ((value >>> 16) * BINS) >>> 16;
}
