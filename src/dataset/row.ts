// What every reader of data gives: rows of named texts, and the places where there should have been one.

/** A text of a row. */
export interface Field {
  /** Column, or JSON Pointer with `*` for places in arrays: `/messages/0/content` is `/messages`, a star, `content`. Empty where the row is one text. */
  readonly name: string;
  readonly text: string;
  /** This text goes on where the last one of the piece before ended. */
  readonly continues?: true;
}

/** A row, or one piece of a row that is too long to be held at once. */
export interface Row {
  /** Counted from 0 in what is read. */
  readonly index: number;
  readonly fields: readonly Field[];
  /** Bytes of this piece in the file, unpacked; an estimate where rows share pages. */
  readonly bytes: number;
  /** More pieces of this row follow. */
  readonly more: boolean;
}

/** What can be wrong with a row; sentences: `data.broken.<code>`. */
export const BROKEN_CODES = [
  "not-json",
  "too-deep",
  "wrong-columns",
  "bad-quotes",
  "invalid-bytes",
  "nul-bytes",
  "long-row",
  "bad-record",
  "bad-batch",
] as const;
export type BrokenCode = (typeof BROKEN_CODES)[number];

export interface RowSink {
  row(row: Row): void;
  /** Something is wrong with the row of this index; called before or after the row itself. */
  broken(index: number, code: BrokenCode): void;
}

/** Rows longer than this come in pieces. In UTF-16 units of text, or bytes before it is one. */
export const PIECE_UNITS = 1024 * 1024;
/** A line up to this is parsed as a whole. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** Names of fields are cut here; a hostile key could fill a report. */
export const MAX_NAME_UNITS = 120;
