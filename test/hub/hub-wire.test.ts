// What a hostile hub may put into a listing, fuzzed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonBytes, stableRecord } from "../../src/sources/hub-record.ts";
import { HubListing } from "../../src/sources/hub-tree.ts";

const field = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.double(),
  fc.constant(null),
  fc.constantFrom("../x", "/x", "a/./b", "a\\..\\b", "@host/x", "C:x"),
);
const item = fc.oneof(
  fc.jsonValue(),
  fc.record({
    type: fc.constantFrom("file", "directory", 3),
    path: field,
    size: field,
    oid: field,
    lfs: fc.option(fc.record({ oid: field, size: field })),
  }),
);

describe("a listing", () => {
  it("holds only safe, sorted, unique paths and sane numbers, whatever the hub sends", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), (items) => {
        const listing = new HubListing(20);
        for (const each of items) listing.add(each);
        const entries = listing.files().map((file) => file.entry);
        const paths = entries.map((entry) => entry.path);
        expect(paths).toEqual([...new Set(paths)].sort());
        for (const entry of entries) {
          expect(entry.path.split("/")).not.toContain("..");
          expect(entry.path).not.toMatch(/^\/|^@host|\p{Cc}/u);
          expect(entry.sizeBytes === null || (Number.isSafeInteger(entry.sizeBytes) && entry.sizeBytes >= 0)).toBe(true);
          expect(entry.claimedSha256 ?? "0".repeat(64)).toMatch(/^[0-9a-f]{64}$/u);
        }
      }),
    );
  });
});

describe("the host's record", () => {
  it("is the same for the same facts in any order, and valid JSON for any answer", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (info) => {
        const reversed = Object.fromEntries(Object.entries(info).reverse());
        const record = new TextDecoder().decode(stableRecord(info, "model"));
        expect(new TextDecoder().decode(stableRecord(reversed, "model"))).toBe(record);
        expect(JSON.parse(record)).toMatchObject({ kind: "model" });
      }),
    );
  });

  it("keeps the host's count of parameters and the parents it names, and nothing that is no count", () => {
    const info = {
      safetensors: { total: 7, parameters: { F32: 7 } },
      gguf: { total: -1 },
      baseModels: { relation: "merge", models: [{ id: "b/c" }, { id: "a/b" }, 3] },
    };
    const record: unknown = JSON.parse(new TextDecoder().decode(stableRecord(info, "model")));
    expect(record).toMatchObject({ safetensors: { total: 7 }, baseModels: { relation: "merge", models: ["a/b", "b/c"] } });
    expect(record).not.toHaveProperty("gguf");
  });

  it("stands a card nested without end and a key named __proto__", () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    expect(() => jsonBytes(deep)).not.toThrow();
    const record = new TextDecoder().decode(jsonBytes(JSON.parse('{"__proto__":{"x":1},"b":2}')));
    expect(record).toContain("__proto__");
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});
