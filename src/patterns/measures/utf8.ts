// Sequences of UTF-8, and how likely it is that somebody wrote what they stand for.

/** A sequence that a text holds as characters of another encoding. */
export interface Sequence {
  readonly point: number;
  /** Bytes, each of which is a character of the text where the encoding has one byte a character. */
  readonly length: number;
}

/**
 * Reads one sequence. @param byteAt the byte at a place, 0 where there is none
 * @returns null where no well-formed sequence of more than one byte begins (RFC 3629); pairs of surrogates, as CESU-8 writes them, are one
 */
export function readSequence(byteAt: (place: number) => number, place: number): Sequence | null {
  const lead = byteAt(place);
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return null;
  let point = lead & (0xff >> (length + 1));
  for (let at = 1; at < length; at += 1) {
    const byte = byteAt(place + at);
    if (byte < 0x80 || byte > 0xbf) return null;
    point = (point << 6) | (byte & 0x3f);
  }
  if (point > 0x10ffff || (length === 3 && point < 0x800) || (length === 4 && point < 0x10000)) return null;
  if (point >= 0xd800 && point <= 0xdbff) {
    const low = readSequence(byteAt, place + 3);
    return low !== null && low.point >= 0xdc00 && low.point <= 0xdfff ? { point: 0x1f600, length: 6 } : null;
  }
  return { point, length };
}

/** Ranges of characters and how much one tells that UTF-8 was meant: 3 is enough alone, 1 needs company. */
const RANGES: readonly (readonly [from: number, to: number, weight: number])[] = [
  [0xa0, 0xbf, 2],
  [0xc0, 0xff, 2],
  [0x100, 0x137, 1],
  [0x139, 0x148, 1],
  [0x14a, 0x17e, 1],
  [0x1a0, 0x1a1, 1],
  [0x1af, 0x1b0, 1],
  [0x218, 0x21b, 1],
  [0x300, 0x345, 1],
  [0x386, 0x3ce, 1],
  [0x401, 0x401, 1],
  [0x410, 0x45f, 1],
  [0x490, 0x491, 1],
  [0x5d0, 0x5ea, 0.7],
  [0x621, 0x652, 0.7],
  [0x900, 0x10ff, 2],
  [0x1200, 0x167f, 2],
  [0x1780, 0x18af, 2],
  [0x1e00, 0x1eff, 2],
  [0x2010, 0x2027, 3],
  [0x202f, 0x203a, 3],
  [0x20ac, 0x20ac, 3],
  [0x2116, 0x2122, 3],
  [0x2190, 0x22ff, 2],
  [0x2500, 0x27bf, 3],
  [0x2800, 0x28ff, 2],
  [0x3000, 0x30ff, 3],
  [0x4e00, 0x9fff, 3],
  [0xac00, 0xd7a3, 3],
  [0xdc00, 0xdfff, 0],
  [0xfb00, 0xfb06, 3],
  [0xfe0f, 0xfe0f, 2],
  [0xff01, 0xffef, 3],
  [0xfffd, 0xfffd, 3],
  [0x1f300, 0x1faff, 3],
];

export function weightOf(point: number): number {
  return RANGES.find(([from, to]) => point >= from && point <= to)?.[2] ?? 0;
}
