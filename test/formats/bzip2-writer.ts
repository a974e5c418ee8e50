// Writes bzip2, plainly: every symbol has a code of the same length.

class Bits {
  readonly bytes: number[] = [];
  #open = 0;
  #count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.#open = (this.#open << 1) | (Math.floor(value / 2 ** bit) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.bytes.push(this.#open);
      this.#open = 0;
      this.#count = 0;
    }
  }

  align(): void {
    while (this.#count > 0) this.write(0, 1);
  }
}

function sumOf(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return ~sum >>> 0;
}

/** Four equal bytes, and how many more there are. */
function withRuns(bytes: Uint8Array): readonly number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && bytes[end] === bytes[at] && end - at < 255 + 4) end += 1;
    for (let copy = at; copy < Math.min(end, at + 4); copy += 1) out.push(bytes[at] ?? 0);
    if (end - at >= 4) out.push(end - at - 4);
    at = end;
  }
  return out;
}

function sorted(text: readonly number[]): { readonly last: readonly number[]; readonly origin: number } {
  const rotations = text
    .map((_, at) => at)
    .sort((a, b) => {
      for (let step = 0; step < text.length; step += 1) {
        const difference = (text[(a + step) % text.length] ?? 0) - (text[(b + step) % text.length] ?? 0);
        if (difference !== 0) return difference;
      }
      return a - b;
    });
  return { last: rotations.map((at) => text[(at + text.length - 1) % text.length] ?? 0), origin: rotations.indexOf(0) };
}

function symbolsOf(last: readonly number[], alphabet: readonly number[]): readonly number[] {
  const order = [...alphabet];
  const symbols: number[] = [];
  let run = 0;
  const endRun = (): void => {
    for (; run > 0; run = Math.floor((run - 1) / 2)) symbols.push((run - 1) % 2);
  };
  for (const byte of last) {
    const place = order.indexOf(byte);
    if (place === 0) {
      run += 1;
      continue;
    }
    endRun();
    symbols.push(place + 1);
    order.unshift(...order.splice(place, 1));
  }
  endRun();
  return [...symbols, alphabet.length + 1];
}

function writeAlphabet(bits: Bits, alphabet: readonly number[]): void {
  const ranges = Array.from({ length: 16 }, (_, range) => alphabet.filter((byte) => byte >> 4 === range));
  for (const range of ranges) bits.write(range.length === 0 ? 0 : 1, 1);
  for (const range of ranges) {
    if (range.length > 0) for (let low = 0; low < 16; low += 1) bits.write(range.some((byte) => (byte & 15) === low) ? 1 : 0, 1);
  }
}

function writeBlock(bits: Bits, bytes: Uint8Array): number {
  const text = withRuns(bytes);
  const { last, origin } = sorted(text);
  const alphabet = [...new Set(last)].sort((a, b) => a - b);
  const sum = sumOf(bytes);
  bits.write(0x314159265359, 48);
  bits.write(sum, 32);
  bits.write(0, 1);
  bits.write(origin, 24);
  writeAlphabet(bits, alphabet);
  const symbols = symbolsOf(last, alphabet);
  const groups = Math.ceil(symbols.length / 50);
  bits.write(2, 3);
  bits.write(groups, 15);
  for (let group = 0; group < groups; group += 1) bits.write(group % 2 === 0 ? 0 : 2, group % 2 === 0 ? 1 : 2);
  const length = Math.max(1, Math.ceil(Math.log2(alphabet.length + 2)));
  for (let table = 0; table < 2; table += 1) {
    bits.write(length, 5);
    for (let symbol = 0; symbol < alphabet.length + 2; symbol += 1) bits.write(0, 1);
  }
  for (const symbol of symbols) bits.write(symbol, length);
  return sum;
}

/** One stream, in blocks of so many bytes. */
export function writeBzip2(bytes: Uint8Array, blockBytes = 1000): Buffer {
  const bits = new Bits();
  let sum = 0;
  bits.write(0x425a6831, 32);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = writeBlock(bits, bytes.subarray(at, at + blockBytes));
    sum = (((sum << 1) | (sum >>> 31)) ^ block) >>> 0;
  }
  bits.write(0x177245385090, 48);
  bits.write(sum, 32);
  bits.align();
  return Buffer.from(bits.bytes);
}
