// Characters that look like an ASCII one become that one: Unicode Technical Standard 39, confusables.txt, cut to what looks
// like ASCII; digits of all scripts have their value; and a few letters that the table leaves apart.
import { readPairs } from "./pairs.ts";
import { LOOKALIKES } from "./tables.generated.ts";

/** Small capitals, letters with strokes, and dashes and quotation marks that stand for those of ASCII. */
const MORE = 'ᴀaʙbᴅdᴇeꜰfɢgʜhᴊjᴋkʟlᴍmɴnᴘpǫqꞯqʀrꜱsøołlđdħhŧtƀbǝeəeɐaɒaɔcɟjɥhɹrʇtʌvʎyɘe“"”"„"«"»"‟"—-―-−-‒-﹣-·.‧.・.•.€e£l';
const lookalikes = new Map([...readPairs(MORE), ...readPairs(LOOKALIKES)]);

/** Letters in boxes and circles that NFKC leaves, by their first one: A to Z follow. */
const BOXED: readonly number[] = [0x1f150, 0x1f170, 0x1f1e6];

export function lookalike(char: string): string {
  if (char <= "\u007f") return char;
  const known = lookalikes.get(char);
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  for (const first of BOXED) {
    if (code >= first && code < first + 26) return String.fromCharCode(0x61 + code - first);
  }
  return /\p{Nd}/u.test(char) ? digitOf(code) : char;
}

/** Digits stand in rows of ten that begin with zero (Unicode Standard, section 4.6). */
function digitOf(code: number): string {
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Styled digits of mathematics stand in one block after the other.
  return String((code >= 0x1d7ce && code <= 0x1d7ff ? code - 0x1d7ce : code - zero) % 10);
}
