// What each UTF-16 unit is, looked up and not tested: the loop over all text of a data set runs over these.

/** Scripts that are counted. `Zzzz` stands for letters of any other (ISO 15924). */
export const SCRIPTS = ["Latn", "Hani", "Hira", "Kana", "Hang", "Cyrl", "Grek", "Arab", "Hebr", "Deva", "Beng", "Thai", "Zzzz"] as const;
type Script = (typeof SCRIPTS)[number];

/** Classes: 0 white space, 1 punctuation and signs, 2 digits; scripts from 3. */
export const SPACE = 0;
export const SIGN = 1;
const DIGIT = 2;
export const FIRST_SCRIPT = 3;

const RANGES: readonly (readonly [Script, RegExp])[] = [
  ["Latn", /\p{Script=Latin}/u],
  ["Hani", /\p{Script=Han}/u],
  ["Hira", /\p{Script=Hiragana}/u],
  ["Kana", /\p{Script=Katakana}/u],
  ["Hang", /\p{Script=Hangul}/u],
  ["Cyrl", /\p{Script=Cyrillic}/u],
  ["Grek", /\p{Script=Greek}/u],
  ["Arab", /\p{Script=Arabic}/u],
  ["Hebr", /\p{Script=Hebrew}/u],
  ["Deva", /\p{Script=Devanagari}/u],
  ["Beng", /\p{Script=Bengali}/u],
  ["Thai", /\p{Script=Thai}/u],
];

let made: Uint8Array | undefined;

/** Class of each unit of the basic plane. Made once, on first use; surrogates count as signs but for those of Han. */
export function unitClasses(): Uint8Array {
  if (made !== undefined) return made;
  const classes = new Uint8Array(0x10000).fill(SIGN);
  for (let unit = 0; unit < 0x10000; unit += 1) classes[unit] = classOf(unit);
  made = classes;
  return classes;
}

function classOf(unit: number): number {
  // Planes 2 and 3 hold Han only (Unicode 16); their high surrogates stand for one character each.
  if (unit >= 0xd840 && unit <= 0xd8bf) return FIRST_SCRIPT + SCRIPTS.indexOf("Hani");
  if (unit >= 0xd800 && unit <= 0xdfff) return SIGN;
  const character = String.fromCharCode(unit);
  if (/\s/u.test(character)) return SPACE;
  if (/\p{Nd}/u.test(character)) return DIGIT;
  if (!/[\p{L}\p{M}]/u.test(character)) return SIGN;
  const at = RANGES.findIndex(([, pattern]) => pattern.test(character));
  return FIRST_SCRIPT + (at === -1 ? SCRIPTS.length - 1 : at);
}

/** Scripts written without spaces between words: a character is a token. */
export function isUnspaced(unitClass: number): boolean {
  return unitClass >= FIRST_SCRIPT + 1 && unitClass <= FIRST_SCRIPT + 3;
}
