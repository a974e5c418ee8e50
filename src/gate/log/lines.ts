// Lines of a file with their numbers, in bounded memory.
import { createReadStream } from "node:fs";
import { MAX_LINE_BYTES } from "./entry.ts";

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Without its line feed. Valid until the next line is asked for. */
  readonly bytes: Buffer;
  /** Offset of its first byte. */
  readonly start: number;
  /** False for a last line without line feed. */
  readonly ended: boolean;
  /** The line is longer than an entry may be; `bytes` is its beginning. */
  readonly tooLong: boolean;
}

const CHUNK_BYTES = 1024 ** 2;
const LINE_FEED = 0x0a;

/** Lines in lists as large as a piece of the file, so that a million of them do not cost a million promises. @throws the system's error */
export async function* linesOf(path: string): AsyncGenerator<readonly FileLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  let start = 0;
  let skipped = 0;
  const line = (bytes: Buffer, ended: boolean): FileLine => {
    number += 1;
    const made = { number, bytes, start, ended, tooLong: skipped > 0 };
    start += bytes.byteLength + skipped + (ended ? 1 : 0);
    skipped = 0;
    return made;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const buffer: Buffer = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: FileLine[] = [];
    let from = 0;
    for (let end = buffer.indexOf(LINE_FEED, 0); end !== -1; end = buffer.indexOf(LINE_FEED, from)) {
      lines.push(line(buffer.subarray(from, end), true));
      from = end + 1;
    }
    if (lines.length > 0) yield lines;
    rest = buffer.subarray(from);
    if (rest.byteLength > MAX_LINE_BYTES) {
      skipped += rest.byteLength - MAX_LINE_BYTES;
      rest = rest.subarray(0, MAX_LINE_BYTES);
    }
  }
  if (rest.byteLength > 0) yield [line(rest, false)];
}
