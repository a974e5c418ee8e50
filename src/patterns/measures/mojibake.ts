// UTF-8 that was read as an encoding of one byte a character, once or several times.
import type { Units } from "../signs.ts";
import { joined, limitOf, type Measure } from "./measure.ts";
import { type SingleByte, singleByteEncodings } from "./single-byte.ts";
import { readSequence, type Sequence, weightOf } from "./utf8.ts";

/** Damage stands close together; what is farther apart is told as several places. */
const GAP = 4;

/** Units that some encoding reads as bytes of this role. */
function unitsOf(role: "leads" | "others"): Units {
  return () => Uint8Array.from(rolesOfUnits()[role], (bits) => (bits === 0 ? 0 : 1));
}

/** Bytes of the lead and of what follows are told by characters that no text puts side by side, or by there being many of them. */
export const mojibake: Measure = {
  texts: "wide",
  signs: [{ first: unitsOf("leads"), second: unitsOf("others") }],
  find(text, { limits }, tell) {
    const least = limitOf(limits, "weight");
    const possible = encodingsIn(text);
    if (possible === 0) return;
    for (const [which, encoding] of singleByteEncodings().entries()) {
      if ((possible & (1 << which)) === 0) continue;
      const { places, weight } = sequencesIn(text, encoding);
      if (weight < least) continue;
      for (const [start, end] of joined(places, GAP)) tell(start, end, "checked");
      return;
    }
  },
};

let roles: { readonly leads: Uint16Array; readonly others: Uint16Array } | undefined;

/** By unit, a bit for each encoding in which it reads as a lead, and as what follows one. */
function rolesOfUnits(): NonNullable<typeof roles> {
  if (roles !== undefined) return roles;
  const [leads, others] = [new Uint16Array(0x10000), new Uint16Array(0x10000)];
  singleByteEncodings().forEach(({ bytes }, which) => {
    bytes.forEach((byte, unit) => {
      const role = byte >= 0xc2 && byte <= 0xf4 ? leads : byte >= 0x80 && byte <= 0xbf ? others : null;
      if (role !== null) role[unit] = (role[unit] as number) | (1 << which);
    });
  });
  roles = { leads, others };
  return roles;
}

/** Encodings in which some character of the text is a lead and the next goes on with it, as bits: none in most texts. */
function encodingsIn(text: string): number {
  const { leads, others } = rolesOfUnits();
  let found = 0;
  let before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    found |= before & (others[unit] as number);
    before = leads[unit] as number;
  }
  return found;
}

interface Found {
  readonly places: readonly (readonly [number, number])[];
  readonly weight: number;
}

function sequencesIn(text: string, encoding: SingleByte): Found {
  const { bytes } = encoding;
  const byteAt = (place: number): number => (place < text.length ? (bytes[text.charCodeAt(place)] as number) : 0);
  const places: [number, number][] = [];
  let weight = 0;
  let ofSmall = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (text.charCodeAt(at) < 0x80 || byteAt(at) < 0xc2) continue;
    const sequence = readSequence(byteAt, at);
    const worth = sequence === null ? 0 : worthOf(text, at, sequence, encoding);
    if (sequence === null || worth === 0) continue;
    places.push([at, at + sequence.length]);
    if (SMALL_LETTERS.test(text.slice(at, at + sequence.length))) ofSmall += worth;
    else weight += worth;
    at += sequence.length - 1;
  }
  // Syllables of Czech or Northern Sámi add up in a long text; beside other damage they are more of it.
  return { places, weight: weight + Math.min(ofSmall, weight) };
}

/** What ends a word, or stands after a letter, in languages that use such letters: it tells nothing. */
const ORDINARY_AFTER: Readonly<Record<SingleByte["script"], RegExp | null>> = {
  Latin: null,
  Cyrillic: /^[»«\u00a0—–“”‘’…„№ёЁіІєЄїЇґҐўЎ]+$/,
  // Letters of Persian and Urdu, the comma, semicolon and question mark of Arabic, and the joiners between letters.
  Arabic: /^[»«\u00a0—–“”‘’…،؛؟پٹچژڈگکڑںھ\u200c\u200d]+$/,
  Hebrew: /^[»«\u00a0—–“”‘’…„₪]+$/,
};
/**
 * Small letters, or capitals, side by side are a syllable before they are damage: IBM 866 has half of the small letters as leads and
 * half as what follows, Windows-1251 the ј of Serbian and Macedonian (бидејќи), Windows-1250 the žš of Czech (těžší). Where UTF-8 was
 * read as these, capitals, signs and lines of boxes stand among them.
 */
const SMALL_LETTERS = /^\p{Ll}+$/u;
const CAPITALS = /^\p{Lu}+$/u;
/** In Macintosh Cyrillic the leads of Cyrillic letters are dashes. */
const DASHED = /^[–—]\p{Lu}$/u;
const BOX = /^[\u2500-\u259f]+$/;

function worthOf(text: string, at: number, { length, point }: Sequence, { script, bytes }: SingleByte): number {
  const weight = weightOf(point);
  const [all, rest] = [text.slice(at, at + length), text.slice(at + 1, at + length)];
  if (ORDINARY_AFTER[script]?.test(rest) === true || (script === "Cyrillic" && isSyllable(all, text, at))) return 0;
  if (length > 2 || weight === 0) return isInName(all) ? Math.min(weight, 1) : weight;
  if (isWordOfItsOwn(text, at) || isRootInWord(text, at)) return weight;
  const isBesideLetter = isLower(text, at - 1) || isLower(text, at + length);
  const isAlone = !isBesideLetter && !isLead(text, at - 2, bytes) && !isLead(text, at + length, bytes);
  if (isAlone && !isSure(text.charAt(at))) return markWorth(point, rest);
  // A letter that many languages have, then a sign that may follow a word: only inside a word it is no word's end.
  if (isBesideLetter && !BOX.test(all) && isSign(rest)) return isLower(text, at + length) || weight > 1 ? 2 : 1;
  return Math.min(weight, mostOf(text.charAt(at), rest));
}

/** Of two characters that no word is around. */
function mostOf(lead: string, rest: string): number {
  const isLetter = !isSign(rest) && /\p{L}/u.test(rest);
  return !isLetter && isSure(lead) && !isOrdinaryEnd(rest) ? 2 : 1;
}

/** МосОблСуд: in IBM 866 capitals go on with small letters, so that such a one alone is a name. */
function isInName(all: string): boolean {
  return /^[р-яё][\u0410-\u043f]{2}$/u.test(all);
}

/** Capitals beside a sign or a digit are no word; a dash and a capital begin one, where no other dash comes right after. */
function isSyllable(all: string, text: string, at: number): boolean {
  if (SMALL_LETTERS.test(all)) return true;
  if (DASHED.test(all)) return !/[–—]/.test(text.charAt(at + all.length));
  return CAPITALS.test(all) && /\p{Lu}/u.test(text.charAt(at - 1) + text.charAt(at + all.length));
}

/** à, a word of French and Italian: Ã and a space that does not break. Ã alone is a word of no language. */
function isWordOfItsOwn(text: string, at: number): boolean {
  return text.charAt(at) === "Ã" && text.charAt(at + 1) === "\u00a0" && /^[\s"'’(«]?$/.test(text.charAt(at - 1));
}

/** ¬, √ and ≈, the leads of Latin letters in Macintosh, right after a letter: formulas have no letters with marks after them. */
function isRootInWord(text: string, at: number): boolean {
  return isLower(text, at - 1) && /[¬√≈]/.test(text.charAt(at));
}

/** Marks that join what stands before them, also digits and signs: no letter is to be expected beside them, only more of them. */
function markWorth(point: number, rest: string): number {
  return point >= 0x300 && point <= 0x345 && !isOrdinaryEnd(rest) ? 0.7 : 0;
}

function isLead(text: string, at: number, bytes: Uint8Array): boolean {
  return at >= 0 && at < text.length && (bytes[text.charCodeAt(at)] as number) >= 0xc2;
}

/** Ã and Â begin most of what is damaged, and few words. */
function isSure(lead: string): boolean {
  return lead === "Ã" || lead === "Â";
}

function isOrdinaryEnd(rest: string): boolean {
  return /^[\u00a0»’”…–—]$/.test(rest);
}

function isSign(rest: string): boolean {
  return /^[^\p{L}\s]+$/u.test(rest) || /^[\u0080-\u00a0]/.test(rest) || /^[ªº‚ƒˆŠŒŽšœžŸ€]/.test(rest);
}

function isLower(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x61 && unit <= 0x7a;
}
