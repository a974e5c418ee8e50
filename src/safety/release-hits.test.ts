import { expect, test } from "vitest";
import type { FileScan, SafetyHit } from "../core/scan.ts";
import { FULL } from "./combine.ts";
import type { ListedFile } from "./cross-file.ts";
import { digestHits, releaseHits } from "./release-hits.ts";

const listed = (path: string, more: Partial<ListedFile> = {}): ListedFile => ({
  path,
  sizeBytes: 10,
  content: "readable",
  scan: null,
  ...more,
});

/** A scan of a file with one tensor. */
function scanned(path: string, risk: FileScan["risk"], coverage: FileScan["coverage"] = FULL, tensors = 1): ListedFile {
  const tensor = { name: "w", dtype: "F32", shape: [1], place: null };
  const reading = { format: "made-up", risk, coverage, hits: [], parameters: 1, metadata: new Map<string, string>() };
  const readings = [{ ...reading, tensors: Array.from({ length: tensors }, () => tensor) }];
  return listed(path, { scan: { path, sizeBytes: 10, readings, risk, coverage, hits: [] } });
}

/** `rule variant path` of each hit. */
function found(...files: readonly ListedFile[]): readonly string[] {
  const shown = ({ rule, message }: SafetyHit): string => [rule, ...message.id.split(".").slice(2)].join(" ");
  return [...releaseHits(files)].flatMap(([path, hits]) => hits.map((hit) => `${shown(hit)} ${path}`)).sort();
}

test("RP05: a handler at the root is run by servers; deeper, or under another name, it is code like any other", () => {
  expect(found(listed("handler.py"), listed("inference.py"))).toEqual(["RP05 handler.py", "RP05 inference.py"]);
  expect(found(listed("code/handler.py"), listed("my_handler.py"), listed("handler.pyc"), listed("Handler.py"))).toEqual([]);
});

test.each([
  ["weights.bin", "/etc/passwd"],
  ["weights.bin", "../outside.bin"],
  ["a/b/weights.bin", "../../../outside.bin"],
  ["a/weights.bin", "x/../../../outside.bin"],
  ["weights.bin", "C:\\secrets"],
  ["weights.bin", "\\\\server\\share"],
  ["weights.bin", "..\\outside.bin"],
])("RP07: the link %s to %s leaves the release", (path, target) => {
  expect(found(listed(path, { content: "symlink", target }))).toEqual([`RP07 link ${path}`]);
});

test.each([
  ["weights.bin", "other.bin"],
  ["a/b/weights.bin", "../../other.bin"],
  ["a/weights.bin", "./x/../y.bin"],
  ["weights.bin", "a/../other.bin"],
  ["weights.bin", "..."],
])("RP07: the link %s to %s stays inside", (path, target) => {
  expect(found(listed(path, { content: "symlink", target }))).toEqual([]);
});

test("RP07: submodules and LFS pointers are told, and are no hazard", () => {
  const files = [listed("vendor", { content: "submodule", target: "https://example.org/x" }), listed("w.bin", { content: "lfs-pointer" })];
  expect(found(...files)).toEqual(["RP07 pointer w.bin", "RP07 submodule vendor"]);
  for (const hits of releaseHits(files).values()) expect(hits.map(({ severity }) => severity)).toEqual(["info"]);
});

test("RP08: a pickle is told when the same weights lie beside it as safetensors", () => {
  const pickle = scanned("pytorch_model.bin", "executes-by-design");
  const safe = scanned("model.safetensors", "cannot-execute");
  expect(found(pickle, safe)).toEqual(["RP08 pytorch_model.bin"]);
  expect(found(scanned("lora/weights.pt", "executes-by-design"), scanned("lora/weights.safetensors", "cannot-execute"))).toEqual([
    "RP08 lora/weights.pt",
  ]);
});

test("RP08: nothing is said where the other file is elsewhere, not understood, or the pickle holds no tensors", () => {
  const pickle = scanned("pytorch_model.bin", "executes-by-design");
  const partial = { state: "partial", code: "truncated", detail: "cut" } as const;
  expect(found(pickle, scanned("other/model.safetensors", "cannot-execute"))).toEqual([]);
  expect(found(pickle, scanned("model.safetensors", "cannot-execute", partial))).toEqual([]);
  expect(found(pickle, scanned("model.safetensors", "may-execute"))).toEqual([]);
  expect(found(scanned("pytorch_model.bin", "executes-by-design", FULL, 0), scanned("model.safetensors", "cannot-execute"))).toEqual([]);
});

test("RP09: a digest that was computed and is not the stated one is a hit; what was not computed is none", () => {
  const stated = "a".repeat(64);
  const [hit] = digestHits(stated, `sha256:${"b".repeat(64)}`, 7);
  expect(hit).toMatchObject({ rule: "RP09", start: 0, end: 7, quote: stated });
  expect(digestHits(stated, `sha256:${stated}`, 7)).toEqual([]);
  expect(digestHits(undefined, `sha256:${stated}`, 7)).toEqual([]);
  expect(digestHits(stated, `claimed-sha256:${"b".repeat(64)}`, 7)).toEqual([]);
});
