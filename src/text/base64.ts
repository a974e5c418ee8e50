// Base64 in both alphabets (RFC 4648, sections 4 and 5), with or without padding, with something before or after it.
import { textStretches } from "./printable.ts";

const VALUES = new Uint8Array(128).fill(255);
for (const [at, char] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) VALUES[char.charCodeAt(0)] = at;
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** Value of a character of either alphabet, 255 for others. */
export function base64Value(unit: number): number {
  return unit < 0x80 ? (VALUES[unit] ?? 255) : 255;
}

/** A whole run may be short; what stands somewhere in a run must be longer than what chance makes of letters. */
const LEAST_WHOLE = 4;
const LEAST_PART = 9;

/** Texts that a run of base64 characters holds; line ends within it do not count. Empty when it holds none. */
export function fromBase64(run: string): string[] {
  const values = valuesOf(run);
  const whole = bytesOf(values, 0);
  const all = textStretches(whole, LEAST_WHOLE);
  if (all.length === 1 && Buffer.byteLength(all[0] ?? "") === whole.length) return all;
  const found: string[] = [];
  for (let skip = 0; skip < 4; skip += 1) found.push(...textStretches(skip === 0 ? whole : bytesOf(values, skip), LEAST_PART));
  return found;
}

function valuesOf(run: string): Uint8Array {
  const values = new Uint8Array(run.length);
  let length = 0;
  for (let at = 0; at < run.length; at += 1) {
    const value = VALUES[run.charCodeAt(at)] ?? 255;
    if (value !== 255) {
      values[length] = value;
      length += 1;
    }
  }
  return values.subarray(0, length);
}

function bytesOf(values: Uint8Array, skip: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((values.length - skip) * 3) / 4));
  let bits = 0;
  let held = 0;
  let length = 0;
  for (let at = skip; at < values.length; at += 1) {
    held = ((held << 6) | (values[at] ?? 0)) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (held >> bits) & 0xff;
    length += 1;
  }
  return bytes.subarray(0, length);
}
