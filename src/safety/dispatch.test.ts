import { describe, expect, test } from "vitest";
import { AjarError } from "../core/errors.ts";
import { scanBytes, scanFile } from "./dispatch.ts";
import { findingsOf, scannedFile } from "./result.ts";

const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

function npy(descr: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2,), }\n`;
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\0", "latin1"), Buffer.from([header.length, 0]), Buffer.from(header), data]);
}

describe("one file", () => {
  test("is read by the scanner that knows its content, whatever its name", async () => {
    const scan = await scanBytes("weights.bin", npy("<f4", new Uint8Array(8)), OPTIONS);
    expect(scan).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
    expect(scan.readings).toMatchObject([{ format: "npy", parameters: 2, tensors: [{ dtype: "<f4", shape: [2] }] }]);
  });

  test("whose name promises another format is reported", async () => {
    const scan = await scanBytes("model.safetensors", npy("<f4", new Uint8Array(8)), OPTIONS);
    expect(scan.hits).toMatchObject([{ rule: "ZP11", message: { id: "safety.ZP11", args: { format: "npy" } } }]);
  });

  test("that no reader knows is never clean when something may load it", async () => {
    for (const path of ["model.safetensors", "weights.bin"]) {
      const scan = await scanBytes(path, Uint8Array.from([1, 2, 3, 0, 200]), OPTIONS);
      expect(scan).toMatchObject({ risk: "unknown", coverage: { state: "none", code: "unknown-format" } });
    }
    expect((await scanBytes("README", Buffer.from("just text\n"), OPTIONS)).coverage).toEqual({ state: "full" });
  });

  test("holding objects is as risky as the pickle inside, which is not skipped in silence", async () => {
    const scan = await scanBytes("labels.npy", npy("|O", Buffer.from([0x80, 4, 0x4e, 0x2e])), OPTIONS);
    expect(scan.risk).toBe("executes-by-design");
    expect(scan.hits.map(({ rule }) => rule)).toContain("NP01");
  });

  test("that breaks off is no clean one", async () => {
    const whole = npy("<f4", new Uint8Array(8));
    const scan = await scanBytes("a.npy", whole.subarray(0, 20), OPTIONS);
    expect(scan.coverage).toMatchObject({ state: "none", code: "truncated" });
  });

  test("that cannot be read says so", async () => {
    const failing = { sizeBytes: 10, read: () => Promise.reject(new AjarError("UNREACHABLE", "the host is away")) };
    const scan = await scanFile("a.npy", failing, OPTIONS);
    expect(scan.coverage).toMatchObject({ state: "none", code: "unread", detail: "the host is away" });
  });
});

test("findings on a file that nothing loads are lowered and keep their evidence", async () => {
  const scan = await scanBytes("model.safetensors", npy("|O", Buffer.from([0x80, 4, 0x4e, 0x2e])), OPTIONS);
  const placed = { source: "memory", digest: "sha256:00" };
  const [loud] = findingsOf(scan, placed, { loaded: "first" });
  const [quiet] = findingsOf(scan, placed, { loaded: "no", because: { id: "loaded.training" } });
  expect([loud?.severity, quiet?.severity]).toEqual(["medium", "info"]);
  expect(quiet?.evidence).toEqual([expect.objectContaining({ path: "model.safetensors", digest: "sha256:00" })]);
  const row = scannedFile(scan, "sha256:00", { loaded: "unknown" });
  expect(row).toMatchObject({ format: "npy", loaded: "unknown", tensors: 1, metadata: { dtype: "|O" } });
});
