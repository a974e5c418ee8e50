// What a pattern finds in a text.

/** What a pattern is about; a pattern's file under rules/patterns names one. */
export type PatternArea = "personal" | "secret" | "copyright" | "reservation" | "spam" | "damage" | "disguise";

export interface Hit {
  /** Id of the pattern: `personal/email`. */
  readonly pattern: string;
  /** Offsets in the text as it was written, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** `checked`: a check digit, a library or a second signal agreed; `shaped`: only the shape did. */
  readonly certainty: "checked" | "shaped";
}

export interface FindContext {
  /** Name of the column or field the text stands in; a hint for context words, never a reason to pass over it. */
  readonly field?: string;
  /** ISO 3166 regions whose national numbers are tried without a country code. */
  readonly regions?: readonly string[];
}

/** Patterns compiled to be run together. */
export interface PatternSet {
  /** Sorted. */
  readonly ids: readonly string[];
  /** Sorted by start, then pattern; hits of one area do not overlap. Linear in the length of `text`. */
  find(text: string, context?: FindContext): readonly Hit[];
  /** UTF-16 units that the longest hit can span in a text as written; a stream holds back no more than this. */
  readonly longest: number;
}
