import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { deriveIndex } from "../../scripts/derive-licenses.ts";
import { openIndex } from "../../src/licenses/license-index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const committed = readFileSync(fileURLToPath(new URL("../../rules/data/licenses.bin", import.meta.url)));

describe("the committed license index", () => {
  it("is what its records, fingerprints and the SPDX package give", () => {
    expect(Buffer.compare(Buffer.from(deriveIndex(root)), committed)).toBe(0);
  });

  it("is refused when it is not an index of this layout", () => {
    const read = (bytes: Uint8Array) => (position: number, length: number) => bytes.slice(position, position + length);
    expect(() => openIndex(read(new Uint8Array(4096)))).toThrow(/not a license index/u);
    expect(() => openIndex(read(Uint8Array.from(committed).fill(7, 0, 8)))).toThrow(/not a license index/u);
  });
});
