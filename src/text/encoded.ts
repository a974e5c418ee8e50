// Whether a text may hold a run that decodes to another text: told in one pass without a regular expression, so that most texts
// need not be decoded. True for every text of which src/text/decoded.ts decodes a run, and for a few others.
import { base64Value } from "./base64.ts";

/** Shorter runs are not decoded. */
const LEAST_RUN = 8;
const MOST_PADDING = 2;
const PADDING = 0x3d;
/** What stands between two bytes of hexadecimal is no longer. */
const MOST_BETWEEN = 3;
/** From here on a run may go on behind the end of a line. */
const LONG_RUN = 40;
/** Bytes that somebody may have written as text, where a run as a whole is none: as src/text/base64.ts wants them. */
const LEAST_BYTES = 9;

/** Base64 alphabets, letters and digits among them; digits of hexadecimal; what begins an escape; what stands between bytes of hexadecimal. */
const BASE64 = 1;
const HEX = 2;
const ESCAPE = 4;
const BETWEEN = 8;

const classes = new Uint8Array(0x1_0000);
for (let unit = 0; unit < 0x80; unit += 1) {
  const char = String.fromCharCode(unit);
  classes[unit] =
    (/[a-z0-9+/_-]/iu.test(char) ? BASE64 : 0) |
    (/[0-9a-f]/iu.test(char) ? HEX : 0) |
    (/[%\\&]/u.test(char) ? ESCAPE : 0) |
    (/[\s,:;-]/u.test(char) ? BETWEEN : 0);
}
for (let unit = 0x80; unit < 0x1_0000; unit += 1) if (/\s/u.test(String.fromCharCode(unit))) classes[unit] = BETWEEN;
// The first half of tag characters; and long s and the sign for kelvin, which are letters of a run where case is ignored.
for (const unit of [0xdb40, 0x17f, 0x212a]) classes[unit] = ESCAPE;

/** @returns false only where no run of the text decodes to anything */
export function mayHoldEncoded(text: string): boolean {
  const { length } = text;
  let from = -1;
  for (let at = 0; at < length; at += 1) {
    const found = classes[text.charCodeAt(at)] as number;
    if ((found & BASE64) !== 0) {
      if (from === -1) from = at;
      continue;
    }
    if (from !== -1) {
      if (mayDecode(text, from, at)) return true;
      from = -1;
    }
    if ((found & ESCAPE) !== 0 && isEscape(text, at)) return true;
  }
  return from !== -1 && mayDecode(text, from, length);
}

const UNKNOWN = -1;

/**
 * Place from which on a text that goes on is open: where the run begins that touches its end, or its length. -1 where only
 * src/text/decoded.ts can tell, which finds the same.
 */
export function openRunOf(text: string): number {
  const { length } = text;
  const from = lastRunOf(text);
  if (from === UNKNOWN || endsByte(text, from)) return UNKNOWN;
  if (from < length) return from;
  const last = text.charCodeAt(length - 1);
  return last === PADDING || last === 0x0a || last === 0x0d ? UNKNOWN : length;
}

/** Where the run of characters of base64 begins that ends the text, its length where none does; -1 where there may be runs of other kinds. */
function lastRunOf(text: string): number {
  const { length } = text;
  for (let at = 0; at < length; ) {
    const found = classes[text.charCodeAt(at)] as number;
    if ((found & ESCAPE) !== 0) return UNKNOWN;
    if ((found & BASE64) === 0) {
      at += 1;
      continue;
    }
    const from = at;
    while (at < length && ((classes[text.charCodeAt(at)] as number) & BASE64) !== 0) at += 1;
    if (at - from >= LONG_RUN || beginsBytes(text, from)) return UNKNOWN;
    if (at === length) return from;
  }
  return length;
}

/** Whether two digits of hexadecimal end there, with what may stand between bytes after them. */
function endsByte(text: string, end: number): boolean {
  let at = end;
  while (at > 0 && end - at < MOST_BETWEEN && (classOf(text, at - 1) & BETWEEN) !== 0) at -= 1;
  return at < end && at >= 2 && (classOf(text, at - 1) & classOf(text, at - 2) & HEX) !== 0;
}

function classOf(text: string, at: number): number {
  return at < text.length ? (classes[text.charCodeAt(at)] as number) : 0;
}

/** Whether a run of characters of base64 may decode. */
function mayDecode(text: string, from: number, end: number): boolean {
  if (beginsBytes(text, from)) return true;
  if (end - from < LEAST_RUN - MOST_PADDING) return false;
  let long = end;
  while (long < end + MOST_PADDING && text.charCodeAt(long) === PADDING) long += 1;
  if (long - from < LEAST_RUN) return false;
  return long - from >= LONG_RUN || isHex(text, from, end) || mayBeBase64(text, from, end);
}

/** Whether what stands there may be an escape. */
function isEscape(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const next = classOf(text, at + 1);
  if (unit === 0x25) return (next & classOf(text, at + 2) & HEX) !== 0;
  if (unit === 0x5c) return /[ux]/iu.test(text.charAt(at + 1));
  if (unit === 0x26) return (next & BASE64) !== 0 || text.charCodeAt(at + 1) === 0x23;
  return true;
}

/** Whether two digits of hexadecimal stand there, and two more after what may stand between bytes. */
function beginsBytes(text: string, from: number): boolean {
  let at = afterByte(text, from);
  if (at === -1 || (classOf(text, at) & BETWEEN) === 0) return false;
  for (let count = 0; count < MOST_BETWEEN && (classOf(text, at) & BETWEEN) !== 0; count += 1) at += 1;
  at = afterByte(text, at);
  return at !== -1 && !isAlphanumeric(text, at);
}

/** Place after two digits, `0x` before them or not; -1 where there are none. */
function afterByte(text: string, at: number): number {
  const from = text.charCodeAt(at) === 0x30 && /x/iu.test(text.charAt(at + 1)) ? at + 2 : at;
  return (classOf(text, from) & classOf(text, from + 1) & HEX) === 0 ? -1 : from + 2;
}

function isAlphanumeric(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (classOf(text, at) & BASE64) !== 0 && unit !== 0x2b && unit !== 0x2f && unit !== 0x5f && unit !== 0x2d;
}

function isHex(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const unit = text.charCodeAt(at) | 0x20;
    if ((classOf(text, at) & HEX) === 0 && unit !== 0x78 && unit !== 0x2d) return false;
  }
  return true;
}

/** Whether the bytes are text as a whole, or a stretch of them is, wherever the first byte begins. */
function mayBeBase64(text: string, from: number, end: number): boolean {
  const whole = Math.floor(((end - from) * 3) / 4);
  if (longestStretch(text, from, end, whole) >= whole) return true;
  for (let skip = 0; skip < 4; skip += 1) {
    const bytes = Math.floor(((end - from - skip) * 3) / 4);
    if (bytes >= LEAST_BYTES && longestStretch(text, from + skip, end, LEAST_BYTES) >= LEAST_BYTES) return true;
  }
  return false;
}

/** The longest stretch of bytes that may be UTF-8 without control characters; stops where none of `wanted` bytes can come any more. */
function longestStretch(text: string, from: number, end: number, wanted: number): number {
  let left = Math.floor(((end - from) * 3) / 4);
  let longest = 0;
  let stretch = 0;
  let following = 0;
  let held = 0;
  let bits = 0;
  for (let at = from; at < end; at += 1) {
    held = ((held << 6) | base64Value(text.charCodeAt(at))) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (held >> bits) & 0xff;
    left -= 1;
    const goesOn = following > 0 && byte >= 0x80 && byte < 0xc0;
    if (following > 0 && !goesOn) stretch = 0;
    following = goesOn ? following - 1 : followingOf(byte);
    stretch = following === NO_TEXT ? 0 : stretch + 1;
    if (stretch === 0) {
      following = 0;
      if (left < wanted) return longest;
    }
    longest = Math.max(longest, stretch);
    if (longest >= wanted) return longest;
  }
  return longest;
}

const NO_TEXT = -1;

/** Bytes of the same character that must follow (Unicode Standard, table 3-7); `NO_TEXT` where no character begins so. */
function followingOf(byte: number): number {
  if (byte < 0x80) return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d ? 0 : NO_TEXT;
  if (byte < 0xc2 || byte > 0xf4) return NO_TEXT;
  if (byte < 0xe0) return 1;
  return byte < 0xf0 ? 2 : 3;
}
