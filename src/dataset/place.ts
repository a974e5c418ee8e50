// Where a row is. Parts of a file are read by themselves and do not know how many rows come before; the merge does.

/** A row of a segment: a stretch of a file that is read as one. */
export interface Place {
  readonly file: string;
  /** Where the segment begins: a byte, or a row group. */
  readonly segment: number;
  /** Counted from 0 in the segment. */
  readonly index: number;
}

/** Order of places in a file and between files. */
export function placeBefore(a: Place, b: Place): boolean {
  if (a.file !== b.file) return a.file < b.file;
  return a.segment === b.segment ? a.index < b.index : a.segment < b.segment;
}

/** What was read of a file in one go. */
export interface Segment {
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly rows: number;
}

/** Row of a place, counted from 1, where everything before it was read; else null. */
export function rowNumber({ segment, index }: Place, segments: readonly Segment[]): number | null {
  let before = 0;
  let at = 0;
  for (const { start, end, rows } of segments) {
    if (start === segment) return at === start ? before + index + 1 : null;
    if (start !== at) return null;
    before += rows;
    at = end;
  }
  return null;
}
