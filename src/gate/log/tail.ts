import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isSystemError } from "../durable/files.ts";

/** Far more than a checkpoint takes. */
const TAIL_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** The last line that ended with a line feed, and the offset after it; what follows was not finished. @throws the system's error */
export function lastLine(path: string): { readonly text: string | null; readonly end: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return { text: null, end: 0 };
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - start);
    readSync(descriptor, bytes, 0, bytes.byteLength, start);
    const last = bytes.lastIndexOf(LINE_FEED);
    if (last === -1) return { text: null, end: start };
    const before = last === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, last - 1);
    return { text: bytes.subarray(before + 1, last).toString("utf8"), end: start + last + 1 };
  } finally {
    closeSync(descriptor);
  }
}
