import { describe, expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../../test/formats/hostile.ts";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { readMsgpack } from "../../formats/msgpack.ts";

const file = fixture("flax/flax_model.msgpack");
const latin1 = (text: string) => Buffer.from(text, "latin1");
/** {"p": {"x": leaf}}. */
const tree = (leaf: Uint8Array) => Buffer.concat([latin1("\x81\xa1p\x81\xa1x"), leaf]);

test("numbers lie where the reading says", async () => {
  const { arrays } = await readMsgpack(new MemoryReader(file));
  const kernel = arrays.find(({ name }) => name.endsWith("kernel"));
  expect(Buffer.from(file).readFloatLE((kernel?.end ?? 4) - 4)).toBe(11);
});

describe("what no honest checkpoint holds", () => {
  const pickle = latin1("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x01x\x85R.");
  test.each([
    ["an unknown extension", tree(latin1("\xd4\x09z")), ["JX01.extension medium"]],
    ["objects", tree(latin1("\xc7\x0c\x01\x93\x91\x01\xa6object\xc4\x00")), ["JX01.objects high"]],
    ["bytes behind it", Buffer.concat([file, Buffer.alloc(3)]), ["JX01.trailing medium"]],
    ["plain bytes", tree(latin1("\xc4\x02xy")), []],
  ])("%s", async (_, bytes, hits) => {
    expect(hitNames(await scanOf("m.msgpack", bytes))).toEqual(hits);
  });

  test("a pickle in a leaf is scanned as one", async () => {
    const leaf = Buffer.concat([Buffer.from([0xc4, pickle.length]), pickle]);
    const scan = await scanOf("m.msgpack", tree(leaf));
    expect(hitNames(scan)).toEqual(expect.arrayContaining(["JX01.nested medium", "PK01 critical"]));
    expect(scan.risk).toBe("executes-by-design");
  });

  test("an extension that nobody knows leaves a gap", async () => {
    expect((await scanOf("m.msgpack", tree(latin1("\xd4\x09z")))).coverage).toMatchObject({ state: "partial", code: "unsupported" });
  });
});

describe("a hostile file", () => {
  test.each([
    ["no map", latin1("\x93\x01\x02\x03"), "NOT_THIS_FORMAT"],
    ["a map of four billion entries", latin1("\xdf\xff\xff\xff\xffaaaa"), "TRUNCATED"],
    ["a key that is no text", latin1("\x81\x01\x02"), "INCONSISTENT"],
    ["a type that does not exist", latin1("\x81\xa1a\xc1"), "INCONSISTENT"],
    ["maps without end", latin1("\x81\xa1a".repeat(100)), "OVER_LIMIT"],
    ["an array longer than its frame", tree(latin1("\xc7\x0d\x01\x93\x91\x01\xa7float32\xc4\x7f")), "TRUNCATED"],
  ])("is refused: %s", async (_, bytes, code) => {
    const result = await outcome(readMsgpack, bytes);
    expect(result === "read" ? result : result.code).toBe(code);
  });

  test("is refused when cut, and never crashes the reader when changed", async () => {
    expect(await readLengths(readMsgpack, file)).toEqual([]);
    expect(await surviveMutations(readMsgpack, file, 4000, 13)).toBeGreaterThan(0);
  });
});
