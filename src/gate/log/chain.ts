// Follows the entries of a log one by one.
import type { Checkpoint } from "./checkpoint.ts";
import { type Entry, type Link, type ReadLine, readLine } from "./entry.ts";
import type { FileLine } from "./lines.ts";
import type { LogProblem, LogProblemKind, Problems } from "./problems.ts";

/** A checkpoint with the place that it stands at. */
export interface Anchor {
  readonly checkpoint: Checkpoint;
  readonly file: string;
  readonly line: number | null;
}

/** Gives checkpoints in order, null after the last. */
type NextAnchor = () => Promise<Anchor | null>;

/** Entries with a number that was passed over already: which of the missing they are is looked up in so many gaps. */
const MAX_GAPS = 1000;

export class Chain {
  readonly #problems: Problems;
  readonly #nextAnchor: NextAnchor;
  /** Null while nothing says what the first entry follows. */
  #last: Link | null;
  /** Hash of the last entry by its content, where it says another one itself. */
  #lastComputed: string | null = null;
  #lastAltered: LogProblem | null = null;
  /** Numbers that were passed over, with the problem that says so. */
  readonly #gaps: { first: number; last: number; problem: LogProblem }[] = [];
  #anchor: Anchor | null | undefined = undefined;
  #isRewritten = false;
  #current: Entry | null = null;
  #file = "";
  #named: number | null = null;
  #lineNumber = 0;
  #first: number | null = null;
  entries = 0;
  bytes = 0;

  constructor(start: Link | null, problems: Problems, nextAnchor: NextAnchor) {
    this.#last = start;
    this.#problems = problems;
    this.#nextAnchor = nextAnchor;
  }

  get range(): { readonly first: number; readonly last: number } | null {
    return this.#first === null || this.#last === null ? null : { first: this.#first, last: this.#last.seq };
  }

  get head(): string | null {
    return this.#first === null ? null : (this.#last?.hash ?? null);
  }

  begin(file: string, named: number | null): void {
    this.#file = file;
    this.#named = named;
    this.#lineNumber = 0;
  }

  line({ bytes, number, ended, tooLong }: FileLine): void {
    this.#lineNumber = number;
    this.bytes += bytes.byteLength + (ended ? 1 : 0);
    if (!ended) {
      this.#report("unfinished", null);
      return;
    }
    const read = tooLong ? null : readLine(bytes);
    if (read === null) {
      this.#report("not-an-entry", null);
      return;
    }
    this.entries += 1;
    if (this.#named !== null && read.entry.seq !== this.#named) this.#report("misnamed", read.entry.seq);
    this.#named = null;
    this.#current = read.entry;
    this.#follow(read);
  }

  /** Whether a checkpoint has to be compared before the next line. */
  get wantsAnchor(): boolean {
    if (this.#current === null || this.#anchor === null) return false;
    return this.#anchor === undefined || this.#anchor.checkpoint.seq <= this.#current.seq;
  }

  async compare(): Promise<void> {
    if (this.#anchor !== undefined && this.#anchor !== null) {
      const { checkpoint, file, line } = this.#anchor;
      const isOther = checkpoint.seq === this.#current?.seq && checkpoint.head !== this.#current.hash;
      // All after the first one fail for the same deed.
      if (isOther && !this.#isRewritten) this.#problems.add({ kind: "rewritten", file, line, seq: checkpoint.seq });
      this.#isRewritten = isOther;
    }
    this.#anchor = await this.#nextAnchor();
  }

  /** The end of the last file: what a checkpoint covers has to have been there. */
  async end(): Promise<void> {
    const last = this.#last?.seq ?? 0;
    let beyond: Anchor | null = null;
    if (this.#anchor === undefined) this.#anchor = await this.#nextAnchor();
    for (; this.#anchor !== null; this.#anchor = await this.#nextAnchor()) {
      if (this.#anchor.checkpoint.seq > (beyond?.checkpoint.seq ?? last)) beyond = this.#anchor;
    }
    if (beyond === null) return;
    const { checkpoint, file, line } = beyond;
    this.#problems.add({ kind: "truncated", file, line, seq: last + 1, missing: checkpoint.seq - last });
  }

  #follow(read: ReadLine): void {
    const { seq, prev, hash } = read.entry;
    const last = this.#last;
    if (read.computed !== hash) {
      // Its number may be what was altered: it is taken to stand where it should.
      const place = last === null ? seq : last.seq + 1;
      this.#advance({ seq: place, hash }, read.computed, this.#report("altered", place));
      return;
    }
    if (last !== null && seq <= last.seq) {
      this.#outOfPlace(read.entry, last);
      return;
    }
    if (last !== null && seq > last.seq + 1) this.#gap(last.seq + 1, seq - 1);
    else if (last !== null && prev !== last.hash) this.#brokenLink(prev, seq);
    this.#advance({ seq, hash }, read.computed, null);
  }

  #advance(link: Link, computed: string, altered: LogProblem | null): void {
    this.#first ??= link.seq;
    this.#last = link;
    this.#lastComputed = computed;
    this.#lastAltered = altered;
  }

  /** An entry that still names the content of the one before shows that only the hash of that one was changed. */
  #brokenLink(prev: string, seq: number): void {
    if (this.#lastAltered !== null && prev === this.#lastComputed) {
      this.#problems.replace(this.#lastAltered, [{ ...this.#lastAltered, kind: "hash-altered" }]);
    } else {
      this.#report("broken-link", seq);
    }
  }

  #gap(first: number, last: number): void {
    const problem = this.#report("removed", first, last - first + 1);
    if (this.#gaps.length < MAX_GAPS) this.#gaps.push({ first, last, problem });
  }

  #outOfPlace({ seq, hash }: Entry, last: Link): void {
    const at = this.#gaps.findIndex((gap) => gap.first <= seq && seq <= gap.last);
    const gap = this.#gaps[at];
    if (gap === undefined) {
      this.#report(seq === last.seq && hash === last.hash ? "duplicated" : "inserted", seq);
      return;
    }
    const { file, line } = gap.problem;
    const parts = [
      { first: gap.first, last: seq - 1 },
      { first: seq + 1, last: gap.last },
    ].filter((part) => part.first <= part.last);
    const rest = parts.map((part) => {
      const problem: LogProblem = { kind: "removed", file, line, seq: part.first, missing: part.last - part.first + 1 };
      return { ...part, problem };
    });
    this.#problems.replace(
      gap.problem,
      rest.map(({ problem }) => problem),
    );
    this.#gaps.splice(at, 1, ...rest);
    this.#report("reordered", seq);
  }

  #report(kind: LogProblemKind, seq: number | null, missing?: number): LogProblem {
    const problem: LogProblem = { kind, file: this.#file, line: this.#lineNumber, seq, ...(missing === undefined ? {} : { missing }) };
    this.#problems.add(problem);
    return problem;
  }
}
