// A text in lower case that tells quickly which words stand in it: most words of most rules stand in no sentence.
import { foldText } from "./fold-source.ts";

/** Places of the filter, a power of two: a sentence of 100 letters takes a tenth of them. */
const PLACES = 2048;
/** Place of words too short to have one; always taken. */
const ANY_PLACE = PLACES;

/** Longer texts are taken as they are: the filter grows full, and looking for words is quick enough beside reading them. */
const MAX_SENTENCE_CHARS = 2_000;

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
  readonly #narrow: [original: Narrow | undefined, folded: Narrow | undefined] = [undefined, undefined];

  /** Turns to a text and gives it in lower case; null when that says less of it than the engine's folding does. */
  take(text: string): string | null {
    if (text === this.#original) return this.#folded;
    this.#original = text;
    this.#folded = foldText(text);
    this.#narrow[0] = undefined;
    this.#narrow[1] = undefined;
    if (this.#folded !== null) this.#fill(this.#folded);
    return this.#folded;
  }

  /** The text, or that in lower case, as `narrow` gives it. */
  narrowed(inLowerCase: boolean): Narrow {
    const at = inLowerCase ? 1 : 0;
    const known = this.#narrow[at];
    if (known !== undefined) return known;
    const made = narrow(inLowerCase ? (this.#folded ?? "") : this.#original);
    this.#narrow[at] = made;
    return made;
  }

  #fill(text: string): void {
    const { filter } = this;
    if (text.length > MAX_SENTENCE_CHARS) {
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

/** A text with one byte a character. */
export interface Narrow {
  readonly text: string;
  /** Characters in whose place the text has a sign or a space; null when the text is as it was, wide or not. */
  readonly replaced: string | null;
}

const room = Buffer.alloc(MAX_SENTENCE_CHARS);
/** A sign outside ASCII that is neither letter nor space, and the space outside it. */
const SIGN = 0xa4;
const SPACE = 0xa0;
/** A text with more kinds of wide characters is not one with a few dashes and quotation marks. */
const MAX_REPLACED = 12;

/**
 * The text with one byte a character, so that the engine need not compile a pattern a second time for the few texts with
 * a dash or a quotation mark: what lies beyond one byte becomes a sign or a space, which is the same to a pattern that does
 * not name it. Texts whose characters are not so plain stay as they are.
 */
function narrow(text: string): Narrow {
  if (text.length > MAX_SENTENCE_CHARS) return { text, replaced: null };
  let replaced = "";
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x100) {
      room[at] = unit;
      continue;
    }
    const char = text.charAt(at);
    if (!replaced.includes(char)) replaced += char;
    if (replaced.length > MAX_REPLACED || isUnlike(unit)) return { text, replaced: null };
    room[at] = /\s/u.test(char) ? SPACE : SIGN;
  }
  return { text: room.toString("latin1", 0, text.length), replaced };
}

/** Pairs are one character to a pattern with the `u` flag; line separators end what a dot matches. */
function isUnlike(unit: number): boolean {
  return (unit >= 0xd800 && unit <= 0xdfff) || unit === 0x2028 || unit === 0x2029;
}
