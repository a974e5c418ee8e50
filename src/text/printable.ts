// Bytes that somebody may have written as text: UTF-8 without control characters.

/** Stretches of well-formed UTF-8 without controls, of at least `least` bytes, in order. Linear. */
export function textStretches(bytes: Uint8Array, least: number): string[] {
  const stretches: string[] = [];
  let start = 0;
  let at = 0;
  const cut = (): void => {
    if (at - start >= least) stretches.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("utf8"));
  };
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) {
      cut();
      at += 1;
      start = at;
    } else at += length;
  }
  cut();
  return stretches;
}

/** First byte, and what the second may be: Unicode Standard, table 3-7. Rows are [from, to, least second, greatest second, length]. */
const SHAPES: readonly (readonly [number, number, number, number, 2 | 3 | 4])[] = [
  [0xc2, 0xdf, 0x80, 0xbf, 2],
  [0xe0, 0xe0, 0xa0, 0xbf, 3],
  [0xe1, 0xec, 0x80, 0xbf, 3],
  [0xed, 0xed, 0x80, 0x9f, 3],
  [0xee, 0xef, 0x80, 0xbf, 3],
  [0xf0, 0xf0, 0x90, 0xbf, 4],
  [0xf1, 0xf3, 0x80, 0xbf, 4],
  [0xf4, 0xf4, 0x80, 0x8f, 4],
];

/** Bytes of the character that begins there; 0 when none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return isShown(first) ? 1 : 0;
  const second = bytes[at + 1] ?? 0;
  for (const [from, to, least, greatest, length] of SHAPES) {
    if (first < from || first > to) continue;
    if (second < least || second > greatest) return 0;
    for (let next = 2; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
    return length;
  }
  return 0;
}

/** What is ASCII and no control, or a tab or a line end. */
function isShown(byte: number): boolean {
  return byte < 0x20 ? byte === 0x09 || byte === 0x0a || byte === 0x0d : byte !== 0x7f;
}
