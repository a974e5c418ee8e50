// Hashes of texts that are the same on every machine: two 32-bit lanes a pass, mixed as in MurmurHash3 (public domain, A. Appleby).

/** Final mix of 32 bits. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 53 bits of a text, as a number that JSON can hold. */
export function hashText(text: string, seed = 0): number {
  let a = (0x9e3779b9 ^ seed) | 0;
  let b = (0x85ebca77 ^ (seed * 31)) | 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) ^ (b >>> 15);
  }
  return (mix(a) & 0x1fffff) * 2 ** 32 + mix(b ^ (a >>> 3));
}
