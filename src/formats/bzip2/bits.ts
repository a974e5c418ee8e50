// Bits of a bzip2 stream, highest first, out of bytes that are all there.
import { AjarError } from "../../core/errors.ts";

export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  #word = 0;
  /** Bits of the word that were not taken. */
  #count = 0;
  /** Of these, bits that stand for bytes behind the end. */
  #missing = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next bits, up to 24, without taking them; zeros behind the end. */
  peek(bits: number): number {
    while (this.#count < bits) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) this.#missing += 8;
      else this.#position += 1;
      this.#word = (this.#word << 8) | (byte ?? 0);
      this.#count += 8;
    }
    return (this.#word >>> (this.#count - bits)) & ((1 << bits) - 1);
  }

  /** @throws AjarError TRUNCATED where they are not all there */
  skip(bits: number): void {
    this.#count -= bits;
    if (this.#count < this.#missing) throw new AjarError("TRUNCATED", "compressed data end too early");
  }

  /** Up to 24 bits. @throws AjarError TRUNCATED */
  read(bits: number): number {
    const value = this.peek(bits);
    this.skip(bits);
    return value;
  }

  /** 32 bits, as an unsigned number. */
  read32(): number {
    return this.read(16) * 0x10000 + this.read(16);
  }

  /** Bits taken of the byte that was begun; 0 where none was. */
  get bitsBegun(): number {
    return (8 - ((this.#count - this.#missing) % 8)) % 8;
  }

  /** Bytes taken, a byte of which some bits were taken among them. */
  get bytesTaken(): number {
    return this.#position - Math.floor(Math.max(0, this.#count - this.#missing) / 8);
  }
}
