// Runs a pattern by its plan: an alternative is compiled only where all its words stand, and without the `i` flag.
import { lowerSource } from "./fold-source.ts";
import { FoldedText, placeOf } from "./folded-text.ts";
import { type Branch, runsWhole, unpackPlan, wordsIn } from "./pattern-plan.ts";

const seen = new FoldedText();

/** Looks for the alternatives of a pattern. The first words of all of them are kept side by side: few are ever found. */
export class Search {
  readonly #branches: readonly Branch[];
  readonly #isWhole: boolean;
  readonly #folds: boolean;
  /** With indices, so that what was caught can be read from the text as it was written. */
  readonly #flags: string;
  /** Alternatives keep their numbers of groups only all together. */
  readonly #counts: boolean;
  readonly #words: string[] = [];
  readonly #places: number[] = [];
  /** The alternative that each word belongs to. */
  readonly #owners: number[] = [];
  readonly #compiled = new Map<string, RegExp>();

  /** @param packed what `packPlan` made of the source */
  constructor(source: string, flags: string, packed: string) {
    this.#isWhole = runsWhole(packed);
    this.#folds = flags.includes("i");
    this.#flags = `${flags.replace("i", "")}d`;
    this.#counts = /\((?!\?)/u.test(source.replace(/\\./gu, ""));
    this.#branches = unpackPlan(this.#folds && !this.#isWhole ? lowerSource(source) : source, packed);
    for (let owner = 0; owner < this.#branches.length; owner += 1) {
      for (const word of wordsIn(this.#branches[owner]?.groups[0] ?? "")) {
        this.#words.push(word);
        this.#places.push(placeOf(word));
        this.#owners.push(owner);
      }
    }
  }

  /** As a regular expression's `test`; null when the pattern must be run as a whole to tell. */
  test(text: string): boolean | null {
    const folded = seen.take(text);
    if (folded === null) return null;
    for (let at = this.#next(folded, 0); at !== -1; at = this.#next(folded, at + 1)) {
      if (this.#isWhole) return null;
      const owner = this.#owners[at] ?? 0;
      if (this.#folds && this.#branches[owner]?.isWord === true) return true;
      if (this.#run([owner], text, folded) !== null) return true;
    }
    return false;
  }

  /** As a regular expression's `exec`, without the names of groups in alternatives whose words are missing; undefined as null above. */
  exec(text: string): RegExpExecArray | null | undefined {
    const folded = seen.take(text);
    if (folded === null) return undefined;
    const owners: number[] = [];
    for (let at = this.#next(folded, 0); at !== -1; at = this.#next(folded, at + 1)) {
      const owner = this.#owners[at] ?? 0;
      if (owners.at(-1) !== owner) owners.push(owner);
    }
    if (owners.length === 0) return null;
    if (this.#isWhole) return undefined;
    const found = this.#run(this.#counts ? [...this.#branches.keys()] : owners, text, folded);
    return found === null ? null : asWritten(found, text);
  }

  /** Place of the next word, from `from` on, that stands with all that its alternative needs; -1 when there is none. */
  #next(folded: string, from: number): number {
    const places = this.#places;
    const { filter } = seen;
    for (let at = from; at < places.length; at += 1) {
      if (filter[places[at] ?? 0] === 0) continue;
      if (folded.includes(this.#words[at] ?? "") && this.#stands(this.#owners[at] ?? 0, folded)) return at;
    }
    return -1;
  }

  #stands(owner: number, folded: string): boolean {
    const groups = this.#branches[owner]?.groups ?? [];
    for (let at = 1; at < groups.length; at += 1) {
      if (!wordsIn(groups[at] ?? "").some((word) => seen.filter[placeOf(word)] !== 0 && folded.includes(word))) return false;
    }
    return true;
  }

  #run(owners: readonly number[], text: string, folded: string): RegExpExecArray | null {
    const source = owners.map((owner) => this.#branches[owner]?.source ?? "").join("|");
    const known = this.#compiled.get(source);
    const regex = known ?? new RegExp(source, this.#flags);
    if (known === undefined) this.#compiled.set(source, regex);
    const { text: narrowText, replaced } = seen.narrowed(this.#folds);
    if (replaced !== null && mayReplace(source, replaced)) return regex.exec(narrowText);
    return regex.exec(this.#folds ? folded : text);
  }
}

/** Whether a pattern says nothing of the characters, nor of those that stand for them. */
function mayReplace(source: string, chars: string): boolean {
  if (chars === "" || IS_ASCII.test(source)) return true;
  if (HAS_WIDE_RANGE.test(source)) return false;
  for (const char of chars) {
    if (source.includes(char)) return false;
  }
  return true;
}

const IS_ASCII = /^[\0-\x7f]*$/u;
/** A range outside ASCII, or what stands for a wide character. */
const HAS_WIDE_RANGE = /[^\0-\x7f]-|[\xa0\xa4]/u;

/** A match in lower case, with the texts it caught as they stand in the original. */
function asWritten(found: RegExpExecArray, text: string): RegExpExecArray {
  const { indices, groups } = found;
  const written = (place: [number, number] | undefined): string => (place === undefined ? "" : text.slice(...place));
  found.forEach((caught, at) => {
    if (caught !== undefined) found[at] = written(indices?.[at]);
  });
  for (const [name, caught] of Object.entries(groups ?? {})) {
    if (groups !== undefined && caught !== undefined) groups[name] = written(indices?.groups?.[name]);
  }
  found.input = text;
  return found;
}
