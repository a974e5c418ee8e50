// Scans bytes in memory as a test needs them.
import type { FileScan } from "../../src/core/scan.ts";
import { scanBytes } from "../../src/safety/dispatch.ts";

const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

export async function scanOf(path: string, bytes: Uint8Array): Promise<FileScan> {
  return await scanBytes(path, bytes, OPTIONS);
}

/** Rule, variant and severity of every hit, e.g. `ON01.traversal high`. */
export function hitNames(scan: FileScan): readonly string[] {
  return scan.hits.map(({ message, severity }) => `${message.id.slice("safety.".length)} ${severity}`);
}
