/** Something odd in a file that does not keep it from being read; its sentence is `formats.<id>` in rules/messages. */
export interface FormatProblem {
  /** `<format>.<what>`, e.g. `zip.local-name-differs`. */
  readonly id: string;
  /** Place in the file, in bytes. */
  readonly offset: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** A hostile file could be odd in every entry; more of the same tells the reader nothing. */
const MAX_PROBLEMS = 100;

/** Collects problems up to a bound. */
export class ProblemList {
  readonly list: FormatProblem[] = [];

  add(id: string, offset: number, args: Readonly<Record<string, string | number>> = {}): void {
    if (this.list.length < MAX_PROBLEMS) this.list.push({ id, offset, args });
  }
}
