// How to look for a pattern without compiling it: its alternatives, each with the words that none of its matches does without.
// Read from the patterns when the rules are packed, and kept as one short text a pattern: most are never asked for.
import { foldSource, lowerSource } from "./fold-source.ts";
import { type Alternative, alternativesOf } from "./literals.ts";

/** One alternative of a pattern, for text in lower case. */
export interface Branch {
  /** Groups of words, see `wordsIn`: of each group one word stands in every match. */
  readonly groups: readonly string[];
  /** Regular expression without the `i` flag; null when it is one word and nothing else. */
  readonly source: string | null;
}

// Characters that no word of a pattern holds: words are printable.
const BRANCHES = "\n";
const GROUPS = "\t";
const WORDS = "\r";
/** Stands after the length of an alternative that is one word and nothing else. */
const WORD = "=";

/** Plan of a pattern that ignores case, as text; null when its source holds something that is not understood. */
export function packPlan(source: string): string | null {
  const folded = foldSource(source);
  const alternatives = folded === null ? null : alternativesOf(folded);
  return alternatives?.map(packBranch).join(BRANCHES) ?? null;
}

function packBranch({ source, needs, isWord }: Alternative): string {
  return [`${source.length}${isWord ? WORD : ""}`, ...needs.map((words) => words.join(WORDS))].join(GROUPS);
}

/** What matches a pattern matches, in lower case, one of these. @param packed what `packPlan` made of the source */
export function unpackPlan(source: string, packed: string): readonly Branch[] {
  const folded = lowerSource(source);
  let start = 0;
  return packed.split(BRANCHES).map((line) => {
    const [length = "", ...groups] = line.split(GROUPS);
    const end = start + Number.parseInt(length, 10);
    const branch = { groups, source: length.endsWith(WORD) ? null : folded.slice(start, end) };
    start = end + 1;
    return branch;
  });
}

/** Words of one group of a branch. */
export function wordsIn(group: string): readonly string[] {
  return group.split(WORDS);
}
