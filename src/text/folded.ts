// A text as it reads once disguises are undone, with the place of every character in the text as it was written.

/** What can be undone; each step is one file of this folder. They run in this order, whatever order they are asked in. */
export type FoldStep =
  /** Unicode NFKC, a character at a time. */
  | "compatibility"
  /** Unicode default case folding. */
  | "case"
  /** Zero-width, bidirectional, tag and variation characters, soft hyphens, combining marks piled on letters. */
  | "ignorable"
  /** Characters that look like another (Unicode confusables) become that one. */
  | "confusable"
  /** Traditional Chinese becomes simplified. */
  | "simplified"
  /** Readings in brackets after Han characters, as in 權(quán), go. */
  | "annotation"
  /** Digits and signs that stand for letters inside a word. */
  | "leet"
  /** Separators between single characters, as in b-o-m-b or 敏.感.词, go. */
  | "spacing"
  /** Runs of white space and of the signs that join words become one space. */
  | "spaces";

export interface Folded {
  readonly text: string;
  /** `places[i]`: offset in the original, in UTF-16 units, where unit `i` of `text` comes from; one more at the end, the original's length. Never falls. */
  readonly places: Uint32Array;
}
