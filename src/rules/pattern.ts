// Patterns of rule data. Compiling a regular expression costs far more than running it over one sentence, and most rules
// meet no sentence that could fit: so nothing is compiled before a text holds the words that the pattern cannot do without.
import { compile } from "./compile.ts";
import { packedPlan, rulesArePacked } from "./load.ts";
import { packPlan } from "./pattern-plan.ts";
import { Search } from "./search.ts";

/** A regular expression for `test` and `exec` on its own; never global or sticky, so it has no state. */
export class Pattern {
  readonly source: string;
  readonly flags: string;
  #whole: RegExp | undefined;
  readonly #packed: string | null | undefined;
  /** Null when the pattern can only be run as a whole. */
  #search: Search | null | undefined;

  /**
   * @param packed what `packPlan` made of the source, where that is at hand
   * @throws SyntaxError when `source` is no regular expression; at once when run from source, else when it is first needed
   */
  constructor(source: string, flags: string, packed?: string | null) {
    this.source = source;
    this.flags = flags;
    this.#packed = packed;
    if (!rulesArePacked) this.#whole = new RegExp(source, flags);
  }

  test(text: string): boolean {
    return this.#planned()?.test(text) ?? this.whole().test(text);
  }

  /** Names of groups are missing where their alternative cannot match, instead of undefined. */
  exec(text: string): RegExpExecArray | null {
    const found = this.#planned()?.exec(text);
    return found === undefined ? this.whole().exec(text) : found;
  }

  /** The regular expression itself. */
  protected whole(): RegExp {
    this.#whole ??= compile(this.source, this.flags);
    return this.#whole;
  }

  #planned(): Search | null {
    if (this.#search === undefined) {
      const packed = this.#packed === undefined ? derivedPlan(this.source) : this.#packed;
      this.#search = packed === null ? null : new Search(this.source, this.flags, packed);
    }
    return this.#search;
  }
}

function derivedPlan(source: string): string | null {
  return rulesArePacked ? (packedPlan(source) ?? null) : packPlan(source);
}
