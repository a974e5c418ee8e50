// Whether a file is a zip, and which names its start and its end show: enough to tell the formats that are kept in zips apart.
import type { FileView } from "./scanner.ts";

const END_MARK = "PK\x05\x06";
const END_BYTES = 22;
const DIRECTORY_MARK = "PK\x01\x02";
const LOCAL_MARK = "PK\x03\x04";
const DIRECTORY_BYTES = 46;
const LOCAL_BYTES = 30;

/** An end record stands in the last bytes: what comes before may be anything. */
export function isZip({ tail }: FileView): boolean {
  const end = tail.length - END_BYTES;
  if (end < 0) return false;
  return Buffer.from(tail.buffer, tail.byteOffset, tail.length).lastIndexOf(END_MARK, end, "latin1") !== -1;
}

/** Names of members, as far as the first and last bytes hold their headers. */
export function namesIn({ head, tail }: FileView): ReadonlySet<string> {
  const names = new Set<string>();
  collect(tail, DIRECTORY_MARK, 28, DIRECTORY_BYTES, names);
  collect(head, LOCAL_MARK, 26, LOCAL_BYTES, names);
  return names;
}

function collect(bytes: Uint8Array, mark: string, lengthAt: number, headerBytes: number, names: Set<string>): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = text.indexOf(mark, 0, "latin1"); at !== -1; at = text.indexOf(mark, at + 4, "latin1")) {
    if (at + headerBytes > text.length) return;
    const length = text.readUInt16LE(at + lengthAt);
    names.add(text.toString("utf8", at + headerBytes, at + headerBytes + length));
  }
}
