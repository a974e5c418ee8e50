// Patterns of rule data. Compiling a regular expression costs far more than running it over one sentence, and most rules
// meet no sentence that could fit: so each alternative is compiled only when a text holds the words that it cannot do without.
import { FoldedText, placeOf } from "./folded-text.ts";
import { packedPlan, rulesArePacked } from "./load.ts";
import { type Branch, packPlan, unpackPlan, wordsIn } from "./pattern-plan.ts";

/** A regular expression for `test` and `exec` on its own; never global or sticky, so it has no state. */
export class Pattern {
  readonly source: string;
  readonly #flags: string;
  #whole: RegExp | undefined;
  /** Null when the pattern can only be run as a whole. */
  #search: Search | null | undefined;

  /** @throws SyntaxError when `source` is no regular expression; at once when run from source, else when it is first needed */
  constructor(source: string, flags: string) {
    this.source = source;
    this.#flags = flags;
    if (!flags.includes("i")) this.#search = null;
    if (!rulesArePacked) this.#whole = new RegExp(source, flags);
  }

  test(text: string): boolean {
    if (this.#search === undefined) this.#search = searchFor(this.source, this.#flags);
    const folded = this.#search === null ? null : seen.take(text);
    return this.#search === null || folded === null ? this.#compiled().test(text) : this.#search.finds(folded);
  }

  exec(text: string): RegExpExecArray | null {
    return this.#search === null || this.test(text) ? this.#compiled().exec(text) : null;
  }

  #compiled(): RegExp {
    this.#whole ??= compile(this.source, this.#flags);
    return this.#whole;
  }
}

const seen = new FoldedText();

/** Looks for the alternatives of a pattern. The first words of all of them are kept side by side: few are ever found. */
class Search {
  readonly #branches: readonly Branch[];
  readonly #flags: string;
  readonly #words: string[] = [];
  readonly #places: number[] = [];
  /** The alternative that each word belongs to. */
  readonly #owners: number[] = [];
  readonly #compiled: RegExp[] = [];

  constructor(branches: readonly Branch[], flags: string) {
    this.#branches = branches;
    this.#flags = flags;
    for (let owner = 0; owner < branches.length; owner += 1) {
      for (const word of wordsIn(branches[owner]?.groups[0] ?? "")) {
        this.#words.push(word);
        this.#places.push(placeOf(word));
        this.#owners.push(owner);
      }
    }
  }

  /** @param folded the text that `seen` has turned to */
  finds(folded: string): boolean {
    const places = this.#places;
    const { filter } = seen;
    for (let at = 0; at < places.length; at += 1) {
      if (filter[places[at] ?? 0] === 0) continue;
      if (folded.includes(this.#words[at] ?? "") && this.#fits(this.#owners[at] ?? 0, folded)) return true;
    }
    return false;
  }

  #fits(owner: number, folded: string): boolean {
    const { groups, source } = this.#branches[owner] as Branch;
    for (let at = 1; at < groups.length; at += 1) {
      if (!wordsIn(groups[at] ?? "").some((word) => seen.filter[placeOf(word)] !== 0 && folded.includes(word))) return false;
    }
    if (source === null) return true;
    const regex = this.#compiled[owner] ?? compile(source, this.#flags);
    this.#compiled[owner] = regex;
    return regex.test(folded);
  }
}

function searchFor(source: string, flags: string): Search | null {
  const packed = packedPlan(source) ?? packPlan(source);
  return packed === null ? null : new Search(unpackPlan(source, packed), flags.replace("i", ""));
}

/** Rules share alternatives, e.g. negations. */
const compiled = new Map<string, RegExp>();

function compile(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const regex = new RegExp(source, flags);
  compiled.set(key, regex);
  return regex;
}
