import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { compareText } from "../../src/core/text.ts";
import { source as recorded } from "../../src/sources/recorded.ts";
import { context, entriesOf, errorOf, scratch, textAt, write } from "./support.ts";

const COMMIT = "c".repeat(40);
const OID = "0".repeat(40);
const SHA = "ab".repeat(32);

type Line = Readonly<Record<string, unknown>>;

interface Recording {
  readonly tree?: readonly (Line | string)[];
  readonly manifest?: readonly (Line | string)[];
  readonly files?: Readonly<Record<string, string>>;
  readonly release?: string;
}

const lines = (records: readonly (Line | string)[]): string =>
  records.map((record) => (typeof record === "string" ? record : JSON.stringify(record))).join("\n");

const stated = (path: string, content: string): Line => ({
  path,
  kind: "doc",
  oid: OID,
  size: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
});

const file = (path: string, more: Line = {}): Line => ({ path, size: 3, oid: OID, mode: "100644", ...more });

function record(recording: Recording): string {
  const root = scratch();
  const files = recording.files ?? {};
  write(root, {
    "release.json": recording.release ?? JSON.stringify({ name: "A", commit: COMMIT }),
    "tree.jsonl": lines(recording.tree ?? []),
    "manifest.jsonl": lines(recording.manifest ?? Object.entries(files).map(([path, content]) => stated(path, content))),
  });
  for (const [path, content] of Object.entries(files)) write(root, { [`files/${path}`]: content });
  return root;
}

const open = (root: string) => recorded.open(`recorded:${root}`, context(root));

test("a recording gives its commit, its entries in order and the contents it holds", async () => {
  const root = record({
    tree: [
      file("src/train.py"),
      file("README.md", { copied: true, size: 5 }),
      file("model.bin", { lfs: { sha256: SHA, size: 99 } }),
      { path: "vendor/x", size: null, oid: "1".repeat(40), mode: "160000", submodule: true },
      { path: "big.bin", size: null, oid: OID, mode: "100644", missing: true },
      file("link", { mode: "120000" }),
    ],
    files: { "README.md": "hello" },
  });
  const source = await open(root);
  expect(source.revision).toBe(COMMIT);
  expect(await entriesOf(source)).toEqual([
    { path: "README.md", sizeBytes: 5, content: "readable", gitOid: OID },
    { path: "big.bin", sizeBytes: null, content: "not-recorded", gitOid: OID },
    { path: "link", sizeBytes: null, content: "symlink", gitOid: OID },
    { path: "model.bin", sizeBytes: 99, content: "lfs-pointer", gitOid: OID, claimedSha256: SHA },
    { path: "src/train.py", sizeBytes: 3, content: "not-recorded", gitOid: OID },
    { path: "vendor/x", sizeBytes: null, content: "submodule", gitOid: "1".repeat(40), target: "1".repeat(40) },
  ]);
  expect(source.listingComplete).toBe(true);
  expect(await textAt(source, "README.md")).toBe("hello");
  expect(Buffer.from(await source.read("README.md", { start: 1, length: 3 })).toString()).toBe("ell");
  for (const path of ["src/train.py", "big.bin", "model.bin", "vendor/x", "link"]) {
    expect((await errorOf(source.read(path))).code).toBe("NOT_RECORDED");
  }
  expect((await errorOf(source.read("labels.json"))).code).toBe("NOT_FOUND");
});

test.each([
  ["another content of the same length", "hallo"],
  ["a shorter content", "hi"],
])("%s than the manifest's is refused", async (_, content) => {
  const root = record({ tree: [file("a", { copied: true, size: 5 })], files: { a: "hello" } });
  writeFileSync(join(root, "files/a"), content);
  const error = await errorOf((await open(root)).read("a", { start: 0, length: 1 }));
  expect(error.code).toBe("DIGEST_MISMATCH");
  expect(error.message).toContain("the manifest says");
});

test("a content swapped after it was verified is verified again", async () => {
  const root = record({ tree: [file("a", { copied: true, size: 5 })], files: { a: "hello" } });
  const source = await open(root);
  await source.read("a");
  writeFileSync(join(root, "files/a"), "hallo");
  expect((await errorOf(source.read("a"))).code).toBe("DIGEST_MISMATCH");
});

test("a recorded file that is a link leads nowhere", async () => {
  const root = record({ tree: [file("a", { copied: true }), file("d/b", { copied: true })], files: { a: "abc", "d/b": "abc" } });
  rmSync(join(root, "files/a"));
  symlinkSync("/etc/hostname", join(root, "files/a"));
  rmSync(join(root, "files/d"), { recursive: true });
  symlinkSync("/etc", join(root, "files/d"));
  const source = await open(root);
  expect((await errorOf(source.read("a"))).code).toBe("UNSAFE_PATH");
  expect((await errorOf(source.read("d/b"))).code).toBe("UNSAFE_PATH");
});

test("a person's verdict beside the recording is never opened", async () => {
  const root = record({ tree: [file("labels.json", { copied: true })], files: { "labels.json": "abc" } });
  // A folder in its place would make any attempt to read it fail.
  write(root, { "labels.json/x": "" });
  expect(await textAt(await open(root), "labels.json")).toBe("abc");
});

const good = JSON.stringify(file("ok"));
test.each([
  ["not JSON", "{", "not valid JSON"],
  ["an array", "[]", "not a JSON object"],
  ["no path", '{"size":1}', "`path` is not text"],
  ["a path that climbs", JSON.stringify(file("../x")), "climbs"],
  ["an absolute path", JSON.stringify(file("/x")), "absolute"],
  ["a negative size", JSON.stringify(file("x", { size: -1 })), "`size`"],
  ["a size in words", JSON.stringify(file("x", { size: "1" })), "`size`"],
  ["a short object id", JSON.stringify(file("x", { oid: "abc" })), "`oid`"],
  ["an unknown mode", JSON.stringify(file("x", { mode: "777777" })), "`mode`"],
  ["a flag that is none", JSON.stringify(file("x", { copied: "yes" })), "`copied`"],
  ["an LFS record without digest", JSON.stringify(file("x", { lfs: { size: 1 } })), "`sha256`"],
  ["a path given before", good, "listed twice"],
  ["the same path in other words", JSON.stringify(file("./ok")), "listed twice"],
  ["a prototype for a record", '{"__proto__":{"path":"x"}}', "`path`"],
  ["a very long line", JSON.stringify(file("x", { note: "n".repeat(200_000) })), "longer than"],
])("a tree line with %s is refused with its number", async (_, line, words) => {
  const error = await errorOf(open(record({ tree: [good, "", line] })));
  expect(error.code).toBe("INCONSISTENT");
  expect(error.subject).toBe("tree.jsonl:3");
  expect(error.message).toMatch(/^tree\.jsonl:3: /u);
  expect(error.message).toContain(words);
});

test("a bad manifest line is refused with its number", async () => {
  const error = await errorOf(open(record({ manifest: [stated("a", "a"), { path: "b", size: 1, sha256: "xyz" }] })));
  expect(error.message).toMatch(/^manifest\.jsonl:2: `sha256`/u);
});

test("a content marked as copied but not in the manifest cannot be verified, so the recording is refused", async () => {
  const error = await errorOf(open(record({ tree: [file("a", { copied: true })] })));
  expect(error).toMatchObject({ code: "INCONSISTENT", subject: "a" });
});

test("a folder without release.json is not a recording", async () => {
  const root = scratch();
  write(root, { "tree.jsonl": "" });
  expect(await errorOf(open(root))).toMatchObject({ code: "NOT_THIS_FORMAT", subject: "release.json" });
  expect((await errorOf(open(join(root, "nowhere")))).code).toBe("NOT_FOUND");
  expect((await errorOf(recorded.open("recorded:", context(root)))).code).toBe("BAD_REFERENCE");
});

test.each(["", "[]", '{"commit":"main"}', '{"commit":5}', '{"name":"A"}'])("release.json %j is refused", async (release) => {
  expect(await errorOf(open(record({ release })))).toMatchObject({ code: "INCONSISTENT", subject: "release.json" });
});

test("a recording missing its tree says so", async () => {
  const root = record({});
  rmSync(join(root, "tree.jsonl"));
  expect((await errorOf(open(root))).message).toBe("tree.jsonl: no such file");
});

test("a tree over the limit of entries is refused", async () => {
  const root = record({ tree: [file("a"), file("b"), file("c")] });
  expect((await errorOf(recorded.open(`recorded:${root}`, context(root, { limits: { maxEntries: 2 } })))).code).toBe("OVER_LIMIT");
});

test("a tree cut anywhere gives entries or one clear error", async () => {
  const whole = lines([file("a"), file("b/c", { lfs: { sha256: SHA, size: 1 } }), file("d", { mode: "120000" })]);
  const root = record({});
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(join(root, "tree.jsonl"), whole.slice(0, length));
    const outcome = await open(root).catch((error: unknown) => error);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: "INCONSISTENT", subject: expect.stringMatching(/^tree\.jsonl:\d$/u) });
  }
});

test("hostile lines give entries with safe paths or an AjarError", async () => {
  const root = record({});
  const line = fc.oneof(
    fc.json(),
    fc
      .record({
        path: fc.string({ unit: "binary" }),
        size: fc.oneof(fc.nat(), fc.constant(null)),
        oid: fc.constant(OID),
        mode: fc.constant("100644"),
      })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (tree) => {
      writeFileSync(join(root, "tree.jsonl"), tree.join("\n"));
      const outcome = await open(root).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(AjarError);
        return;
      }
      for (const { path } of await entriesOf(await open(root))) expect(path).not.toMatch(/^\/|\p{Cc}/u);
    }),
    { numRuns: 150 },
  );
});

const corpus = join(import.meta.dirname, "../../../shared/corpus/releases");

describe.skipIf(!existsSync(corpus))("the recorded releases beside this repository", () => {
  test.each(existsSync(corpus) ? readdirSync(corpus).sort(compareText) : [])(
    "%s is listed whole and every content is the recorded one",
    async (name) => {
      const source = await open(join(corpus, name));
      const entries = await entriesOf(source);
      const counts = (
        JSON.parse(readFileSync(join(corpus, name, "release.json"), "utf8")) as { counts: { copied_files: number; lfs_pointers: number } }
      ).counts;
      expect(entries.filter(({ content }) => content === "lfs-pointer")).toHaveLength(counts.lfs_pointers);
      const readable = entries.filter(({ content }) => content === "readable");
      expect(readable.length).toBe(counts.copied_files);
      for (const { path, sizeBytes } of readable) expect((await source.read(path)).length).toBe(sizeBytes);
    },
  );
});
