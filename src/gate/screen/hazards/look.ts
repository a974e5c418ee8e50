// A text as the readings see it, all in one: units that leetspeak makes alike are one, in the text as in the terms that are looked for, and
// runs of spaces are one space. Readings that put characters together which stood apart are others, and made only for texts that have such.
import { CharacterFolder } from "../../../text/characters.ts";
import { fold, Stages } from "../../../text/fold.ts";
import { isLetterBetween, leetLetter } from "../../../text/leet.ts";
import { Run } from "../../../text/run.ts";
import { KIND, kindOf } from "../../../text/scripts.ts";
import { isSpaced } from "../../../text/spaces.ts";
import { MAX_SEPARATORS } from "../../../text/spacing.ts";
import { CHARACTER_STEPS } from "./lexicon.ts";
import { READINGS } from "./readings.ts";

export class Look {
  units = new Uint16Array(256);
  length = 0;
  /** Whether characters of the text stand apart that a reading puts together. */
  standsApart = false;
  /** Whether signs of it stand for letters, which only the reading with leetspeak undone can tell. */
  hasSigns = false;
  /** 1 where a unit is a letter in every reading, and where something was taken out before it. */
  #letters = new Uint8Array(256);
  #gaps = new Uint8Array(256);
  readonly #characters = new CharacterFolder(new Set(CHARACTER_STEPS));
  /** Give back what they hold at the end of each text. */
  readonly #apart = new Stages(READINGS.apart);
  readonly #leet = new Stages(READINGS.leet);
  #text = "";
  readonly #folded = new Run();
  #isFolded = false;
  /** Kinds of all units, or-ed. */
  #all = 0;

  /** Reads a text plainly. */
  read(text: string): void {
    this.#text = text;
    this.#begin(text.length);
    this.#isFolded = false;
    if (!this.#takeAscii(text)) this.#takeFolded();
    const hasHan = (this.#all & HAN) !== 0;
    this.standsApart = hasHan || this.#hasLettersApart();
    // Where readings in brackets are taken out, other signs come to stand between letters.
    this.hasSigns = (this.#all & UNSURE) !== 0 || ((this.#all & BETWEEN) !== 0 && (hasHan || this.#hasSignBetween()));
  }

  /** Reads the same text with what stood apart put together. */
  readApart(): void {
    this.#readStages(this.#apart);
  }

  /** The same, and leetspeak undone. */
  readLeet(): void {
    this.#readStages(this.#leet);
  }

  /** Whether what stands there, both ends included, may be a word as it has to be one, in any of the readings. */
  isWord({ begins, ends }: { readonly begins: boolean; readonly ends: boolean }, from: number, to: number): boolean {
    if (begins && from > 0 && this.#letters[from - 1] === 1 && this.#gaps[from] === 0) return false;
    return !ends || to + 1 >= this.length || this.#letters[to + 1] === 0 || this.#gaps[to + 1] === 1;
  }

  #begin(room: number): void {
    this.length = 0;
    this.#all = 0;
    if (room <= this.units.length) return;
    const size = 2 ** Math.ceil(Math.log2(room));
    this.units = new Uint16Array(size);
    this.#letters = new Uint8Array(size);
    this.#gaps = new Uint8Array(size);
  }

  /** Whether the text was ASCII and is read. */
  #takeAscii(text: string): boolean {
    const { units } = this;
    const letters = this.#letters;
    let all = 0;
    let last = 0;
    let length = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const looked = unit < ASCII ? (ascii[unit] as number) : FOREIGN;
      if (looked >= NOTHING) {
        if (looked === NOTHING) continue;
        return false;
      }
      const kind = looked >> KIND_BITS;
      all |= kind;
      if ((kind & last & SPACED) === 0) {
        units[length] = looked & UNIT;
        letters[length] = kind & LETTER;
        length += 1;
      }
      last = kind;
    }
    this.length = length;
    this.#gaps.fill(0, 0, length);
    this.#all = all;
    return true;
  }

  #takeFolded(): void {
    const { units, length } = this.#fold();
    this.#begin(length);
    let last = 0;
    for (let at = 0; at < length; at += 1) {
      const unit = units[at] as number;
      const kind = kindsOf(unit);
      this.#all |= kind;
      if ((kind & last & SPACED) === 0) this.#add((kind & SPACED) === 0 ? leetLetter(unit) : SPACE, kind & LETTER, 0);
      last = kind;
    }
  }

  #fold(): Run {
    if (!this.#isFolded) {
      this.#folded.clear();
      this.#characters.push(this.#text, 0, this.#folded);
      this.#characters.end(this.#folded);
      this.#isFolded = true;
    }
    return this.#folded;
  }

  #add(unit: number, letter: number, gap: number): void {
    const at = this.length;
    this.units[at] = unit;
    this.#letters[at] = letter;
    this.#gaps[at] = gap;
    this.length = at + 1;
  }

  #readStages(stages: Stages): void {
    const folded = this.#fold();
    this.#begin(folded.length);
    this.#copy(stages.push(folded));
    this.#copy(stages.end());
  }

  #copy({ units, gaps, length }: Run): void {
    for (let at = 0; at < length; at += 1) {
      const unit = units[at] ?? 0;
      this.#add(leetLetter(unit), kindOf(unit) === KIND.word ? 1 : 0, gaps[at] ?? 0);
    }
  }

  /** Whether a sign that can be a letter there stands between letters. */
  #hasSignBetween(): boolean {
    const letters = this.#letters;
    for (let at = 1; at + 1 < this.length; at += 1) {
      if (letters[at - 1] === 1 && letters[at + 1] === 1 && isLetterBetween(this.units[at] as number)) return true;
    }
    return false;
  }

  /** Whether two letters that each stand alone have so few signs between them that a reading may join them; a run of spaces counts as one. */
  #hasLettersApart(): boolean {
    const letters = this.#letters;
    const { length } = this;
    let signs = MAX_SEPARATORS + 1;
    for (let at = 0; at < length; at += 1) {
      if (letters[at] === 0) signs += 1;
      else if (at + 1 < length && letters[at + 1] === 1) {
        at += 1;
        while (at + 1 < length && letters[at + 1] === 1) at += 1;
        signs = MAX_SEPARATORS;
      } else if (signs <= MAX_SEPARATORS) return true;
      else signs = 0;
    }
    return false;
  }
}

const LETTER = 1;
const SPACED = 2;
const HAN = 4;
/** Stands for a letter and is none. */
const UNSURE = 8;
/** Is one between letters. */
const BETWEEN = 16;
const KNOWN = 32;

const kinds = new Uint8Array(0x1_0000);

function kindsOf(unit: number): number {
  const known = kinds[unit];
  if (known !== undefined && known !== 0) return known;
  const kind = kindOf(unit);
  const found =
    KNOWN |
    (kind === KIND.word ? LETTER : 0) |
    (kind === KIND.han ? HAN : 0) |
    (isSpaced(unit) ? SPACED : 0) |
    (kind !== KIND.word && leetLetter(unit) !== unit ? UNSURE : 0) |
    (isLetterBetween(unit) ? BETWEEN : 0);
  kinds[unit] = found;
  return found;
}

const SPACE = 0x20;
const ASCII = 0x80;
/** In `ascii`: the unit folds to nothing, or not to one unit of ASCII. */
const NOTHING = 0x8000;
const FOREIGN = 0x8001;
const KIND_BITS = 8;
const UNIT = 0xff;

/** By unit of ASCII: what it looks like, and its kinds from `KIND_BITS` on. */
const ascii: Uint16Array = Uint16Array.from({ length: ASCII }, (_, unit) => {
  const { text } = fold(String.fromCharCode(unit), CHARACTER_STEPS);
  const folded = text.charCodeAt(0);
  if (text === "") return NOTHING;
  if (text.length > 1 || folded >= ASCII) return FOREIGN;
  const kind = kindsOf(folded);
  return ((kind & SPACED) === 0 ? leetLetter(folded) : SPACE) | (kind << KIND_BITS);
});
