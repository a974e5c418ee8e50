// Runs patterns over texts that may come in pieces: a hit across two pieces is found once and whole.
import type { Hit, PatternSet } from "../patterns/hit.ts";
import type { Field } from "./row.ts";

export interface MatchedText {
  readonly text: string;
  /** Offset of `text` in its field. */
  readonly base: number;
  readonly index: number;
  readonly field: string;
  /** Offsets in `text`. */
  readonly hits: readonly Hit[];
}

interface Held {
  readonly text: string;
  readonly base: number;
  /** Hits that begin before were told already. */
  readonly from: number;
  readonly index: number;
  readonly field: string;
}

export class FieldMatcher {
  readonly #patterns: PatternSet;
  readonly #tell: (matched: MatchedText) => void;
  #held: Held | null = null;

  constructor(patterns: PatternSet, tell: (matched: MatchedText) => void) {
    this.#patterns = patterns;
    this.#tell = tell;
  }

  push({ name, text, continues }: Field, { index, mayGoOn }: { readonly index: number; readonly mayGoOn: boolean }): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null && continues === true) {
      this.#match({ text: held.text + text, base: held.base, from: held.from, index, field: name }, mayGoOn);
      return;
    }
    if (held !== null) this.#match(held, false);
    this.#match({ text, base: 0, from: 0, index, field: name }, mayGoOn);
  }

  /** The row ended. */
  end(): void {
    if (this.#held !== null) this.#match(this.#held, false);
    this.#held = null;
  }

  #match(held: Held, mayGoOn: boolean): void {
    const { text, base, from, index, field } = held;
    // A hit that ends at the cut may go on behind it; context words may stand as far before one.
    const reach = mayGoOn ? Math.min(text.length, this.#patterns.longest) : 0;
    const until = text.length - reach;
    if (mayGoOn) {
      const keep = Math.max(0, until - this.#patterns.longest);
      this.#held = { text: text.slice(keep), base: base + keep, from: until - keep, index, field };
      if (until <= from) {
        this.#held = held;
        return;
      }
    }
    const hits = this.#patterns.find(text, { field });
    const told = from === 0 && !mayGoOn ? hits : hits.filter(({ start }) => start >= from && (start < until || !mayGoOn));
    this.#tell({ text, base, index, field, hits: told });
  }
}
