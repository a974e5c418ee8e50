// What an earlier process left: the end of the last segment, and behind it what a killed process or a lost disk did not finish.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Checkpoint } from "./checkpoint.ts";
import { type Link, type ReadLine, readLine } from "./entry.ts";
import { genesis, type LogIdentity, segmentFirst } from "./identity.ts";
import { type FileLine, linesOf } from "./lines.ts";

/** Bytes behind the last whole entry, which are no entry. */
export interface TornTail {
  readonly segment: string;
  readonly start: number;
  readonly bytes: number;
}

export interface FoundEnd {
  readonly head: Link;
  /** Null for a log without entries. */
  readonly segment: { readonly name: string; readonly bytes: number } | null;
  readonly torn: TornTail | null;
}

/** Names of the segments, first entries first. */
export function segmentNames(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && segmentFirst(entry.name) !== null)
    .map(({ name }) => name)
    .sort();
}

/** Where the log ends, read from its last segment. A text says why it cannot go on. @throws the system's error */
export async function findEnd(folder: string, identity: LogIdentity, checkpoint: Checkpoint | null): Promise<FoundEnd | string> {
  const names = [...segmentNames(folder)];
  let torn: TornTail | null = null;
  let goesOn: FoundEnd["segment"] = null;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const scanned = await scanSegment(folder, name, checkpoint);
    if (typeof scanned === "string") return scanned;
    torn ??= scanned.torn;
    goesOn ??= { name, bytes: scanned.bytes };
    // A segment that was only just begun: its name says what the one before must end with.
    if (scanned.head === null) continue;
    return checked({ head: scanned.head, segment: goesOn, torn }, checkpoint);
  }
  return checked({ head: genesis(identity), segment: goesOn, torn }, checkpoint);
}

function checked(end: FoundEnd, checkpoint: Checkpoint | null): FoundEnd | string {
  if (checkpoint !== null && end.head.seq < checkpoint.seq)
    return `ends at entry ${end.head.seq}, before entry ${checkpoint.seq} that was signed`;
  const first = end.segment === null || end.segment.bytes > 0 ? null : segmentFirst(end.segment.name);
  if (first !== null && first !== end.head.seq + 1) return `${end.segment?.name}: the entries before it are missing`;
  return end;
}

interface Scanned {
  /** Null for a segment without a whole entry. */
  readonly head: Link | null;
  /** Up to the end of the last whole entry. */
  readonly bytes: number;
  readonly torn: TornTail | null;
}

async function scanSegment(folder: string, name: string, checkpoint: Checkpoint | null): Promise<Scanned | string> {
  const found: { head: Link | null; bytes: number; size: number } = { head: null, bytes: 0, size: 0 };
  for await (const lines of linesOf(join(folder, name))) {
    for (const line of lines) {
      const problem = take(found, line, name, checkpoint);
      if (problem !== null) return `${name}:${line.number}: ${problem}`;
    }
  }
  const { head, bytes, size } = found;
  return { head, bytes, torn: size > bytes ? { segment: name, start: bytes, bytes: size - bytes } : null };
}

function take(
  found: { head: Link | null; bytes: number; size: number },
  line: FileLine,
  name: string,
  checkpoint: Checkpoint | null,
): string | null {
  found.size = line.start + line.bytes.byteLength + (line.ended ? 1 : 0);
  const read = line.ended && !line.tooLong ? readLine(line.bytes) : null;
  if (read === null) return null;
  // An entry behind one that is broken: nobody but a hand does that.
  const problem = found.bytes === line.start ? problemOf(read, found.head, name, checkpoint) : NO_LINK;
  found.head = { seq: read.entry.seq, hash: read.entry.hash };
  found.bytes = found.size;
  return problem;
}

const NO_LINK = "an entry that does not follow the one before";

function problemOf({ entry, computed }: ReadLine, head: Link | null, name: string, checkpoint: Checkpoint | null): string | null {
  const { seq, prev, hash } = entry;
  const follows = head === null ? seq === segmentFirst(name) : seq === head.seq + 1 && prev === head.hash;
  if (!follows || computed !== hash) return NO_LINK;
  return checkpoint?.seq === seq && checkpoint.head !== hash ? "another entry than was signed" : null;
}

/** Keeps the torn bytes in a file of their own and cuts the segment. Gives the name of that file and its SHA-256 (hex). @throws the system's error */
export async function setAside(
  folder: string,
  { segment, start, bytes }: TornTail,
): Promise<{ readonly name: string; readonly sha256: string }> {
  const taken = new Set(readdirSync(folder));
  let name = `${segment}.torn`;
  for (let number = 2; taken.has(name); number += 1) name = `${segment}.torn${number}`;
  const path = join(folder, segment);
  await pipeline(
    createReadStream(path, { start, end: start + bytes - 1 }),
    createWriteStream(join(folder, name), { flags: "wx", mode: 0o600, flush: true }),
  );
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(join(folder, name))) digest.update(chunk);
  await using handle = await open(path, "r+");
  await handle.truncate(start);
  await handle.sync();
  return { name, sha256: digest.digest("hex") };
}
