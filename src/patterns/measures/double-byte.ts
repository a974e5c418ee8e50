// UTF-8 that was read as GBK, Big5 or Shift_JIS: characters made of one sequence's end and the next one's beginning.
import { type Sign, units } from "../signs.ts";
import { joined, limitOf, type Measure } from "./measure.ts";
import { readSequence } from "./utf8.ts";

const ENCODINGS: readonly string[] = ["gbk", "big5", "shift_jis", "euc-kr"];
const UNITS = 0x10000;

/** By UTF-16 unit: the two bytes that read as it, or a single one; 0 where none do. */
export type ByteTable = Uint16Array;

const tables = new Map<string, ByteTable>();

/** Made from the platform's decoder, once. Of two ways to write a character the first stays, as encoders choose it. */
export function byteTable(encoding: string): ByteTable {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(encoding);
  const table = new Uint16Array(UNITS);
  const add = (bytes: readonly number[], code: number): void => {
    const text = decoder.decode(Uint8Array.from(bytes));
    const unit = text.charCodeAt(0);
    if (text.length === 1 && unit >= 0x80 && unit !== 0xfffd && table[unit] === 0) table[unit] = code;
  };
  for (let byte = 0x80; byte <= 0xff; byte += 1) add([byte], byte);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) for (let trail = 0x40; trail <= 0xfe; trail += 1) add([lead, trail], (lead << 8) | trail);
  tables.set(encoding, table);
  return table;
}

/** Leads of what Chinese, Japanese, Korean and general punctuation are written with; of letters of Latin with marks, Greek, Cyrillic, Hebrew and Arabic. */
function isLead(byte: number): boolean {
  return (byte >= 0xe2 && byte <= 0xef) || byte === LATIN_LEAD || (byte >= 0xce && byte <= 0xd1) || (byte >= 0xd7 && byte <= 0xdb);
}

const LATIN_LEAD = 0xc3;

interface Reader {
  readonly table: ByteTable;
  /** By unit, how it may begin a run: what these say must come next, or it is the run's end. */
  readonly starts: Uint8Array;
  /** By unit: 1 where its first byte goes on with a sequence. */
  readonly goesOn: Uint8Array;
}

/** No start; a lead and what follows it, of which the third byte is missing, or a lead alone; a whole sequence of two bytes. */
const NO = 0;
const OPEN = 1;
const WHOLE = 2;

let known: readonly Reader[] | undefined;

/** Characters whose first byte leads a sequence and whose second goes on with it: rare in what people write. */
function readers(): readonly Reader[] {
  known ??= ENCODINGS.map((encoding) => {
    const table = byteTable(encoding);
    return {
      table,
      starts: eachUnit((unit) => startOf(table[unit] as number)),
      goesOn: eachUnit((unit) => (isNext(firstByte(table[unit] as number)) ? 1 : 0)),
    };
  });
  return known;
}

function startOf(code: number): number {
  const [lead, trail] = [code >> 8, code & 0xff];
  if (lead === 0) return isLead(trail) ? OPEN : NO;
  if (!isLead(lead) || !isNext(trail)) return NO;
  return lead < 0xe0 ? WHOLE : OPEN;
}

function isNext(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

function firstByte(code: number): number {
  return code > 0xff ? code >> 8 : code;
}

function eachUnit(make: (unit: number) => number): Uint8Array {
  const values = new Uint8Array(UNITS);
  for (let unit = 0; unit < UNITS; unit += 1) values[unit] = make(unit);
  return values;
}

/** What a run begins with: an open start and what goes on with it, two starts, or a letter and the bytes of one with a mark. */
function signsOf(which: number): readonly Sign[] {
  const reader = (): Reader => readers()[which] as Reader;
  const starts = (isMeant: (start: number) => boolean) => (): Uint8Array =>
    eachUnit((unit) => (isMeant(reader().starts[unit] as number) ? 1 : 0));
  return [
    { first: starts((start) => start === OPEN), second: () => reader().goesOn },
    { first: starts((start) => start === WHOLE), second: starts((start) => start !== NO) },
  ];
}

const MARKED_SIGN: Sign = { first: units("A-Za-z"), second: marked };
/** Two for each encoding, and one for all. */
const SIGNS: readonly Sign[] = [...ENCODINGS.flatMap((_, which) => signsOf(which)), MARKED_SIGN];
const MASKS: readonly number[] = ENCODINGS.map((_, which) => (0b11 << (2 * which)) | (1 << (2 * ENCODINGS.length)));

function marked(): Uint8Array {
  const isMarked = ({ table, starts }: Reader, unit: number): boolean =>
    starts[unit] === WHOLE && (table[unit] as number) >> 8 === LATIN_LEAD;
  return eachUnit((unit) => (readers().some((reader) => isMarked(reader, unit)) ? 1 : 0));
}

/** Characters as common as they are in real texts hold three sequences side by side, or few of them everywhere, hardly ever. */
export const doubleByteMojibake: Measure = {
  texts: "wide",
  signs: SIGNS,
  find(text, { limits, signs }, tell) {
    const least = limitOf(limits, "worth");
    for (const [which, reader] of readers().entries()) {
      if ((signs & (MASKS[which] as number)) === 0) continue;
      const runs = runsIn(text, reader);
      if (!areEnough(runs, least, text)) continue;
      const places = runs.map(({ start, end }) => [start, end] as const);
      for (const [start, end] of joined(places, 6)) tell(start, end, "checked");
      return;
    }
  },
};

function runsIn(text: string, { table, starts, goesOn }: Reader): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const start = starts[text.charCodeAt(at)] as number;
    if (start === NO) continue;
    // Quicker to ask than to read the run.
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    if (start === OPEN ? goesOn[next] === 0 : starts[next] === NO && !isLetter(text.charCodeAt(at - 1))) continue;
    const run = runFrom(text, at, table);
    if (run.worth < LEAST_RUN) continue;
    runs.push(run);
    at = run.end - 1;
  }
  return runs;
}

function isLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}

/** Enough in all, and enough side by side or inside words, or most of what is not ASCII. */
function areEnough(runs: readonly Run[], least: number, text: string): boolean {
  const worth = (some: readonly Run[]): number => some.reduce((sum, run) => sum + run.worth, 0);
  if (worth(runs) < least) return false;
  if (worth(runs.filter(({ isInWord }) => isInWord)) >= least || runs.some((run) => run.worth >= least)) return true;
  return runs.reduce((sum, { start, end }) => sum + end - start, 0) >= wideUnits(text) * LEAST_SHARE;
}

/** Two sequences of three bytes, four of two, or a letter with a mark inside a word. */
const LEAST_RUN = 1.5;
/** Of the characters outside ASCII, where no run is long: much of what was damaged is lost, and the rest is cut short. */
const LEAST_SHARE = 0.5;

function wideUnits(text: string): number {
  return text.replace(/[\0-\x7f]/g, "").length;
}

/** Longest run that is read at once, in characters. */
const LONGEST_RUN = 256;

interface Run {
  readonly start: number;
  readonly end: number;
  readonly worth: number;
  /** A letter with a mark inside a word of Latin letters. */
  readonly isInWord: boolean;
}

/** The sequences that begin at a character, and what they are worth together. */
function runFrom(text: string, start: number, table: ByteTable): Run {
  const bytes = new Bytes(text, start, table);
  let [place, worth] = [0, 0];
  let script = -1;
  for (;;) {
    const sequence = readSequence((at) => bytes.at(at), place);
    if (sequence === null || !isCommon(sequence.point)) break;
    // Nobody writes Greek, Cyrillic, Hangul and Han characters by turns: such bytes are there by chance.
    const own = scriptOf(sequence.point);
    if (script !== -1 && own !== script) break;
    script = own;
    place += sequence.length;
    worth += sequence.length > 2 ? 1 : 0.5;
  }
  const end = bytes.endOf(place);
  const isInWord = worth === 0.5 && bytes.at(0) === LATIN_LEAD && /[A-Za-z]/.test(text.charAt(start - 1)) && /[a-z]/.test(text.charAt(end));
  return { start, end, worth: isInWord ? LEAST_RUN : worth, isInWord };
}

/** Bytes of what stands from a character on, worked out as far as they are asked for. */
class Bytes {
  readonly #text: string;
  readonly #start: number;
  readonly #table: ByteTable;
  readonly #bytes: number[] = [];
  /** Units after `#start` that each byte and those before it take. */
  readonly #ends: number[] = [];
  #units = 0;

  constructor(text: string, start: number, table: ByteTable) {
    this.#text = text;
    this.#start = start;
    this.#table = table;
  }

  /** 0 where there is none. */
  at(place: number): number {
    while (place >= this.#bytes.length && this.#units < LONGEST_RUN && this.#start + this.#units < this.#text.length) {
      const code = this.#table[this.#text.charCodeAt(this.#start + this.#units)] as number;
      if (code === 0) return 0;
      this.#units += 1;
      if (code > 0xff) this.#add(code >> 8);
      this.#add(code & 0xff);
    }
    return this.#bytes[place] ?? 0;
  }

  /** Place in the text after so many bytes. */
  endOf(count: number): number {
    return this.#start + (count === 0 ? 0 : (this.#ends[count - 1] ?? 0));
  }

  #add(byte: number): void {
    this.#bytes.push(byte);
    this.#ends.push(this.#units);
  }
}

/** Which of LETTERS a character is among; Hangul is one more, and what Chinese and Japanese are written with another. */
function scriptOf(point: number): number {
  if (point >= 0xac00 && point <= 0xd7a3) return -3;
  return point > 0x7ff ? -2 : LETTERS.findIndex(([from, to]) => point >= from && point <= to);
}

/** Latin with marks, Greek, Cyrillic, Hebrew, Arabic with Persian and Urdu. */
const LETTERS: readonly (readonly [from: number, to: number])[] = [
  [0xc0, 0xff],
  [0x386, 0x3ce],
  [0x410, 0x45f],
  [0x5d0, 0x5ea],
  [0x621, 0x6d3],
];

/** In GB 2312's first level, kana, Hangul or punctuation: a quarter of what three bytes can say. */
function isCommon(point: number): boolean {
  if (point < 0x800) return LETTERS.some(([from, to]) => point >= from && point <= to);
  if (point < 0x4e00) return (point >= 0x2010 && point <= 0x203a) || (point >= 0x3000 && point <= 0x30ff);
  if (point > 0x9fff) return (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xff01 && point <= 0xffef);
  const lead = (byteTable("gbk")[point] as number) >> 8;
  const trail = (byteTable("gbk")[point] as number) & 0xff;
  return (lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1) || (byteTable("big5")[point] as number) >> 8 <= 0xc6;
}
