// One 512-byte tar header: ustar, GNU or the oldest form.
import { AjarError } from "../core/errors.ts";

export const BLOCK = 512;

export interface TarHeader {
  readonly path: string;
  readonly sizeBytes: number;
  /** One character; `0` for a plain file. */
  readonly type: string;
  readonly linkTarget: string;
  readonly offset: number;
}

export type PaxValues = ReadonlyMap<string, string>;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text up to the first NUL. */
export function textOf(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return decoder.decode(nul === -1 ? bytes : bytes.subarray(0, nul));
}

/** @throws AjarError NOT_THIS_FORMAT for a bad first header, INCONSISTENT for a later one */
export function parseTarHeader(block: Uint8Array, offset: number, isFirst: boolean): TarHeader {
  if (!checksumFits(block)) {
    throw new AjarError(isFirst ? "NOT_THIS_FORMAT" : "INCONSISTENT", `tar header at ${offset} has a wrong checksum`, { offset });
  }
  const typeByte = block[156] ?? 0;
  const name = textOf(block.subarray(0, 100));
  const isUstar = textOf(block.subarray(257, 263)) === "ustar";
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : "";
  return {
    path: prefix === "" ? name : `${prefix}/${name}`,
    sizeBytes: numberOf(block.subarray(124, 136), offset),
    type: typeByte === 0 ? "0" : String.fromCharCode(typeByte),
    linkTarget: textOf(block.subarray(157, 257)),
    offset,
  };
}

/** Whether the start of a file is a tar header, with or without ustar's mark. */
export function isTarHeader(head: Uint8Array): boolean {
  if (head.length < BLOCK || head[0] === 0) return false;
  // Asked of every file: few have an octal number here, and a sum over the block costs more than all other looks together.
  const stated = octalOf(head.subarray(148, 156));
  return stated !== null && stated !== 0 && checksumFits(head.subarray(0, BLOCK));
}

/** The sum counts the checksum's own place as spaces; old writers summed signed bytes. */
function checksumFits(block: Uint8Array): boolean {
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let index = 0; index < block.length; index += 1) {
    if (index >= 148 && index < 156) continue;
    const byte = block[index] ?? 0;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  const stated = octalOf(block.subarray(148, 156));
  return stated !== null && (stated === unsigned || stated === signed);
}

function octalOf(field: Uint8Array): number | null {
  const text = textOf(field).trim();
  if (text === "") return 0;
  return /^[0-7]{1,12}$/u.test(text) ? Number.parseInt(text, 8) : null;
}

/** Octal text, or base-256 when the first bit is set (GNU). */
function numberOf(field: Uint8Array, offset: number): number {
  const first = field[0] ?? 0;
  if (first < 0x80) {
    const value = octalOf(field);
    if (value === null) throw new AjarError("INCONSISTENT", `tar header at ${offset} states no size`, { offset });
    return value;
  }
  let value = first & 0x3f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  // The second bit is the sign: a negative size would walk backwards.
  if ((first & 0x40) !== 0 || !Number.isSafeInteger(value)) {
    throw new AjarError("OVER_LIMIT", `tar header at ${offset} states an impossible size`, { offset });
  }
  return value;
}

/** Records `<length> <key>=<value>\n` of a pax header. @throws AjarError INCONSISTENT with the offset */
export function parsePax(bytes: Uint8Array, offset: number): PaxValues {
  const values = new Map<string, string>();
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const space = bytes.indexOf(0x20, at);
    const digits = space === -1 || space - at > 8 ? "" : decoder.decode(bytes.subarray(at, space));
    const length = /^\d+$/u.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    if (length === 0 || end > bytes.length || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw new AjarError("INCONSISTENT", `tar pax record at ${offset + at} is broken`, { offset: offset + at });
    }
    values.set(decoder.decode(bytes.subarray(space + 1, equals)), decoder.decode(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return values;
}
