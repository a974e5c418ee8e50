// How to look for a pattern without compiling it: its alternatives, each with the words that none of its matches does without.
// Read from the patterns when the rules are packed, and kept as one short text a pattern: most are never asked for.
import { foldSource } from "./fold-source.ts";
import { type Alternative, alternativesOf } from "./literals.ts";

/** One alternative of a pattern. */
export interface Branch {
  /** Groups of words in lower case, see `wordsIn`: of each group one word stands in every match. */
  readonly groups: readonly string[];
  /** Its part of the pattern's source. */
  readonly source: string;
  /** It is the one word and nothing else. */
  readonly isWord: boolean;
}

// Characters that no word of a pattern holds: words are printable.
const BRANCHES = "\n";
const GROUPS = "\t";
const WORDS = "\r";
/** Stands after the length of an alternative that is one word and nothing else. */
const WORD = "=";
/** Stands before a plan whose pattern can only be run as a whole, as it is written. */
const WHOLE = "~";

/** Plan of a pattern, as text; null when its source holds something that is not understood. */
export function packPlan(source: string): string | null {
  const folded = foldSource(source);
  const alternatives = alternativesOf(folded ?? source);
  return alternatives === null ? null : `${folded === null ? WHOLE : ""}${alternatives.map(packBranch).join(BRANCHES)}`;
}

/** Whether the alternatives of a plan must not be run on their own nor in lower case, only looked for by their words. */
export function runsWhole(packed: string): boolean {
  return packed.startsWith(WHOLE);
}

function packBranch({ source, needs, isWord }: Alternative): string {
  return [`${source.length}${isWord ? WORD : ""}`, ...needs.map((words) => words.join(WORDS))].join(GROUPS);
}

/** The alternatives of a pattern. @param source as in `packPlan`, or that in lower case @param packed what `packPlan` made of it */
export function unpackPlan(source: string, packed: string): readonly Branch[] {
  let start = 0;
  return packed
    .slice(runsWhole(packed) ? WHOLE.length : 0)
    .split(BRANCHES)
    .map((line) => {
      const [length = "", ...groups] = line.split(GROUPS);
      const end = start + Number.parseInt(length, 10);
      const branch = { groups, source: source.slice(start, end), isWord: length.endsWith(WORD) };
      start = end + 1;
      return branch;
    });
}

/** Tells each word of every alternative's first group, or an empty word for one that has none. */
export function firstWords(packed: string, tell: (word: string, owner: number) => void): void {
  packed.split(BRANCHES).forEach((line, owner) => {
    const [, first = ""] = line.split(GROUPS, 2);
    for (const word of wordsIn(first)) tell(word, owner);
  });
}

/** Words of one group of a branch. */
export function wordsIn(group: string): readonly string[] {
  return group.split(WORDS);
}
