// The digest of a file with findings: a person must be able to tell that it is this file and no other.
import { createHash } from "node:crypto";
import { AjarError } from "../../core/errors.ts";
import type { Source, SourceEntry } from "../../core/source.ts";
import { hashFiles } from "../../identity/hash-pool.ts";
import { readerOf } from "./files.ts";

const CHUNK = 256 * 1024;

/** `sha256:<hex>` of a file; of one on this machine by a thread that needs little memory. @throws AjarError as the source, INTERRUPTED */
export async function sha256Of(source: Source, entry: SourceEntry, signal: AbortSignal): Promise<string> {
  const local = (await source.locate?.(entry.path)) ?? null;
  if (local === null || local.length !== entry.sizeBytes) return await streamed(source, entry, signal);
  const [outcome] = await hashFiles([{ bytes: local, shown: entry.path, wantsFile: true, spans: [] }], { signal, threads: 1 });
  if (outcome instanceof AjarError) throw outcome;
  return `sha256:${Buffer.from(outcome?.file ?? []).toString("hex")}`;
}

async function streamed(source: Source, entry: SourceEntry, signal: AbortSignal): Promise<string> {
  const reader = readerOf(source, entry);
  const hash = createHash("sha256");
  for (let at = 0; at < reader.sizeBytes; at += CHUNK) {
    if (signal.aborted) throw new AjarError("INTERRUPTED", "interrupted while hashing", { subject: entry.path });
    hash.update(await reader.read(at, Math.min(CHUNK, reader.sizeBytes - at)));
  }
  return `sha256:${hash.digest("hex")}`;
}
