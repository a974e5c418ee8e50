// One LZ4 block (github.com/lz4/lz4, doc/lz4_Block_format.md): literals, and copies of what came before.
import { AjarError } from "../core/errors.ts";

/**
 * Unpacks a block into `out` from `start` on; copies may reach back to the beginning of `out`. Gives the place after the last byte.
 * @throws AjarError INCONSISTENT
 */
export function unpackLz4Block(packed: Uint8Array, out: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  const lengthAfter = (base: number): number => {
    if (base < 15) return base;
    let length = base;
    for (;;) {
      const byte = packed[from];
      if (byte === undefined) throw damaged();
      from += 1;
      length += byte;
      if (byte !== 255) return length;
    }
  };
  while (from < packed.length) {
    const token = packed[from] ?? 0;
    from += 1;
    const literals = lengthAfter(token >> 4);
    if (literals > packed.length - from || literals > out.length - to) throw damaged();
    out.set(packed.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence is literals alone.
    if (from === packed.length) return to;
    if (packed.length - from < 2) throw damaged();
    const distance = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8);
    from += 2;
    const length = lengthAfter(token & 15) + 4;
    if (distance === 0 || distance > to || length > out.length - to) throw damaged();
    copyWithin(out, to, distance, length);
    to += length;
  }
  throw damaged();
}

/** A copy may overlap what it makes: it repeats. */
function copyWithin(out: Uint8Array, to: number, distance: number, length: number): void {
  if (distance >= length) {
    out.copyWithin(to, to - distance, to - distance + length);
    return;
  }
  for (let at = to; at < to + length; at += 1) out[at] = out[at - distance] ?? 0;
}

function damaged(): AjarError {
  return new AjarError("INCONSISTENT", "an LZ4 block is damaged");
}
