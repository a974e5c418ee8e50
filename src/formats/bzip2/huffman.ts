// Canonical codes of a bzip2 block: lengths of 1 to 20 bits, the same code for the same lengths.
import { AjarError } from "../../core/errors.ts";
import type { BitReader } from "./bits.ts";

export const MAX_CODE_BITS = 20;
/** Codes up to this length are looked up at once. */
const FAST_BITS = 10;

export class HuffmanCode {
  /** By the next bits: symbol and length, 0 where the code is longer. */
  readonly #fast = new Uint16Array(1 << FAST_BITS);
  /** First code of each length, shifted to full length; and place of its symbol. */
  readonly #limits = new Uint32Array(MAX_CODE_BITS + 2);
  readonly #bases = new Int32Array(MAX_CODE_BITS + 2);
  readonly #symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
      this.#bases[bits] = place - code;
      for (const [symbol, length] of lengths.entries()) {
        if (length !== bits) continue;
        this.#symbols[place] = symbol;
        if (bits <= FAST_BITS) this.#remember(symbol, code, bits);
        code += 1;
        place += 1;
      }
      this.#limits[bits] = code;
      code <<= 1;
    }
  }

  /** Lengths that promise more codes than there are overflow the table; what passes its end is no code. */
  #remember(symbol: number, code: number, bits: number): void {
    const first = code << (FAST_BITS - bits);
    const last = Math.min(this.#fast.length, (code + 1) << (FAST_BITS - bits));
    for (let at = first; at < last; at += 1) this.#fast[at] = (symbol << 4) | bits;
  }

  /** @throws AjarError INCONSISTENT where no code begins so | TRUNCATED */
  next(reader: BitReader): number {
    const found = this.#fast[reader.peek(FAST_BITS)] ?? 0;
    if (found !== 0) {
      reader.skip(found & 15);
      return found >> 4;
    }
    for (let bits = FAST_BITS + 1; bits <= MAX_CODE_BITS; bits += 1) {
      const code = reader.peek(bits);
      if (code >= (this.#limits[bits] ?? 0)) continue;
      const symbol = this.#symbols[code + (this.#bases[bits] ?? 0)];
      if (symbol === undefined) break;
      reader.skip(bits);
      return symbol;
    }
    // At the end of the bytes at hand, the rest of the code may be missing.
    reader.skip(MAX_CODE_BITS);
    throw new AjarError("INCONSISTENT", "compressed data are damaged");
  }
}
