import { expect, test } from "vitest";
import { writeZip } from "../../test/formats/zip-writer.ts";
import { bytes, call, global, int, join, list, pickle, text } from "../../test/safety/pickle-writer.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "../formats/byte-reader.ts";
import { scanFile } from "./dispatch.ts";
import { MAX_RANGE_BYTES } from "./limits.ts";

const signal = new AbortController().signal;

/** Counts what is read. */
function counting(content: Uint8Array): ByteReader & { bytesRead: number } {
  const reader = new MemoryReader(content);
  const counted = {
    sizeBytes: content.length,
    bytesRead: 0,
    async read(start: number, length: number) {
      counted.bytesRead += length;
      return await reader.read(start, length);
    },
  };
  return counted;
}

const EVIL = call(global("os", "system"), text("echo pwned"));

test("by range a checkpoint's program is read and its numbers are not", async () => {
  const storage = { path: "m/data/0", content: new Uint8Array(20_000_000), method: 0 } as const;
  const reader = counting(writeZip([{ path: "m/data.pkl", content: pickle(EVIL), method: 0 }, storage]));
  const scan = await scanFile("m.pt", reader, { effort: "ranges", strict: false, signal });
  expect(scan.hits.map(({ rule }) => rule)).toContain("PK01");
  expect(scan.coverage.state).toBe("full");
  expect(reader.bytesRead).toBeLessThan(200_000);
});

test("by range a long pickle is read so far, and what it did by then is told", async () => {
  const filler = join(...Array.from({ length: 150 }, () => bytes(new Uint8Array(1_000_000))));
  const reader = counting(pickle(EVIL, list(filler), list(int(1))));
  const scan = await scanFile("m.pkl", reader, { effort: "ranges", strict: false, signal });
  expect(scan.hits.map(({ rule }) => rule)).toEqual(["PK01", "PK03"]);
  expect(scan.coverage).toMatchObject({ state: "partial", code: "not-scanned" });
  expect(reader.bytesRead).toBeLessThanOrEqual(MAX_RANGE_BYTES);
  const whole = await scanFile("m.pkl", reader, { effort: "whole", strict: false, signal });
  expect(whole.coverage.state).toBe("full");
});
