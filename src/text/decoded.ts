// A text with its encoded runs decoded in place: base64, hexadecimal, percent signs, HTML references and escapes, one inside
// the other up to a depth. Fed piece by piece; a run is held from its first character until it ends.
import { fromBase64 } from "./base64.ts";
import { mayHoldEncoded, openRunOf } from "./encoded.ts";
import { unescapeOnce } from "./escapes.ts";
import { fromHex } from "./hex.ts";
import { NONE } from "./run.ts";

/** A piece of the text as written, or what a run of it decodes to. */
export interface Segment {
  readonly text: string;
  /** Where it stands in the text as written, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly isDecoded: boolean;
}

/** Encodings inside encodings that are undone. */
const MAX_DEPTH = 3;
/** Fewer characters hold no word worth hiding; shorter runs are read as they stand. */
const LEAST_RUN = 8;

// A run that touches the end of what came may go on, so every kind of run begins with its first character already.
const RUN =
  /(?:0x)?[0-9a-f]{2}(?:[\s,:;-]{1,3}(?:0x)?[0-9a-f]{2})+(?![0-9a-z])|(?:%[0-9a-f]{2}|\\[ux]|&[#a-z]|[\u{e0020}-\u{e007e}])\S*|[a-z0-9+/_-]+={0,2}(?:(?<=[a-z0-9+/_-]{40})\r?\n[a-z0-9+/_-]+={0,2})*/giu;
/** The beginning of something that RUN would take once more of it is there. */
const BEGUN =
  /(?:%[0-9a-f]?|\\|&|\udb40|(?:0x)?[0-9a-f]{2}(?:[\s,:;-]{1,3}(?:0x)?[0-9a-f]{2})*[\s,:;-]{0,3}(?:0x?)?[0-9a-f]?|[a-z0-9+/_-]{40}\r?\n?)$/iu;
/** What continues any run that is open, so that long runs are not read again for each piece. */
const CONTINUES = /^[a-z0-9+/_-]+$/iu;

export class DecodedText {
  #held = "";
  #start = 0;
  /** Length of what is held that was looked at and is one open run. */
  #open = 0;

  /** Pieces that are decided, in order. */
  push(text: string): Segment[] {
    this.#held += text;
    if (this.#open > 0 && CONTINUES.test(text)) {
      this.#open = this.#held.length;
      return [];
    }
    return this.#cut(false);
  }

  end(): Segment[] {
    return this.#cut(true);
  }

  /** Place of the first character that is not decided; `NONE` when there is none. */
  pending(): number {
    return this.#held === "" ? NONE : this.#start;
  }

  /** UTF-16 units that are held. */
  get held(): number {
    return this.#held.length;
  }

  #cut(isEnd: boolean): Segment[] {
    const text = this.#held;
    const until = isEnd ? text.length : openFrom(text);
    const segments = until === 0 ? [] : segmentsOf(text.slice(0, until), this.#start);
    this.#held = text.slice(until);
    this.#start += until;
    this.#open = this.#held.length;
    return segments;
  }
}

/** Where the run begins that touches the end, or that may yet be another one; the length of the text when none does. */
function openFrom(text: string): number {
  const plain = openRunOf(text);
  return plain === -1 ? openFromPattern(text) : plain;
}

/** The same by the patterns themselves. */
export function openFromPattern(text: string): number {
  const begun = BEGUN.exec(text.slice(-LONGEST_BEGUN));
  const from = begun === null ? text.length : Math.max(0, text.length - LONGEST_BEGUN) + begun.index;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (index + run.length === text.length || index + run.length > from) return Math.min(index, from);
  }
  return from;
}

/** What BEGUN needs to see of the end. */
const LONGEST_BEGUN = 512;

function segmentsOf(text: string, offset: number): Segment[] {
  if (!mayHoldEncoded(text)) return [{ text, start: offset, end: offset + text.length, isDecoded: false }];
  const segments: Segment[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const decoded = decodeRun(run, MAX_DEPTH);
    if (decoded === null) continue;
    if (index > from) segments.push({ text: text.slice(from, index), start: offset + from, end: offset + index, isDecoded: false });
    from = index + run.length;
    segments.push({ text: decoded, start: offset + index, end: offset + from, isDecoded: true });
  }
  if (from < text.length) segments.push({ text: text.slice(from), start: offset + from, end: offset + text.length, isDecoded: false });
  return segments;
}

/** What a run holds, decoded inside as well; null when it holds nothing but itself. */
function decodeRun(run: string, depth: number): string | null {
  if (depth === 0 || run.length < 2) return null;
  if (/^[%\\&\u{e0020}-\u{e007e}]/u.test(run)) {
    const plain = unescapeOnce(run);
    return plain === run ? decodeInside(run.slice(1), depth - 1, run.charAt(0)) : (decodeInside(plain, depth - 1, "") ?? plain);
  }
  if (run.length < LEAST_RUN) return null;
  const isHex = /^[0-9a-fx\s,:;-]+$/iu.test(run);
  const hex = isHex ? fromHex(run) : [];
  const texts = hex.length > 0 || !/^\S{8}/u.test(run) ? hex : fromBase64(run);
  return texts.length === 0 ? null : texts.map((text) => decodeInside(text, depth - 1, "") ?? text).join("\n");
}

function decodeInside(text: string, depth: number, before: string): string | null {
  if (depth === 0) return null;
  let changed = false;
  const decoded = text.replace(RUN, (run) => {
    const plain = decodeRun(run, depth);
    if (plain !== null) changed = true;
    return plain ?? run;
  });
  return changed ? before + decoded : null;
}

/** A whole text with its runs decoded, in pieces. */
export function decodeText(text: string): Segment[] {
  const decoder = new DecodedText();
  return [...decoder.push(text), ...decoder.end()];
}
