// A regular expression that ignores case, rewritten for text that is in lower case already: compiled without the flag it
// costs a third less, since the engine need not ask for each letter which others are the same.

/** The only characters whose lower case is an ASCII letter without `i` saying so, or takes more room; `ſ` matches `s` under `iu`. */
const ODD_CASE = /[\u0130\u017f\u212a]/u;

/** The text in lower case, place by place; null where that is not what the engine's folding comes to. */
export function foldText(text: string): string | null {
  return ODD_CASE.test(text) ? null : text.toLowerCase();
}

/** Characters outside ASCII that have no case: punctuation, signs, Chinese. */
const CASELESS = String.raw`\u00a9\u2080-\u2089\u2190-\u22ff\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uff20`;
const PUNCTUATION = String.raw`[^\w\s\u{80}-\u{10ffff}]`;
const ESCAPE = String.raw`\\(?:[bBdDsSwWnrt]|${PUNCTUATION})`;
const GROUP = String.raw`\((?:(?!\?)|\?(?:[:=!]|<[=!]|<[a-zA-Z]\w*>))`;
/** Such a dash makes a range; ranges are taken only within one alphabet, so that every letter in them folds like the ends. */
const NO_RANGE = String.raw`(?!-[^\]])`;
const RANGE = String.raw`[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|[\u3400-\u9fff]-[\u3400-\u9fff]`;
const MEMBER = String.raw`\\[dDsSwW]|\\(?:[bnrt]|${PUNCTUATION})${NO_RANGE}|${RANGE}|(?:[^\\\]\u{80}-\u{10ffff}]|[${CASELESS}])${NO_RANGE}`;
const SET = String.raw`\[\^?(?:${MEMBER})*\]`;
const PLAIN = String.raw`[^\\(\[\u{80}-\u{10ffff}]|[${CASELESS}]`;
const FOLDABLE = new RegExp(`^(?:${ESCAPE}|${GROUP}|${SET}|${PLAIN})*$`, "u");

/**
 * The source of a pattern that finds in `foldText(text)` what this one finds in the text regardless of case;
 * null where it holds an escape, a range or a letter whose cases are not plain.
 */
export function foldSource(source: string): string | null {
  return FOLDABLE.test(source) ? lowerSource(source) : null;
}

/** A source that is known to be foldable, in lower case but for escapes and names of groups. */
export function lowerSource(source: string): string {
  return source.replace(/\\.|\(\?<\w+>|[A-Z]/gu, (piece) => (piece.length === 1 ? piece.toLowerCase() : piece));
}
