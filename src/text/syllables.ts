// Whether a text is a reading of Han characters: syllables of pinyin with or without tones, bopomofo, or kana.

/** Initials and finals of Hanyu Pinyin (ISO 7098); their product holds every syllable and some that nobody says. */
const INITIALS = ["", ..."bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh"];
const FINALS =
  "a o e ai ei ao ou an en ang eng ong er i ia ie iao iu ian in iang ing iong u ua uo uai ui uan un uang ueng ue v ve van vn".split(" ");
const SYLLABLES = new Set(INITIALS.flatMap((initial) => FINALS.map((final) => initial + final)));
const LONGEST = Math.max(...[...SYLLABLES].map((syllable) => syllable.length));

/** Longest reading that is looked at, in UTF-16 units: four characters with their tones. */
export const LONGEST_READING = 40;

const KANA_OR_BOPOMOFO = /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}ーˊˇˋ˙'`^~ ]+$/u;

/** @param text at most LONGEST_READING units */
export function isReading(text: string): boolean {
  if (KANA_OR_BOPOMOFO.test(text)) return true;
  const bare = text
    .toLowerCase()
    .replaceAll("ü", "v")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");
  return /^[a-z0-5' -]+$/u.test(bare) && /[a-z]/u.test(bare) && isSyllables(bare);
}

function isSyllables(text: string): boolean {
  const reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (let at = 0; at < text.length; at += 1) {
    if (reached[at] === 0) continue;
    if (/[0-5' -]/u.test(text.charAt(at))) reached[at + 1] = 1;
    for (let length = 1; length <= LONGEST && at + length <= text.length; length += 1) {
      if (SYLLABLES.has(text.slice(at, at + length))) reached[at + length] = 1;
    }
  }
  return reached[text.length] === 1;
}
