// Letters of two alphabets in one word, and characters that are there to be missed.

import { type Sign, units } from "../signs.ts";
import { SWAPPED_SIGNS, swappedCyrillic } from "./cyrillic.ts";
import { limitOf, type Measure } from "./measure.ts";

/** Cyrillic and Greek letters that look like Latin ones (Unicode, confusables.txt). */
const LOOKALIKE = "АВЕКМНОРСТУХаеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν";
const MIXED = new RegExp(`[A-Za-z${LOOKALIKE}]{3,60}`, "g");
const LATIN = /[A-Za-z]/;
const OTHER = new RegExp(`[${LOOKALIKE}]`);

const LATIN_UNITS = units("A-Za-z");
const OTHER_UNITS = units(LOOKALIKE);

/** A word of at least three letters, Latin and lookalikes and nothing else. */
export const homoglyphs: Measure = {
  texts: "wide",
  signs: [
    { first: LATIN_UNITS, second: OTHER_UNITS },
    { first: OTHER_UNITS, second: LATIN_UNITS },
  ],
  find(text, _rule, tell) {
    if (!OTHER.test(text)) return;
    MIXED.lastIndex = 0;
    for (let found = MIXED.exec(text); found !== null; found = MIXED.exec(text)) {
      const [word] = found;
      if (!LATIN.test(word) || !OTHER.test(word) || isPartOfWord(text, found.index, found.index + word.length)) continue;
      tell(found.index, found.index + word.length, "checked");
    }
  },
};

const LETTER = /\p{L}/u;

function isPartOfWord(text: string, start: number, end: number): boolean {
  return LETTER.test(text.charAt(start - 1)) || LETTER.test(text.charAt(end));
}

const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/;
const HIDDEN = /([A-Za-z\u3400-\u9fff])[\u00ad\u200b\u2060\ufeff]{1,20}(?=[A-Za-z\u3400-\u9fff])/g;

/** Characters without width inside words, more often than a hyphenation does it; soft hyphens count only beside Han. */
export const zeroWidth: Measure = {
  texts: "wide",
  signs: [{ first: units("A-Za-z<han>"), second: units("\u00ad\u200b\u2060\ufeff") }],
  find(text, { limits }, tell) {
    if (!INVISIBLE.test(text)) return;
    const places: number[] = [];
    HIDDEN.lastIndex = 0;
    for (let found = HIDDEN.exec(text); found !== null; found = HIDDEN.exec(text)) {
      const isHyphen = text.charCodeAt(found.index + 1) === 0xad && LATIN.test(found[1] ?? "");
      if (!isHyphen) places.push(found.index + 1);
    }
    if (places.length < limitOf(limits, "least")) return;
    for (const place of places) tell(place, place + 1, "checked");
  },
};

const BIDI = /[\u202a\u202b\u202d\u202e\u2066-\u2068][^\n]{0,80}/g;

/** Characters that turn the order of others: what is read is not what stands there (CVE-2021-42574). */
export const bidiControls: Measure = {
  texts: "wide",
  signs: [{ first: null, second: units("\u202a\u202b\u202d\u202e\u2066-\u2068") }],
  find(text, _rule, tell) {
    BIDI.lastIndex = 0;
    for (let found = BIDI.exec(text); found !== null; found = BIDI.exec(text)) {
      const isForced = /[\u202d\u202e]/.test(found[0]);
      // Embeddings are usual among Hebrew and Arabic.
      if (isForced || !/[\u0590-\u08ff]/.test(found[0])) tell(found.index, found.index + 1, isForced ? "checked" : "shaped");
    }
  },
};

const PRIVATE = /[\ue000-\uf8ff]{1,80}/g;

/** Characters that mean what one font says: numbers hidden from readers, icons, signs lost in conversion. */
export const privateUse: Measure = {
  texts: "wide",
  signs: [{ first: null, second: units("\ue000-\uf8ff") }],
  find(text, _rule, tell) {
    PRIVATE.lastIndex = 0;
    for (let found = PRIVATE.exec(text); found !== null; found = PRIVATE.exec(text))
      tell(found.index, found.index + found[0].length, "checked");
  },
};

const SPLIT = /[\u3400-\u9fff](?:([.*_/\\~^+·•-])[\u3400-\u9fff])(?:\1[\u3400-\u9fff]){1,20}/g;

/** Single characters set apart by the same sign, three and more of them: 敏.感.词. */
export const splitCharacters: Measure = {
  texts: "wide",
  signs: [{ first: units("<han>"), second: units(".*_/\\\\~^+·•\\-") }],
  find(text, _rule, tell) {
    SPLIT.lastIndex = 0;
    for (let found = SPLIT.exec(text); found !== null; found = SPLIT.exec(text)) {
      const end = found.index + found[0].length;
      if (!/[\u3400-\u9fff]/.test(text.charAt(found.index - 1) + text.charAt(end))) tell(found.index, end, "shaped");
    }
  },
};

const HIGH = /[\u00a1-\u00ff]{6,200}/g;
const HIGH_UNITS = units("\u00a1-\u00ff");
const HIGH_PAIR: Sign = { first: HIGH_UNITS, second: HIGH_UNITS };
const LEAST_KINDS = 4;

/**
 * Bytes of GBK, Big5, KOI8 or Windows-1251 read as Latin-1: letters with marks side by side as no language has them. And bytes of one
 * encoding of Cyrillic read as another.
 */
export const legacyBytes: Measure = {
  texts: "wide",
  signs: [HIGH_PAIR, ...SWAPPED_SIGNS],
  find(text, { signs }, tell) {
    HIGH.lastIndex = 0;
    for (let found = HIGH.exec(text); found !== null; found = HIGH.exec(text))
      if (new Set(found[0]).size >= LEAST_KINDS) tell(found.index, found.index + found[0].length, "checked");
    if (signs > 1) for (const [start, end] of swappedCyrillic(text)) tell(start, end, "checked");
  },
};
