// One line of the log: `{"hash":"<64 hex>",` and then, without its opening brace, the canonical JSON that the hash is over.
// So a line proves itself by its bytes alone, and anybody else gets the same by RFC 8785 over the line without `hash`.
import { AjarError } from "../../core/errors.ts";
import type { LogRecord } from "../contract.ts";
import { type Canonical, canonical, sha256 } from "../durable/canonical.ts";
import type { SealedContent } from "./content.ts";

export interface Link {
  readonly seq: number;
  /** SHA-256 (hex) of the entry; of what the log is (`genesis`) before the first. */
  readonly hash: string;
}

export interface Entry extends Link {
  readonly prev: string;
  readonly entry: LogRecord;
  readonly content?: SealedContent;
}

/** `{"hash":"` + 64 hex + `",`. */
const HASH_START = 9;
const HASH_END = HASH_START + 64;
const BODY_START = HASH_END + 2;
const OPENING = Buffer.from('{"hash":"');
const BRACE = "{".charCodeAt(0);
/** A line is read into memory whole. */
export const MAX_LINE_BYTES = 16 * 1024 ** 2;

export interface Written extends Link {
  /** With its line feed. */
  readonly line: string;
}

/** The line that follows `after`. @throws AjarError LOG_UNWRITABLE for an entry larger than a line may be */
export function lineAfter(after: Link, record: LogRecord, content: SealedContent | null): Written {
  const seq = after.seq + 1;
  const shared = { entry: record as unknown as Canonical, prev: after.hash, seq };
  const body = canonical(content === null ? shared : { ...shared, content: { ...content } });
  const hash = sha256(body);
  const line = `{"hash":"${hash}",${body.slice(1)}\n`;
  if (line.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(line) > MAX_LINE_BYTES) {
    throw new AjarError("LOG_UNWRITABLE", `an entry of more than ${MAX_LINE_BYTES} bytes`, { hint: "Keep less content in the log." });
  }
  return { seq, hash, line };
}

/** What a line says, and the hash of what it says. */
export interface ReadLine {
  readonly entry: Entry;
  /** Equal to `entry.hash` in an entry that nobody touched. */
  readonly computed: string;
}

/** Null for bytes that are no entry at all. `line` has no line feed; it is changed while it is read and left as it was. */
export function readLine(line: Buffer): ReadLine | null {
  if (line.byteLength <= BODY_START || line.compare(OPENING, 0, HASH_START, 0, HASH_START) !== 0) return null;
  const before = line[BODY_START - 1];
  if (line[HASH_END] !== 0x22 || before !== 0x2c) return null;
  line[BODY_START - 1] = BRACE;
  const computed = sha256(line.subarray(BODY_START - 1));
  line[BODY_START - 1] = before;
  const entry = entryOf(line);
  return entry === null ? null : { entry, computed };
}

function entryOf(line: Buffer): Entry | null {
  let value: Partial<Entry>;
  try {
    value = Object(JSON.parse(line.toString("utf8")));
  } catch {
    return null;
  }
  const { seq, prev, hash, entry } = value;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return null;
  if (typeof prev !== "string" || typeof hash !== "string" || typeof entry !== "object" || entry === null) return null;
  return value as Entry;
}
