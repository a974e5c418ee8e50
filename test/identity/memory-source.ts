// A source made of bytes in memory.
import { createHash } from "node:crypto";
import { AjarError } from "../../src/core/errors.ts";
import type { ByteRange, Source, SourceEntry } from "../../src/core/source.ts";
import { compareText } from "../../src/core/text.ts";

export type MemoryFiles = Readonly<Record<string, Uint8Array>>;

/** `entries` replaces parts of what is listed of a path, or lists one without content. */
export function memorySource(files: MemoryFiles, entries: Readonly<Record<string, Partial<SourceEntry>>> = {}): Source {
  const paths = [...new Set([...Object.keys(files), ...Object.keys(entries)])].sort(compareText);
  return {
    ref: "memory",
    kind: "folder",
    revision: null,
    listingComplete: true,
    listingProblem: null,
    usage: { bytesRead: 0, requests: 0 },
    async *list() {
      for (const path of paths) yield { path, sizeBytes: files[path]?.length ?? null, content: "readable", ...entries[path] };
    },
    async read(path: string, range?: ByteRange) {
      const bytes = files[path];
      if (bytes === undefined) throw new AjarError("NOT_FOUND", "no such file", { subject: path });
      return range === undefined ? bytes : bytes.subarray(range.start, range.start + range.length);
    },
    async close() {},
  };
}

export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
