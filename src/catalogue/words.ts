// Text as both engines index it: words, lower case; Chinese, which writes no spaces, as single characters in a row.
const PIECES = /\p{Script=Han}|[\p{L}\p{N}]+(?=\p{Script=Han})|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;

/** Tokens of a text in order. */
export function tokensOf(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().match(PIECES) ?? [];
}

/** What a reader typed: words apart by spaces, each a row of tokens that must follow one another. */
export function queryWords(query: string): readonly (readonly string[])[] {
  return query
    .split(/\s+/u)
    .map(tokensOf)
    .filter((tokens) => tokens.length > 0);
}
