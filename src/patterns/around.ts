// What stands around a match, looked at only when a rule asks.
import type { FindContext } from "./hit.ts";
import type { ContextWords } from "./rule.ts";

/** UTF-16 units on either side in which digits are counted. */
const DENSITY_UNITS = 40;
/** Share of digits from which on what stands around is a table of numbers and no sentence. */
const DENSE = 0.4;

/** A match and its surroundings, for validators. */
export class Around {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly context: FindContext;
  readonly #words: ContextPattern | null;
  #told: boolean | undefined;

  constructor(text: string, start: number, end: number, context: FindContext, words: ContextPattern | null) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.context = context;
    this.#words = words;
  }

  /** At most so many units before the match. */
  before(units: number): string {
    return this.text.slice(Math.max(0, this.start - units), this.start);
  }

  after(units: number): string {
    return this.text.slice(this.end, this.end + units);
  }

  /** Whether one of the rule's words stands near, or in the name of the field. */
  get isTold(): boolean {
    this.#told ??= this.#words?.isNear(this) ?? false;
    return this.#told;
  }

  /** Whether most of what is around are digits. */
  get isAmongDigits(): boolean {
    const around = this.before(DENSITY_UNITS) + this.after(DENSITY_UNITS);
    return around.length > DENSITY_UNITS / 2 && around.replace(/\D/g, "").length > around.length * DENSE;
  }
}

/** Words of a rule's context as one regular expression. */
export class ContextPattern {
  readonly #pattern: RegExp;
  readonly #before: number;
  readonly #after: number;

  constructor({ words, before, after }: ContextWords) {
    // Words of Latin letters begin where a word begins; they may go on (`phones`), and in Chinese there are no gaps.
    const sources = words.map((word) => (/^[a-z]/iu.test(word) ? `(?:^|[^a-z])${quoted(word)}` : quoted(word)));
    this.#pattern = new RegExp(sources.join("|"), "i");
    this.#before = before;
    this.#after = after;
  }

  isNear(around: Around): boolean {
    const { field } = around.context;
    return (
      this.#pattern.test(around.before(this.#before)) ||
      this.#pattern.test(around.after(this.#after)) ||
      (field !== undefined && this.#pattern.test(field.slice(0, MAX_FIELD).replaceAll("_", " ")))
    );
  }
}

/** Names of fields are hostile too. */
const MAX_FIELD = 200;

function quoted(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll(" ", "[\\s_-]");
}
