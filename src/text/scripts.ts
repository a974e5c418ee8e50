// What kind of character stands there: what has words between signs, what has none, and which script it is.

export const KIND = { sign: 1, word: 2, han: 3, sentence: 4, space: 5 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

const kinds = new Uint8Array(0x1_0000);

/** Kind of a UTF-16 unit. Halves of pairs count as Han where they write Han of the supplementary planes, else as signs. */
export function kindOf(unit: number): Kind {
  const known = kinds[unit];
  if (known !== undefined && known !== 0) return known as Kind;
  const kind = classify(unit);
  kinds[unit] = kind;
  return kind;
}

/** Planes 2 and 3 hold Han only; their first halves begin here. The second halves are shared with emoji and follow their first half. */
const HAN_HALVES_FROM = 0xd840;
const HAN_HALVES_TO = 0xd8bf;

function classify(unit: number): Kind {
  if (unit >= 0xd800 && unit <= 0xdfff) return unit >= HAN_HALVES_FROM && unit <= HAN_HALVES_TO ? KIND.han : KIND.sign;
  const char = String.fromCharCode(unit);
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}ー]/u.test(char) && /\p{L}/u.test(char)) return KIND.han;
  if (/[\p{L}\p{N}\p{M}]/u.test(char)) return KIND.word;
  if (/\s/u.test(char)) return KIND.space;
  if (/[.!?。！？…｡]/u.test(char)) return KIND.sentence;
  return KIND.sign;
}

export type Script = "han" | "kana" | "hangul" | "latin" | "cyrillic" | "greek" | "arabic" | "hebrew" | "devanagari" | "thai";

const SCRIPTS: readonly (readonly [Script, RegExp])[] = [
  ["latin", /\p{Script=Latin}/u],
  ["han", /\p{Script=Han}/u],
  ["kana", /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["hangul", /\p{Script=Hangul}/u],
  ["cyrillic", /\p{Script=Cyrillic}/u],
  ["greek", /\p{Script=Greek}/u],
  ["arabic", /\p{Script=Arabic}/u],
  ["hebrew", /\p{Script=Hebrew}/u],
  ["devanagari", /\p{Script=Devanagari}/u],
  ["thai", /\p{Script=Thai}/u],
];

/** Script of a character (Unicode Standard Annex 24); null for signs, digits and scripts not named here. */
export function scriptOf(char: string): Script | null {
  return SCRIPTS.find(([, test]) => test.test(char))?.[0] ?? null;
}

/** How many characters of each script stand in a text. */
export function scriptsIn(text: string): ReadonlyMap<Script, number> {
  const counts = new Map<Script, number>();
  for (const char of text) {
    const script = scriptOf(char);
    if (script !== null) counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  return counts;
}
