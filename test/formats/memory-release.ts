// A source inventory made of bytes in memory, for detectors that read by range.
import { createHash } from "node:crypto";
import { AjarError } from "../../src/core/errors.ts";
import type { Artifact, Role } from "../../src/core/inventory.ts";
import type { DetectorContext } from "../../src/detectors/detector.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";

export interface MemoryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly roles?: readonly Role[];
  readonly content?: Artifact["content"];
  /** Reading fails with this. */
  readonly failure?: AjarError;
}

export interface MemoryRelease extends DetectorContext {
  readonly bytesRead: () => number;
}

export function memoryRelease(files: readonly MemoryFile[]): MemoryRelease {
  let bytesRead = 0;
  const artifacts = files.map(({ path, bytes, roles, content }): Artifact => {
    return {
      path,
      sizeBytes: bytes.length,
      content: content ?? "readable",
      roles: roles ?? (path.endsWith(".json") ? ["weights-index"] : ["weights"]),
      digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      text: null,
      thirdParty: false,
    };
  });
  return {
    source: {
      ref: "memory",
      kind: "folder",
      revision: null,
      part: "all",
      digest: "sha256:0",
      artifacts,
      listingComplete: true,
      listingProblem: null,
      skipped: [],
      filesListed: files.length,
      filesRead: 0,
      bytesRead: 0,
    },
    document: () => null,
    async read(path, { start, length }) {
      const file = files.find((candidate) => candidate.path === path);
      if (file === undefined) throw new AjarError("NOT_FOUND", "no such file", { subject: path });
      if (file.failure !== undefined) throw file.failure;
      bytesRead += length;
      return new MemoryReader(file.bytes).read(start, Math.min(length, file.bytes.length - start));
    },
    bytesRead: () => bytesRead,
  };
}
