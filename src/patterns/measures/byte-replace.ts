// A table of readings or signs that was put into a text of GBK bytes without minding where characters begin: what
// happens to the characters whose bytes it cut. Found in a page of the web; docs/patterns.md tells how it came about.
import { type Sign, units } from "../signs.ts";
import { joined, type Measure } from "./measure.ts";

const HAN = "[\\u3400-\\u9fff]";
const TONED = "[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]";

const QUESTION: Sign = { first: units("<han>"), second: units("?") };

const CUT = new RegExp(`${HAN}(\\?[a-zü]{0,5}${TONED}[a-zü]{0,4}\\))`, "g");

/** The bracket was taken for a character's second byte: `為` before a reading becomes `?yàn)`. */
export const annotationCut: Measure = {
  texts: "wide",
  signs: [QUESTION],
  find(text, _rule, tell) {
    if (!text.includes("?")) return;
    for (const [, cut = "", place] of matchesOf(text, CUT)) tell(place + 1, place + 1 + cut.length, "checked");
  },
};

const BANG = new RegExp(`${HAN}(\\?!)(?=${HAN}|\\?/|[/」』])`, "g");

/** A sign whose bytes stand across the border of two others: a stop and a bracket become `?!`. */
export const questionBang: Measure = {
  texts: "wide",
  signs: [QUESTION],
  find(text, _rule, tell) {
    if (!text.includes("?!")) return;
    for (const [, , place] of matchesOf(text, BANG)) tell(place + 1, place + 3, "shaped");
  },
};

/** After a cut every character is made of two halves until something of one byte comes: a lone letter or sign is what is left. */
const SHIFTED = new RegExp(`${HAN}{1,40}([A-Z_@^\\\\[\\]\`|~])(?=${HAN}|[,.。，」!?])`, "g");
const AFTER_CUT = /\?[^\s?]{0,12}[)!]$|\?!?$/;
/** Units before the shifted characters that are looked at for the cut. */
const NEAR = 16;

export const gbkShift: Measure = {
  texts: "wide",
  signs: [{ first: units("<han>"), second: units("A-Z_@^\\\\\\[\\]`|~") }],
  find(text, _rule, tell) {
    if (!text.includes("?")) return;
    const places: [number, number][] = [];
    for (const [all, , place] of matchesOf(text, SHIFTED)) {
      const burst = text.slice(place, place + all.length);
      const before = text.slice(Math.max(0, place - NEAR), place);
      if (AFTER_CUT.test(before) && rareIn(burst) >= 1) places.push([place, place + all.length]);
    }
    for (const [start, end] of joined(places, 2)) tell(start, end, "checked");
  },
};

let common: Uint8Array | undefined;

/** Characters outside GB 2312's first level, as halves of two common ones mostly are. */
function rareIn(text: string): number {
  if (common === undefined) {
    const gbk = new TextDecoder("gbk");
    common = new Uint8Array(0x10000);
    for (let lead = 0xb0; lead <= 0xd7; lead += 1)
      for (let trail = 0xa1; trail <= 0xfe; trail += 1) common[gbk.decode(Uint8Array.of(lead, trail)).charCodeAt(0)] = 1;
  }
  let rare = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x3400 && unit <= 0x9fff && common[unit] === 0) rare += 1;
  }
  return rare;
}

function* matchesOf(text: string, pattern: RegExp): Generator<readonly [all: string, group: string | undefined, place: number]> {
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) yield [found[0], found[1], found.index];
}
