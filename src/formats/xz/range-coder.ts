// The range coder of LZMA (LZMA SDK, "LZMA specification"): bits of adaptive probabilities out of the bytes of one chunk.
import { AjarError } from "../../core/errors.ts";

const TOP = 2 ** 24;
const PROBABILITY_BITS = 11;
const SHIFT = 5;
/** One half. */
export const EVEN: number = 1 << (PROBABILITY_BITS - 1);

export class RangeCoder {
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  #range = 0;
  #code = 0;

  /** Begins a chunk: a byte of 0, then four that are the first code. @throws AjarError INCONSISTENT */
  start(bytes: Uint8Array): void {
    if (bytes.length < 5 || bytes[0] !== 0) throw damaged();
    this.#bytes = bytes;
    this.#code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
    this.#range = 0xffffffff;
    this.#position = 5;
  }

  /** @throws AjarError INCONSISTENT where something of the chunk is left, or the code is not what a whole chunk leaves */
  end(): void {
    this.#fill();
    if (this.#position !== this.#bytes.length || this.#code !== 0) throw damaged();
  }

  #fill(): void {
    if (this.#range >= TOP) return;
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw damaged();
    this.#position += 1;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | byte) >>> 0;
  }

  bit(probabilities: Uint16Array, index: number): 0 | 1 {
    this.#fill();
    const probability = probabilities[index] ?? EVEN;
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> SHIFT);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    probabilities[index] = probability - (probability >> SHIFT);
    return 1;
  }

  /** Bits without probabilities, highest first. */
  direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left -= 1) {
      this.#fill();
      this.#range >>>= 1;
      const isSet = this.#code >= this.#range;
      if (isSet) this.#code -= this.#range;
      value = value * 2 + (isSet ? 1 : 0);
    }
    return value;
  }

  /** A tree of bits, highest first. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left -= 1) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** A tree of bits, lowest first. */
  reverse(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let at = 0; at < bits; at += 1) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << at;
    }
    return value;
  }
}

export function damaged(): AjarError {
  return new AjarError("INCONSISTENT", "compressed data are damaged");
}
