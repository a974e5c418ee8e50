/** What was done to a log, or to a part of it. Sentences: `log.problem.<kind>`. */
export type LogProblemKind =
  /** The entry is not what its hash is over. */
  | "altered"
  /** Only the hash of the entry was changed. */
  | "hash-altered"
  /** The entry does not name the hash of the one before: one of the two was written anew. */
  | "broken-link"
  /** Entries are missing; `missing` says how many. */
  | "removed"
  /** An entry with the number of another. */
  | "inserted"
  /** The same entry a second time. */
  | "duplicated"
  /** The entry is in the log, at another place than its number says. */
  | "reordered"
  | "not-an-entry"
  /** The last line has no end. */
  | "unfinished"
  /** Entries that a checkpoint covers are missing at the end. */
  | "truncated"
  /** A file begins with another entry than its name says. */
  | "misnamed"
  | "stray-file"
  | "no-identity"
  /** The log says it is signed by another key than the one that was named. */
  | "other-key"
  | "not-a-checkpoint"
  | "forged-checkpoint"
  /** The list lacks a checkpoint that was signed, or the file of the latest is gone. */
  | "missing-checkpoint"
  /** A checkpoint that does not follow the one before. */
  | "checkpoint-link"
  /** A checkpoint signed another entry than is there now: the log was written anew between the one before and this one. */
  | "rewritten"
  /** The checkpoint that was kept elsewhere is of another log. */
  | "other-log";

export interface LogProblem {
  readonly kind: LogProblemKind;
  readonly file: string;
  /** From 1; null for a file as a whole. */
  readonly line: number | null;
  /** Number of the entry it is about, where one can be named. */
  readonly seq: number | null;
  /** How many entries are missing, from `seq` on. */
  readonly missing?: number;
}

const MAX_PROBLEMS = 1000;

export class Problems {
  readonly #list: LogProblem[] = [];
  #count = 0;

  add(problem: LogProblem): void {
    this.#count += 1;
    if (this.#list.length < MAX_PROBLEMS) this.#list.push(problem);
  }

  /** Takes back one that turned out to be another. */
  replace(old: LogProblem, better: readonly LogProblem[]): void {
    const at = this.#list.indexOf(old);
    if (at === -1) return;
    this.#list.splice(at, 1, ...better);
    this.#count += better.length - 1;
  }

  get list(): readonly LogProblem[] {
    return this.#list;
  }

  get count(): number {
    return this.#count;
  }
}
