// Whether a text reads as words of Cyrillic: bytes of one of its encodings are letters in the others too, but no words.

/** Names as the WHATWG Encoding Standard has them. KOI8-U has all letters of KOI8-R. */
export const CYRILLIC_ENCODINGS: readonly string[] = ["windows-1251", "koi8-u", "ibm866", "x-mac-cyrillic", "iso-8859-5"];
/** Of the characters outside ASCII; the rest are quotation marks, dashes, numero signs. */
const LEAST_SHARE = 0.9;
/** Capitals after small letters in one word, of all letters: in what people write, names of firms. */
const MOST_FLAWS = 0.005;
/** Of the letters: а is one in twelve or so in every language that is written so; where Greek reads as Cyrillic there is hardly any. */
const LEAST_A = 0.02;

const LETTER = /[\u0401-\u045f\u0490\u0491]/g;
const FLAW =
  /[\u0430-\u045f\u0491][\u0401-\u042f\u0490]|[\u0400-\u045f\u0490\u0491][^\s\u0400-\u052f\p{P}\p{Nd}]|[A-Za-z][\u0400-\u045f\u0490\u0491]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
const WIDE = /[^\x00-\x7f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they show a wrong encoding
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u0080-\u009f\ufffd]/u;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** @param least letters below which an answer would rest on a name or two */
export function readsAsCyrillic(text: string, least: number): boolean {
  if (CONTROL.test(text)) return false;
  const letters = count(text, LETTER);
  if (letters < least || letters < count(text, WIDE) * LEAST_SHARE) return false;
  return count(text, FLAW) <= letters * MOST_FLAWS && count(text, /[аА]/g) >= letters * LEAST_A;
}

/** Places where no word goes on as the text does, of two characters each; none where there are fewer letters than `least`. */
export function cyrillicFlaws(text: string, least: number): { readonly letters: number; readonly places: readonly number[] } {
  const letters = count(text, LETTER);
  return { letters, places: letters < least ? [] : Array.from(text.matchAll(FLAW), ({ index }) => index) };
}
