// Runs a pattern by its plan: an alternative is compiled only where all its words stand, and without the `i` flag.
import { compile } from "./compile.ts";
import { lowerSource } from "./fold-source.ts";
import { FoldedText, placeOf } from "./folded-text.ts";
import { type Branch, firstWords, runsWhole, unpackPlan, wordsIn } from "./pattern-plan.ts";

const seen = new FoldedText();

/** Looks for the alternatives of a pattern. The first words of all of them are kept side by side: few are ever found. */
export class Search {
  readonly #source: string;
  readonly #flags: string;
  readonly #packed: string;
  readonly #isWhole: boolean;
  readonly #folds: boolean;
  readonly #words: string[] = [];
  readonly #places: number[] = [];
  /** The alternative that each word belongs to. */
  readonly #owners: number[] = [];
  #branches: readonly Branch[] | undefined;
  /** By alternative. */
  readonly #tests: RegExp[] = [];
  /** By source; with indices, so that what was caught can be read from the text as it was written. */
  readonly #execs = new Map<string, RegExp>();

  /** @param packed what `packPlan` made of the source */
  constructor(source: string, flags: string, packed: string) {
    this.#source = source;
    this.#folds = flags.includes("i");
    this.#flags = flags.replace("i", "");
    this.#packed = packed;
    this.#isWhole = runsWhole(packed);
    firstWords(packed, (word, owner) => {
      this.#words.push(word);
      this.#places.push(placeOf(word));
      this.#owners.push(owner);
    });
  }

  /** As a regular expression's `test`; null when the pattern must be run as a whole to tell. */
  test(text: string): boolean | null {
    const folded = seen.take(text);
    if (folded === null) return null;
    for (let at = this.#next(folded, 0); at !== -1; at = this.#next(folded, at + 1)) {
      if (this.#isWhole) return null;
      if (this.#fits(this.#owners[at] ?? 0, text, folded)) return true;
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
    return this.#isWhole ? undefined : this.#find(owners, text, folded);
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
    const groups = this.#all()[owner]?.groups ?? [];
    for (let at = 1; at < groups.length; at += 1) {
      if (!wordsIn(groups[at] ?? "").some((word) => seen.filter[placeOf(word)] !== 0 && folded.includes(word))) return false;
    }
    return true;
  }

  #all(): readonly Branch[] {
    this.#branches ??= unpackPlan(this.#folds && !this.#isWhole ? lowerSource(this.#source) : this.#source, this.#packed);
    return this.#branches;
  }

  #fits(owner: number, text: string, folded: string): boolean {
    const branch = this.#all()[owner];
    if (branch === undefined) return false;
    if (this.#folds && branch.isWord) return true;
    const regex = this.#tests[owner] ?? compile(branch.source, this.#flags);
    this.#tests[owner] = regex;
    return regex.test(this.#textFor(branch.source, text, folded));
  }

  #find(owners: readonly number[], text: string, folded: string): RegExpExecArray | null {
    // Groups without a name keep their numbers only where no alternative is left out.
    const counts = /\((?!\?)/u.test(this.#source.replace(/\\./gu, ""));
    const source = this.#all()
      .filter((_branch, at) => counts || owners.includes(at))
      .map((branch) => branch.source)
      .join("|");
    const regex = this.#execs.get(source) ?? compile(source, `${this.#flags}d`);
    this.#execs.set(source, regex);
    const found = regex.exec(this.#textFor(source, text, folded));
    return found === null ? null : asWritten(found, text);
  }

  #textFor(source: string, text: string, folded: string): string {
    const { text: narrowText, replaced } = seen.narrowed(this.#folds);
    if (replaced !== null && mayReplace(source, replaced)) return narrowText;
    return this.#folds ? folded : text;
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
