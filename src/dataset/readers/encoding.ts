// Which encoding a text file is written in. Decoded only when that is sure; else it counts as damaged.
import { isUtf8 } from "node:buffer";
import chardet from "chardet";
import { cyrillicEncoding } from "./cyrillic.ts";

export interface EncodingGuess {
  /** Label for TextDecoder. */
  readonly encoding: string;
  /** False: no encoding fits for sure, and the bytes are read as UTF-8 with losses. */
  readonly sure: boolean;
}

/** Bytes that a guess is made from. */
export const ENCODING_HEAD = 64 * 1024;
const UTF8: EncodingGuess = { encoding: "utf-8", sure: true };
/** Of 100. Below it the detector's first guess is wrong about as often as right on texts of a page. */
const LEAST_CONFIDENCE = 60;
/** Names of the detector that TextDecoder has under another name, or means something else by. */
const LABELS: Readonly<Record<string, string>> = { "ISO-8859-1": "windows-1252", ASCII: "utf-8", GB18030: "gb18030" };

/** Guesses from the first bytes of a file. */
export function guessEncoding(head: Uint8Array): EncodingGuess {
  const marked = byMark(head) ?? byNuls(head);
  if (marked !== null) return { encoding: marked, sure: true };
  if (isUtf8(withoutCutEnd(head))) return UTF8;
  const cyrillic = cyrillicEncoding(head);
  if (cyrillic !== null) return { encoding: cyrillic, sure: true };
  for (const { name, confidence } of chardet.analyse(head)) {
    if (confidence < LEAST_CONFIDENCE) break;
    const encoding = LABELS[name] ?? name.toLowerCase();
    if (encoding !== "utf-8" && decodes(head, encoding)) return { encoding, sure: true };
  }
  return { encoding: "utf-8", sure: false };
}

function byMark(head: Uint8Array): string | null {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  // FF FE 00 00 could be UTF-32; no decoder reads it, and as UTF-16 its NULs are seen.
  if (a === 0xff && b === 0xfe && !(c === 0 && d === 0)) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return null;
}

/** UTF-16 without a mark: in text of any language, spaces, digits and line ends leave every second byte 0 now and then, and only there. */
function byNuls(head: Uint8Array): string | null {
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < head.length; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  const least = Math.max(4, head.length / 100);
  if (odd > least && even * 50 < odd) return "utf-16le";
  if (even > least && odd * 50 < even) return "utf-16be";
  return null;
}

/** A head ends where it ends; the last character may be half there. */
function withoutCutEnd(head: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, head.length); back += 1) {
    const byte = head[head.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return head.subarray(0, head.length - back);
  }
  return head;
}

/** Whether bytes decode without loss, but for a character cut at the end, and without control characters. */
function decodes(head: Uint8Array, encoding: string): boolean {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they show a wrong encoding
    return !/[\u0000-\u0008\u000e-\u001f\u0080-\u009f]/u.test(text);
  } catch {
    return false;
  }
}
