// xxHash, 32 bits, seed 0 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): the check sum of LZ4 frames.

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;
const STRIPE = 16;

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function lane(sum: number, word: number): number {
  return Math.imul(rotated((sum + Math.imul(word, P2)) | 0, 13), P1);
}

/** Takes bytes in any pieces. */
export class XxHash32 {
  #a = (P1 + P2) | 0;
  #b = P2 | 0;
  #c = 0;
  #d = -P1 | 0;
  #total = 0;
  readonly #rest = new Uint8Array(STRIPE);
  #restBytes = 0;

  update(bytes: Uint8Array): void {
    this.#total += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(STRIPE - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < STRIPE) return;
      this.#stripes(this.#rest, 0, STRIPE);
      this.#restBytes = 0;
    }
    const whole = at + Math.floor((bytes.length - at) / STRIPE) * STRIPE;
    this.#stripes(bytes, at, whole);
    this.#rest.set(bytes.subarray(whole));
    this.#restBytes = bytes.length - whole;
  }

  #stripes(bytes: Uint8Array, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    for (let at = start; at < end; at += STRIPE) {
      a = lane(a, view.getInt32(at, true));
      b = lane(b, view.getInt32(at + 4, true));
      c = lane(c, view.getInt32(at + 8, true));
      d = lane(d, view.getInt32(at + 12, true));
    }
    [this.#a, this.#b, this.#c, this.#d] = [a, b, c, d];
  }

  /** The sum of what came so far, as an unsigned number. */
  digest(): number {
    const lanes = rotated(this.#a, 1) + rotated(this.#b, 7) + rotated(this.#c, 12) + rotated(this.#d, 18);
    let sum = ((this.#total >= STRIPE ? lanes : P5) + this.#total) | 0;
    const view = new DataView(this.#rest.buffer);
    let at = 0;
    for (; at + 4 <= this.#restBytes; at += 4) sum = Math.imul(rotated((sum + Math.imul(view.getInt32(at, true), P3)) | 0, 17), P4);
    for (; at < this.#restBytes; at += 1) sum = Math.imul(rotated((sum + Math.imul(view.getUint8(at), P5)) | 0, 11), P1);
    sum = Math.imul(sum ^ (sum >>> 15), P2);
    sum = Math.imul(sum ^ (sum >>> 13), P3);
    return (sum ^ (sum >>> 16)) >>> 0;
  }
}

export function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.update(bytes);
  return hash.digest();
}
