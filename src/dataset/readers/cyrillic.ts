// Which of the encodings of Cyrillic a text is written in, where a detector of encodings is not sure or does not know them:
// the same bytes read as letters in several of them, but only in one do they read as words.

/** Names as the WHATWG Encoding Standard has them. KOI8-U has all letters of KOI8-R. */
const ENCODINGS: readonly string[] = ["windows-1251", "koi8-u", "ibm866", "x-mac-cyrillic", "iso-8859-5"];
/** Letters below which a guess would rest on a name or two. */
const LEAST_LETTERS = 80;
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

/** @returns a label for TextDecoder; null where none reads as words of Cyrillic, or several do and differ */
export function cyrillicEncoding(head: Uint8Array): string | null {
  const readings = ENCODINGS.map((encoding) => ({ encoding, text: new TextDecoder(encoding).decode(head) })).filter(({ text }) =>
    readsAsWords(text),
  );
  const [first] = readings;
  return first !== undefined && readings.every(({ text }) => text === first.text) ? first.encoding : null;
}

function readsAsWords(text: string): boolean {
  if (CONTROL.test(text)) return false;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const letters = count(LETTER);
  if (letters < LEAST_LETTERS || letters < count(WIDE) * LEAST_SHARE) return false;
  return count(FLAW) <= letters * MOST_FLAWS && count(/[аА]/g) >= letters * LEAST_A;
}
