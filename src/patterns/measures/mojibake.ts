// UTF-8 that was read as an encoding of one byte a character, once or several times.
import { joined, limitOf, type Measure } from "./measure.ts";
import { type SingleByte, singleByteEncodings } from "./single-byte.ts";
import { readSequence, weightOf } from "./utf8.ts";

/** Damage stands close together; what is farther apart is told as several places. */
const GAP = 4;

/** Bytes of the lead and of what follows are told by characters that no text puts side by side, or by there being many of them. */
export const mojibake: Measure = {
  texts: "wide",
  find(text, limits, tell) {
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
  for (let at = 0; at < text.length - 1; at += 1) {
    if (text.charCodeAt(at) < 0x80 || byteAt(at) < 0xc2) continue;
    const sequence = readSequence(byteAt, at);
    const worth = sequence === null ? 0 : worthOf(text, at, sequence.length, weightOf(sequence.point), encoding);
    if (sequence === null || worth === 0) continue;
    places.push([at, at + sequence.length]);
    weight += worth;
    at += sequence.length - 1;
  }
  return { places, weight };
}

/** What ends a word, or stands after a letter, in languages that use such letters: it tells nothing. */
const ORDINARY_AFTER_CYRILLIC = /^[»«\u00a0—–“”‘’…„№ёЁіІєЄїЇґҐўЎ]+$/;
const BOX = /^[\u2500-\u259f]+$/;

function worthOf(text: string, at: number, length: number, weight: number, { isCyrillic, bytes }: SingleByte): number {
  const rest = text.slice(at + 1, at + length);
  if (isCyrillic && ORDINARY_AFTER_CYRILLIC.test(rest)) return 0;
  if (length > 2 || weight === 0) return weight;
  const isBesideLetter = isLower(text, at - 1) || isLower(text, at + length);
  const isAlone = !isBesideLetter && !isLead(text, at - 2, bytes) && !isLead(text, at + length, bytes);
  if (isAlone && !isSure(text.charAt(at))) return 0;
  const isBox = BOX.test(text.slice(at, at + length));
  // A letter that many languages have, then a sign that may follow a word: only inside a word it is no word's end.
  if (isBesideLetter && !isBox && isSign(rest)) return isLower(text, at + length) || weight > 1 ? 2 : 1;
  return isSign(rest) || !/\p{L}/u.test(rest)
    ? Math.min(weight, isSure(text.charAt(at)) && !isOrdinaryEnd(rest) ? 2 : 1)
    : Math.min(weight, 1);
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
