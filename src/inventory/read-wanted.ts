import { createHash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import type { Skipped, SkipReason } from "../core/inventory.ts";
import type { ContentState, Source } from "../core/source.ts";
import { MAX_CODE_FILES, MAX_CONFIGS, MAX_DOCUMENTS, MAX_TOTAL_BYTES, type Wanted } from "./wanted.ts";

export interface ReadText {
  readonly text: string;
  /** `sha256:<hex>` of the bytes. */
  readonly digest: string;
}

export interface ReadResult {
  readonly texts: ReadonlyMap<string, ReadText>;
  readonly skipped: readonly Skipped[];
  readonly bytesRead: number;
}

/** Bytes looked at to tell text from binary content. */
const BINARY_PROBE = 8_192;

/** Hosts answer one request at a time slowly and several at once no slower; more would look like an attack. */
const NETWORK_READS = 6;

/** Reads the wanted files within the limits; a file that cannot be read is a skip, not an error. */
export async function readWanted(source: Source, wanted: readonly Wanted[], signal: AbortSignal | undefined): Promise<ReadResult> {
  const { admitted, skipped } = admit(source, wanted);
  const texts = new Map<string, ReadText>();
  let bytesRead = 0;
  const parallel = source.kind === "hub-model" || source.kind === "hub-dataset" ? NETWORK_READS : 1;
  for (let at = 0; at < admitted.length; at += parallel) {
    signal?.throwIfAborted();
    const results = await Promise.all(admitted.slice(at, at + parallel).map((item) => readOne(source, item)));
    for (const result of results) {
      if ("skip" in result) skipped.push(result.skip);
      else {
        bytesRead += result.bytes;
        if (result.read !== null) texts.set(result.path, result.read);
      }
    }
  }
  return { texts, skipped, bytesRead };
}

interface Admission {
  readonly admitted: readonly Wanted[];
  readonly skipped: Skipped[];
}

function admit(source: Source, wanted: readonly Wanted[]): Admission {
  const skipped: Skipped[] = [];
  const admitted: Wanted[] = [];
  const counts = { primary: 0, secondary: 0, code: 0 };
  let planned = 0;
  for (const item of wanted) {
    const refusal = refusalOf(source, item, counts[item.need], planned);
    if (refusal !== null) {
      if (refusal.listed) skipped.push(refusal.skip);
      continue;
    }
    counts[item.need] += 1;
    planned += Math.min(item.entry.sizeBytes ?? item.maxBytes, item.maxBytes);
    admitted.push(item);
  }
  return { admitted, skipped };
}

interface Refusal {
  readonly skip: Skipped;
  readonly listed: boolean;
}

function refusalOf(source: Source, item: Wanted, count: number, planned: number): Refusal | null {
  const { entry, need, maxBytes } = item;
  const isCode = need === "code";
  const reason = REASON_OF_STATE[entry.content];
  if (reason !== null) return { skip: { path: entry.path, reason, partial: isPartial(source, item, reason) }, listed: !isCode };
  const limit = isCode ? MAX_CODE_FILES : item.roles.includes("config") ? MAX_CONFIGS : MAX_DOCUMENTS;
  const isOver = (entry.sizeBytes ?? 0) > maxBytes || count >= limit || planned >= MAX_TOTAL_BYTES;
  if (!isOver) return null;
  return { skip: { path: entry.path, reason: "over-limit", partial: isDocument(item) }, listed: isDocument(item) };
}

function isDocument({ need, roles }: Wanted): boolean {
  return need !== "code" && !roles.includes("config") && !roles.includes("weights-index");
}

const REASON_OF_STATE: Readonly<Record<ContentState, SkipReason | null>> = {
  readable: null,
  "not-recorded": "not-recorded",
  gated: "gated",
  "lfs-pointer": "lfs-pointer",
  submodule: "submodule",
  symlink: "symlink",
  unsupported: "unsupported",
  unreadable: "unreadable",
};

/** A recording holds a choice of documents by design; links and pointers stand for content that is elsewhere. */
function isPartial(source: Source, item: Wanted, reason: SkipReason): boolean {
  const { need } = item;
  if (reason === "symlink" || reason === "submodule" || need === "code") return false;
  if (reason !== "not-recorded" || source.kind !== "recorded") return true;
  return need === "primary" && (item.roles.includes("license") || !item.entry.path.includes("/"));
}

type OneResult = { readonly path: string; readonly read: ReadText | null; readonly bytes: number } | { readonly skip: Skipped };

async function readOne(source: Source, item: Wanted): Promise<OneResult> {
  const { path, sizeBytes } = item.entry;
  try {
    // One byte more than allowed shows that a file of unknown size goes on.
    const bytes = sizeBytes === null ? await source.read(path, { start: 0, length: item.maxBytes + 1 }) : await source.read(path);
    if (bytes.length > item.maxBytes) return { skip: { path, reason: "over-limit", partial: item.need !== "code" } };
    const text = isBinary(bytes) ? null : decode(bytes);
    // Code and configs under such names may be anything; a document is meant to be read.
    if (text === null && isDocument(item)) return { skip: { path, reason: "malformed", detail: NOT_TEXT, partial: true } };
    if (text === null) return { path, read: null, bytes: bytes.length };
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    return { path, read: { text, digest }, bytes: bytes.length };
  } catch (error) {
    if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || error.code === "BUG") throw error;
    const reason = SKIP_OF_CODE[error.code] ?? "unreadable";
    return { skip: { path, reason, detail: error.message, partial: item.need !== "code" } };
  }
}

const SKIP_OF_CODE: Readonly<Partial<Record<AjarError["code"], SkipReason>>> = {
  NOT_RECORDED: "not-recorded",
  GATED: "gated",
  OVER_LIMIT: "over-limit",
  DIGEST_MISMATCH: "digest-mismatch",
  UNSUPPORTED: "unsupported",
  TRUNCATED: "malformed",
  INCONSISTENT: "malformed",
};

const NOT_TEXT = "not text in UTF-8 or UTF-16";
/** Share of characters that may be damaged before a text is one in another encoding, or none. */
const MOST_DAMAGED = 0.05;

/** Null where too much of it is no text in the encoding; a damaged character here and there is replaced. */
function decode(bytes: Uint8Array): string | null {
  const isUtf16 = bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  const text = new TextDecoder(isUtf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
  const damaged = text.split("\uFFFD").length - 1;
  return damaged > text.length * MOST_DAMAGED ? null : text;
}

function isBinary(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff || bytes[0] === 0xfe) return false;
  return bytes.subarray(0, BINARY_PROBE).includes(0);
}
