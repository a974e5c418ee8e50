// Which of the encodings of Cyrillic a text is written in, where a detector of encodings is not sure or does not know them:
// the same bytes read as letters in several of them, but only in one do they read as words.
import { CYRILLIC_ENCODINGS, readsAsCyrillic } from "../../text/cyrillic.ts";

/** Letters below which a guess would rest on a name or two. */
const LEAST_LETTERS = 80;

/** @returns a label for TextDecoder; null where none reads as words of Cyrillic, or several do and differ */
export function cyrillicEncoding(head: Uint8Array): string | null {
  const readings = CYRILLIC_ENCODINGS.map((encoding) => ({ encoding, text: new TextDecoder(encoding).decode(head) }));
  const words = readings.filter(({ text }) => readsAsCyrillic(text, LEAST_LETTERS));
  const [first] = words;
  return first !== undefined && words.every(({ text }) => text === first.text) ? first.encoding : null;
}
