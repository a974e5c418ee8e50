/** A text in which hardly a pattern goes far. */
const LONG = ".;|\n".repeat(256);

/**
 * A regular expression that is compiled at once, and to machine code. V8 first compiles one to a bytecode, which costs more,
 * and to machine code when it is run a second time; for texts of 1000 characters and more it leaves the bytecode out
 * (`kTierUpForSubjectLengthValue` in its src/objects/js-regexp.h), and keeps to that.
 */
export function compile(source: string, flags: string): RegExp {
  const regex = new RegExp(source, flags);
  regex.test(LONG);
  regex.lastIndex = 0;
  return regex;
}
