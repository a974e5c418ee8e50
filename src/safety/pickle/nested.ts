// Pickles inside strings: as they are, or packed as base64, hex, zlib or gzip. A loader that unpacks them runs them.
import { constants, unzipSync } from "node:zlib";
import { FIXED_BYTES, IS_OPCODE } from "../../formats/pickle/opcodes.ts";
import { looksLikePickle } from "./probe.ts";

/** Encodings inside each other that are taken off. */
const MAX_LAYERS = 4;
/** Bytes of a string that are decoded to see what is inside. */
const PROBE_BYTES = 64;
/** Unpacked bytes of one zlib string. */
const MAX_INFLATED = 64 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}\s*$/u;
const HEX = /^(?:[0-9a-f]{2})+$/iu;

/** Whether the first bytes of a string could begin a pickle in some coat. Quick: asked of millions of strings. */
export function mayHoldPickle(head: Uint8Array, isText: boolean): boolean {
  const [first = 0, second = 0, third = 0] = head;
  if (first === 0x80) return !isText && second <= 5 && IS_OPCODE[third] === 1;
  if (first === 0x78) return isZlib(first, second) || isEncoded(head);
  if (first === 0x1f) return second === 0x8b;
  if (first === 0x63 || first === 0x28 || first === 0x5d || first === 0x7d) return looksLikeText(head) || isEncoded(head);
  return isEncoded(head) || (isText && looksLikeText(unquoted(head)));
}

/** zlib's header: deflate, and a check over both bytes (RFC 1950, section 2.2). */
function isZlib(first: number, second: number): boolean {
  return first === 0x78 && ((first << 8) | second) % 31 === 0;
}

function unquoted(head: Uint8Array): Uint8Array {
  return head[0] === 0x27 || head[0] === 0x22 ? head.subarray(1) : head;
}

/** A pickle of protocol 0 begins with text lines; one that is cut off looks the same. */
function looksLikeText(head: Uint8Array): boolean {
  const first = head[0] ?? 0;
  if (FIXED_BYTES[first] !== 0) return false;
  return head.includes(0x0a) && looksLikePickle(head, true);
}

function isEncoded(head: Uint8Array): boolean {
  const text = latin1(unquoted(head)).replace(/['"\s]+$/u, "");
  if (text.length < 12) return false;
  const probe = text.slice(0, PROBE_BYTES);
  if (HEX.test(probe.slice(0, probe.length & ~1))) return startsInside(Buffer.from(probe, "hex"));
  return BASE64.test(probe) && startsInside(Buffer.from(probe, "base64"));
}

/** Whether decoded bytes begin a pickle, or another coat of one. */
function startsInside(decoded: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = decoded;
  if (first === 0x80) return second <= 5 && IS_OPCODE[third] === 1;
  if (isZlib(first, second) || (first === 0x1f && second === 0x8b)) return true;
  return looksLikeText(decoded) || (decoded.length >= 24 && isEncoded(decoded));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Takes the coats off a string; null when no pickle comes out. `spend` counts what is unpacked and throws when it is too much. */
export function uncoat(bytes: Uint8Array, spend: (bytes: number) => void): Uint8Array | null {
  let inner = bytes;
  for (let layer = 0; layer <= MAX_LAYERS; layer += 1) {
    if (isBare(inner)) return inner;
    const next = uncoatOnce(inner, spend);
    if (next === null) return null;
    inner = next;
  }
  return null;
}

function isBare(bytes: Uint8Array): boolean {
  return looksLikePickle(bytes, false);
}

function uncoatOnce(bytes: Uint8Array, spend: (bytes: number) => void): Uint8Array | null {
  const [first = 0, second = 0] = bytes;
  if (isZlib(first, second)) return inflated(bytes, spend);
  if (first === 0x1f && second === 0x8b) return inflated(bytes, spend);
  const text = latin1(unquoted(bytes)).replace(/['"\s]+$/u, "");
  const decoded = HEX.test(text) ? Buffer.from(text, "hex") : BASE64.test(text) ? Buffer.from(text, "base64") : null;
  if (decoded === null || decoded.length < 4) return null;
  spend(decoded.length);
  return decoded;
}

function inflated(bytes: Uint8Array, spend: (bytes: number) => void): Uint8Array | null {
  try {
    const unpacked = unzipSync(bytes, { maxOutputLength: MAX_INFLATED, finishFlush: constants.Z_SYNC_FLUSH });
    spend(unpacked.length);
    return unpacked;
  } catch {
    return null;
  }
}
