// The scan's place in an audit: what is cheap by range, in this thread. `ajar scan` reads it all.
import type { Skipped, SourceInventory } from "../../core/inventory.ts";
import type { Finding } from "../../core/release.ts";
import type { ScannedFile } from "../../core/scan.ts";
import type { ByteReader, Source } from "../../core/source.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { scanFile } from "../../safety/dispatch.ts";
import { isScanCandidate } from "./candidates.ts";
import { scanFiles } from "./files.ts";

interface AuditScan {
  readonly files: readonly ScannedFile[];
  readonly findings: readonly Finding[];
  /** Files of which something was left unread or not understood; the verdicts do not hang on them. */
  readonly skipped: readonly Skipped[];
}

/** Scans the files of an inventory that a loader may open. @throws AjarError INTERRUPTED, BUG */
export async function scanForAudit(
  source: Pick<Source, "read">,
  inventory: SourceInventory,
  context: { readonly signal: AbortSignal; readonly progress: (message: string) => void },
): Promise<AuditScan> {
  const entries = inventory.artifacts.filter(isScanCandidate);
  const texts = new Map(entries.map(({ path, text }) => [path, text]));
  const options = { effort: "ranges", strict: false, signal: context.signal } as const;
  const { files, findings } = await scanFiles({
    source: { ref: inventory.ref, listingComplete: inventory.listingComplete, read: (path, range) => source.read(path, range) },
    entries,
    jobs: 1,
    scan: (path, reader) => scanFile(path, inMemory(texts.get(path) ?? null, reader), options),
    progress: context.progress,
    digest: null,
  });
  return { files, findings, skipped: files.flatMap(skippedOf) };
}

/** Text that the inventory has read whole need not be read again. */
function inMemory(text: string | null, reader: ByteReader): ByteReader {
  if (text === null) return reader;
  const bytes = Buffer.from(text);
  // What is not UTF-8 or was cut has another length than its file.
  return bytes.length === reader.sizeBytes ? new MemoryReader(bytes) : reader;
}

function skippedOf({ path, coverage }: ScannedFile): readonly Skipped[] {
  if (coverage.state === "full" || coverage.code === "unread") return [];
  const reason = coverage.code === "over-limit" || coverage.code === "not-scanned" ? "over-limit" : "unsupported";
  return [{ path, reason, partial: false, detail: `safety scan: ${coverage.detail}` }];
}
