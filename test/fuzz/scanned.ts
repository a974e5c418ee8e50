// The whole scan of one file as a reader for the fuzzer: every scanner that claims it, what is inside, and what is said of it.
import { AjarError } from "../../src/core/errors.ts";
import type { FileScan } from "../../src/core/scan.ts";
import type { ByteReader } from "../../src/core/source.ts";
import { scanFile } from "../../src/safety/dispatch.ts";

const OPTIONS = { effort: "whole", strict: true, signal: new AbortController().signal } as const;

/** Scans under a name; what was not understood in full counts as refused. */
export function scannedAs(path: string): (reader: ByteReader) => Promise<FileScan> {
  return async (reader) => {
    const scan = await scanFile(path, reader, OPTIONS);
    for (const { start, end, rule } of scan.hits) {
      if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
        throw new TypeError(`${rule} at ${start} to ${end}`);
      }
    }
    // A thread must be able to hand it over.
    structuredClone(scan);
    const { coverage } = scan;
    if (coverage.state !== "full") throw new AjarError("INCONSISTENT", coverage.detail, { offset: coverage.offset ?? 0 });
    return scan;
  };
}
