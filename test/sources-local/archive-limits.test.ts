// What archives may cost: nesting, bombs, counts, and archives that are cut short.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { source as archive } from "../../src/sources/archive.ts";
import { forms, members, open, type TarEntry, tarOf, tree, zipOf } from "./made-archives.ts";
import { context, entriesOf, errorOf, leavesNothingBehind, pathsOf, scratch, textAt } from "./support.ts";

leavesNothingBehind();

const nestings: readonly (readonly [string, Uint8Array])[] = [
  ["outer.zip", zipOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }])],
  ["outer.zip", zipOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)), stored: true }])],
  ["outer.tar", tarOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }])],
  ["outer.tar.gz", gzipSync(tarOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }]))],
];

test.each(nestings)("an archive inside %s is listed and read under its own name", async (name, bytes) => {
  const source = await open(name, bytes);
  expect(await pathsOf(source)).toEqual([
    "d/in.tar.gz",
    "d/in.tar.gz!README.md",
    "d/in.tar.gz!model.bin",
    "d/in.tar.gz!src/a.py",
    "d/in.tar.gz!src/b",
  ]);
  expect(await textAt(source, "d/in.tar.gz!src/a.py")).toBe("print()\n");
  expect(source.listingComplete).toBe(true);
  await source.close();
});

test("a zip inside a zip is read in place when it is stored, and unpacked once when it is packed", async () => {
  for (const stored of [true, false]) {
    const source = await open("r.zip", zipOf([{ name: "in.zip", content: zipOf(members), stored }]));
    expect(await textAt(source, "in.zip!README.md")).toBe("hello\n");
    await source.close();
  }
});

test("nesting stops at the limit and says where", async () => {
  let bytes = zipOf([{ name: "x", content: "x" }]);
  for (let depth = 0; depth < 4; depth += 1) bytes = zipOf([{ name: "n.zip", content: bytes }]);
  const source = await open("r.zip", bytes, { limits: { maxArchiveDepth: 3 } });
  expect(await pathsOf(source)).toEqual(["n.zip", "n.zip!n.zip", "n.zip!n.zip!n.zip"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe("n.zip!n.zip!n.zip: nested deeper than the limit of 3 archives, not opened");
  await source.close();
});

test("a broken archive inside another is reported and the rest is listed", async () => {
  const source = await open(
    "r.tar",
    tarOf([
      { name: "bad.zip", content: "no zip" },
      { name: "ok", content: "" },
    ]),
  );
  expect(await pathsOf(source)).toEqual(["bad.zip", "ok"]);
  expect(source.listingProblem).toMatch(/^bad\.zip: /u);
  await source.close();
});

test.each([
  [
    "r.tar.gz",
    gzipSync(
      tarOf([
        { name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) },
        { name: "after", content: "" },
      ]),
      { level: 9 },
    ),
  ],
  [
    "r.tar.zst",
    zstdCompressSync(
      tarOf([
        { name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) },
        { name: "after", content: "" },
      ]),
    ),
  ],
])("a bomb in %s is stopped by its ratio", async (name, bytes) => {
  expect(bytes.length).toBeLessThan(100_000);
  const outcome = await open(name, bytes, { limits: { maxRatio: 50 } }).catch((error: unknown) => error);
  if (outcome instanceof AjarError) expect(outcome.code).toBe("OVER_LIMIT");
  else if (outcome instanceof Error) throw outcome;
  else {
    const source = outcome as Awaited<ReturnType<typeof open>>;
    await entriesOf(source);
    expect(source.listingComplete).toBe(false);
    expect(source.listingProblem).toContain("over the ratio of 50");
    await source.close();
  }
});

test("a bomb in a zip is stopped when it is read", async () => {
  const source = await open("r.zip", zipOf([{ name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) }]), { limits: { maxRatio: 50 } });
  expect((await errorOf(source.read("bomb"))).code).toBe("OVER_LIMIT");
  await source.close();
});

test("members that share their bytes are reported", async () => {
  const one = zipOf([{ name: "a", content: "x".repeat(1000), stored: true }]);
  const end = one.length - 22;
  const start = one.readUInt32LE(end + 16);
  const entry = one.subarray(start, end);
  const tail = Buffer.from(one.subarray(end));
  tail.writeUInt16LE(2, 8);
  tail.writeUInt16LE(2, 10);
  tail.writeUInt32LE(entry.length * 2, 12);
  const second = Buffer.from(entry);
  second.write("b", 46);
  const source = await open("r.zip", Buffer.concat([one.subarray(0, start), entry, second, tail]));
  expect(await pathsOf(source)).toEqual(["a", "b"]);
  expect(source.listingProblem).toContain("share their bytes");
  await source.close();
});

test("unpacking to disk stops at the limit of bytes, whatever the number of archives", async () => {
  const inner = gzipSync(tarOf([{ name: "x", content: Buffer.alloc(600_000, "ab") }]));
  const outer = tarOf(["1", "2", "3"].map((name) => ({ name: `${name}.tgz`, content: inner })));
  const source = await open("r.tar", outer, { limits: { maxBytes: 1_300_000 } });
  expect(source.listingProblem).toContain("3.tgz: unpacks to more than");
  expect(await pathsOf(source)).toContain("2.tgz!x");
  await source.close();
});

test("an archive of more entries than the limit is listed up to it, or refused", async () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ name: `f${String(index).padStart(2, "0")}`, content: "" }));
  const tar = await open("r.tar", tarOf(many), { limits: { maxEntries: 10 } });
  expect(await pathsOf(tar)).toHaveLength(10);
  expect(tar.listingComplete).toBe(false);
  await tar.close();
  expect((await errorOf(open("r.zip", zipOf(many), { limits: { maxEntries: 10 } }))).code).toBe("OVER_LIMIT");
});

test.each(forms)("%s cut at every byte gives entries that are marked incomplete, or one AjarError", async (name, bytes) => {
  const small: readonly TarEntry[] = [
    { name: "a", content: "hello" },
    { name: "b/c", content: "x".repeat(30) },
  ];
  const whole = /\.(?:zip|whl)$/u.test(name)
    ? zipOf(small.map((entry) => ({ name: entry.name, content: entry.content ?? "" })))
    : name.endsWith(".tar")
      ? tarOf(small)
      : name.endsWith("zst")
        ? zstdCompressSync(tarOf(small))
        : gzipSync(tarOf(small));
  expect(bytes.length).toBeGreaterThan(0);
  const root = scratch();
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(join(root, name), whole.subarray(0, length));
    try {
      const source = await archive.open(name, context(root));
      const entries = await entriesOf(source);
      // A plain tar may lack its end marker; everything else that is missing is noticed.
      if (source.listingComplete) expect([name.endsWith(".tar"), entries.length % 1]).toEqual([true, 0]);
      for (const { path } of entries) await source.read(path).catch((error: unknown) => expect(error).toBeInstanceOf(AjarError));
      await source.close();
    } catch (error) {
      expect(error).toBeInstanceOf(AjarError);
      expect(error).toMatchObject({ message: expect.stringContaining(name) });
    }
  }
});
