import fc from "fast-check";
import { expect, test } from "vitest";
import { LFS_POINTER_MAX_BYTES, LFS_POINTER_MIN_BYTES, parseLfsPointer } from "./lfs.ts";

const SHA256 = "0123456789abcdef".repeat(4);
const pointer = (size: number | string): string => `version https://git-lfs.github.com/spec/v1\noid sha256:${SHA256}\nsize ${size}\n`;

test("a pointer gives the digest and size it claims", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (size) => {
      expect(parseLfsPointer(Buffer.from(pointer(size)))).toEqual({ sha256: SHA256, sizeBytes: size });
    }),
  );
});

test("the shortest pointer is as long as the bound says", () => {
  expect(Buffer.from(pointer(1)).length).toBeGreaterThanOrEqual(LFS_POINTER_MIN_BYTES);
});

test.each([
  ["another first line", pointer(1).replace("v1", "v9")],
  ["no digest", pointer(1).replace("oid", "xid")],
  ["a size that no number holds", pointer("99999999999999999999")],
  ["a text that speaks of pointers", `see ${pointer(1)}`],
  ["a file over the bound", pointer(1).padEnd(LFS_POINTER_MAX_BYTES + 1)],
])("%s is no pointer", (_, text) => {
  expect(parseLfsPointer(Buffer.from(text))).toBeNull();
});

test("no cut of a pointer passes for a whole one", () => {
  const text = pointer(123456);
  for (let length = 0; length < text.length - 7; length += 1) expect(parseLfsPointer(Buffer.from(text.slice(0, length)))).toBeNull();
});
