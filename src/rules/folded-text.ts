// A text in lower case that tells quickly which words stand in it: most words of most rules stand in no sentence.
import { foldText } from "./fold-source.ts";

/** Places of the filter, a power of two: a sentence of 100 letters takes a tenth of them. */
const PLACES = 2048;
/** Place of words too short to have one; always taken. */
const ANY_PLACE = PLACES;

/** The filter grows full with longer texts, and looking for words is quick enough beside reading those. */
const MAX_FILTERED_CHARS = 2_000;

/** Place in the filter that every text holding the word has taken. @param word in lower case */
export function placeOf(word: string): number {
  if (word.length < 2) return ANY_PLACE;
  return place(word.charCodeAt(0), word.charCodeAt(1), word.length < 3 ? 0 : word.charCodeAt(2));
}

function place(first: number, second: number, third: number): number {
  return (first * 31 + second * 1009 + third * 313) & (PLACES - 1);
}

/** One text at a time; the last one is remembered because many rules look at the same one in turn. */
export class FoldedText {
  /** By place: 0 where no word of that place stands in the text. */
  readonly filter: Uint8Array = new Uint8Array(PLACES + 1).fill(1, ANY_PLACE);
  #original = "";
  #folded: string | null = "";

  /** Turns to a text and gives it in lower case; null when that says less of it than the engine's folding does. */
  take(text: string): string | null {
    if (text === this.#original) return this.#folded;
    this.#original = text;
    this.#folded = foldText(text);
    if (this.#folded !== null) this.#fill(this.#folded);
    return this.#folded;
  }

  #fill(text: string): void {
    const { filter } = this;
    if (text.length > MAX_FILTERED_CHARS) {
      filter.fill(1);
      return;
    }
    filter.fill(0, 0, ANY_PLACE);
    let first = text.charCodeAt(0);
    let second = text.charCodeAt(1);
    for (let at = 2; at <= text.length; at += 1) {
      const third = at < text.length ? text.charCodeAt(at) : 0;
      filter[place(first, second, 0)] = 1;
      filter[place(first, second, third)] = 1;
      first = second;
      second = third;
    }
  }
}
