// MinHash of a row's shingles of five tokens: one permutation cut into bins, empty bins filled from others (Shrivastava 2017, "Optimal
// Densification for Fast and Accurate Minwise Hashing"). 14 bands of 8, so that two rows of Jaccard similarity 0.72 share a band as often as not.
import { mix } from "../text/hash.ts";
import type { Tokens } from "../text/tokens.ts";

export const BANDS = 14;
const BAND_ROWS = 8;
export const BINS = BANDS * BAND_ROWS;
/** Tokens a shingle: words, or characters of scripts without spaces. */
const SHINGLE = 5;
const EMPTY = 0xffffffff;

export class MinHash {
  readonly bins = new Uint32Array(BINS);
  readonly bands = new Uint32Array(BANDS);

  /** Computes bins and bands; false where the row has fewer tokens than a shingle. */
  compute(tokens: Tokens): boolean {
    const { count, lane1, lane2 } = tokens;
    if (count < SHINGLE) return false;
    const { bins } = this;
    bins.fill(EMPTY);
    for (let at = SHINGLE - 1; at < count; at += 1) {
      let hash = 0;
      for (let back = SHINGLE - 1; back >= 0; back -= 1) {
        const token = at - back;
        hash = Math.imul((hash << 5) ^ (hash >>> 27) ^ (lane1[token] ?? 0), 0x9e3779b1) + (lane2[token] ?? 0);
      }
      const value = mix(hash);
      const bin = mix(value ^ 0x27d4eb2f) % BINS;
      if (value < (bins[bin] ?? EMPTY)) bins[bin] = value;
    }
    this.#densify();
    this.#hashBands();
    return true;
  }

  #densify(): void {
    const { bins } = this;
    const filled = Uint8Array.from(bins, (value) => (value === EMPTY ? 0 : 1));
    for (let bin = 0; bin < BINS; bin += 1) {
      if (filled[bin] === 1) continue;
      let from = bin;
      for (let attempt = 1; filled[from] !== 1; attempt += 1) from = mix(bin * 0x10001 + attempt * 0x9e3779b1) % BINS;
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
