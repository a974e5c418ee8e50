// Check sums of xz blocks (section 3.4): CRC-32, CRC-64 of ECMA-182, SHA-256; of others just the length is known.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

export interface Check {
  update(bytes: Uint8Array): void;
  /** As it stands in the file; null where nothing is to compare. */
  digest(): Uint8Array | null;
}

/** By the number of the check, in groups of three. */
const LENGTHS: readonly number[] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export function checkLength(check: number): number {
  return LENGTHS[check] ?? 0;
}

export function checkOf(check: number): Check {
  if (check === 1) return new Crc32();
  if (check === 4) return new Crc64();
  if (check === 10) return new Sha256();
  return { update: () => undefined, digest: () => null };
}

class Crc32 implements Check {
  #sum = 0;

  update(bytes: Uint8Array): void {
    this.#sum = crc32(bytes, this.#sum);
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(this.#sum);
    return bytes;
  }
}

class Sha256 implements Check {
  readonly #hash = createHash("sha256");

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return this.#hash.digest();
  }
}

/** By byte: the low and the high half of its remainder. */
const LOW = new Uint32Array(256);
const HIGH = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let sum = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1n) === 1n ? (sum >> 1n) ^ 0xc96c5795d7870f42n : sum >> 1n;
  LOW[byte] = Number(sum & 0xffffffffn);
  HIGH[byte] = Number(sum >> 32n);
}

class Crc64 implements Check {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high];
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] ?? 0);
      high = (high >>> 8) ^ (HIGH[index] ?? 0);
    }
    [this.#low, this.#high] = [low, high];
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(~this.#low >>> 0);
    bytes.writeUInt32LE(~this.#high >>> 0, 4);
    return bytes;
  }
}
