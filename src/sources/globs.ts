// Glob patterns over entry paths, which others chose. `path.matchesGlob` compiles to a regular expression that takes
// seconds for `*a*a*a*b` against a few hundred characters; this takes at most the product of the two lengths. It also
// minds neither the platform's case rules nor a leading dot, so that the same patterns choose the same files everywhere.
import { AjarError } from "../core/errors.ts";

/** Longer than any path that a person writes down. */
const MAX_PATTERN_CHARACTERS = 256;
/** Each path is held against each pattern. */
const MAX_PATTERNS = 64;
/** Their meaning differs from tool to tool; taking them literally would leave out nothing without a word. */
const UNKNOWN_SYNTAX = /[{}[\]\\]|^!|[?*+@!]\(/u;

export type PathTest = (path: string) => boolean;

/**
 * A test for paths that any pattern matches. `*` and `?` stay within a segment, `**` is any number of segments, a trailing
 * `/` means all below. Case counts.
 * @throws AjarError BAD_OPTION for a pattern that no path could match or that uses other syntax
 */
export function matchesAny(patterns: readonly string[], option: string): PathTest {
  if (patterns.length > MAX_PATTERNS) throw bad(option, `${patterns.length} patterns are over the limit of ${MAX_PATTERNS}`);
  const compiled = patterns.map((pattern) => compile(pattern, option));
  return (path) => {
    const segments = path.split("/").map((segment) => Array.from(segment));
    return compiled.some((pattern) => matchesRuns(pattern, segments, isAnySegments, matchesSegment));
  };
}

type Segment = readonly string[];

function compile(pattern: string, option: string): readonly Segment[] {
  const problem = problemOf(pattern);
  if (problem !== null) throw bad(option, `"${pattern.slice(0, MAX_PATTERN_CHARACTERS)}": ${problem}`);
  const segments = pattern.replace(/^(?:\.\/)+/u, "").split("/");
  if (segments.at(-1) === "") segments[segments.length - 1] = "**";
  // `a/**` is what lies below a, not a file called a.
  if (segments.at(-1) === "**") segments.push("*");
  return segments.map((segment) => Array.from(segment));
}

function problemOf(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_CHARACTERS) return `longer than ${MAX_PATTERN_CHARACTERS} characters`;
  if (UNKNOWN_SYNTAX.test(pattern)) return "only *, ** and ? are known; ? also stands for a bracket in a name";
  const segments = pattern
    .replace(/^(?:\.\/)+/u, "")
    .replace(/\/$/u, "")
    .split("/");
  return segments.some((segment) => segment === "" || segment === "." || segment === "..") ? "is not a path within the target" : null;
}

function bad(option: string, message: string): AjarError {
  return new AjarError("BAD_OPTION", message, {
    subject: option,
    hint: "Write a pattern such as docs/** or **/*.md; repeat the option for more.",
  });
}

function isAnySegments(segment: Segment): boolean {
  return segment.length === 2 && segment[0] === "*" && segment[1] === "*";
}

function matchesSegment(pattern: Segment, text: Segment): boolean {
  return matchesRuns(
    pattern,
    text,
    (character) => character === "*",
    (wanted, character) => wanted === "?" || wanted === character,
  );
}

/**
 * Whether a pattern, in which some items stand for any run, covers a whole text. Only the last run seen is ever stretched:
 * what an earlier one could take more of, the last can take as well.
 */
function matchesRuns<P, T>(
  pattern: readonly P[],
  text: readonly T[],
  isRun: (item: P) => boolean,
  fits: (item: P, part: T) => boolean,
): boolean {
  let at = 0;
  let afterRun = -1;
  let runEnd = 0;
  for (let read = 0; read < text.length; ) {
    const item = pattern[at];
    const part = text[read];
    if (item !== undefined && isRun(item)) {
      at += 1;
      afterRun = at;
      runEnd = read;
    } else if (item !== undefined && part !== undefined && fits(item, part)) {
      at += 1;
      read += 1;
    } else if (afterRun !== -1) {
      at = afterRun;
      runEnd += 1;
      read = runEnd;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isRun);
}
