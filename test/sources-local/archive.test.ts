import { execFileSync } from "node:child_process";
import { appendFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareText } from "../../src/core/text.ts";
import { source as archive } from "../../src/sources/archive.ts";
import { FILES, forms, members, open, tarOf, tree, zipOf } from "./made-archives.ts";
import { context, entriesOf, errorOf, leavesNothingBehind, pathsOf, scratch, textAt, write } from "./support.ts";

leavesNothingBehind();

test.each(forms)("%s gives the entries, ranges and pointers that were put in", async (name, bytes) => {
  const source = await open(name, bytes);
  expect(await entriesOf(source)).toEqual([
    { path: "README.md", sizeBytes: 6, content: "readable" },
    { path: "model.bin", sizeBytes: 123456, content: "lfs-pointer", claimedSha256: "ab".repeat(32) },
    { path: "src/a.py", sizeBytes: 8, content: "readable" },
    { path: "src/b", sizeBytes: 100_000, content: "readable" },
  ]);
  expect(source.listingComplete).toBe(true);
  expect(source.usage.packageBytes).toBe(bytes.length);
  expect(await textAt(source, "README.md")).toBe("hello\n");
  expect(Buffer.from(await source.read("src/b", { start: 99_998, length: 10 })).toString()).toBe("xx");
  expect((await errorOf(source.read("model.bin"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("none"))).code).toBe("NOT_FOUND");
  await source.close();
});

test("archives made by the usual programs read the same as the folder they were made from", async () => {
  const root = scratch();
  write(join(root, "d"), { ...FILES, "deep/er/x": "1" });
  symlinkSync("README.md", join(root, "d/link"));
  const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { cwd: join(root, "d"), stdio: "pipe" });
  run("tar", "-cf", "../a.tar", ".");
  run("tar", "-czf", "../a.tar.gz", ".");
  run("tar", "--format=pax", "-cf", "../pax.tar", ".");
  run("python3", "-c", "import shutil; shutil.make_archive('../a', 'zip', '.')");
  for (const name of ["a.tar", "a.tar.gz", "pax.tar", "a.zip"]) {
    const source = await archive.open(name, context(root));
    const entries = await entriesOf(source);
    const link = entries.find(({ path }) => path === "link");
    // Python's zipfile follows links, tar keeps them.
    if (name !== "a.zip") expect(link).toEqual({ path: "link", sizeBytes: null, content: "symlink", target: "README.md" });
    expect(entries.map(({ path }) => path)).toEqual(["README.md", "deep/er/x", "link", "model.bin", "src/a.py", "src/b"]);
    expect(await textAt(source, "deep/er/x")).toBe("1");
    await source.close();
  }
});

test.each([
  [
    "zip",
    zipOf([...["../up", "/abs", "C:\\x", "a/../../b", "..\\win"].map((name) => ({ name, content: "x" })), { name: "ok", content: "ok" }]),
  ],
  [
    "tar",
    tarOf([...["../up", "/abs", "C:\\x", "a/../../b", "..\\win"].map((name) => ({ name, content: "x" })), { name: "ok", content: "ok" }]),
  ],
])("names in a %s that climb or are absolute are left out and reported", async (kind, bytes) => {
  const source = await open(`r.${kind}`, bytes);
  expect(await pathsOf(source)).toEqual(["ok"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe(
    "../up: the name climbs out of its folder, left out; /abs: the name is absolute, left out; C:\\x5cx: the name starts with a drive letter, left out; and 2 more",
  );
  await source.close();
});

test.each([
  [
    "zip",
    zipOf([
      { name: "a", content: "first" },
      { name: "./a", content: "last" },
    ]),
  ],
  [
    "tar",
    tarOf([
      { name: "a", content: "first" },
      { name: "./a", content: "last" },
    ]),
  ],
])("of two members of one name in a %s the last counts, as for those who unpack it, and it is reported", async (kind, bytes) => {
  const source = await open(`r.${kind}`, bytes);
  expect(await pathsOf(source)).toEqual(["a"]);
  expect(await textAt(source, "a")).toBe("last");
  expect(source.listingProblem).toBe("a: there are two of this name, the last one counts");
  await source.close();
});

test("links are listed with their target, pipes and devices as unsupported, folders not at all", async () => {
  const tar = tarOf([
    { name: "d/", type: "5" },
    { name: "a", content: "abc" },
    { name: "hard", type: "1", link: "a" },
    { name: "lost", type: "1", link: "../../etc/passwd" },
    { name: "link", type: "2", link: "/etc/passwd" },
    { name: "pipe", type: "6" },
    { name: "device", type: "3" },
  ]);
  const source = await open("r.tar", tar);
  expect((await entriesOf(source)).map(({ path, content, target }) => [path, content, target])).toEqual([
    ["a", "readable", undefined],
    ["device", "unsupported", undefined],
    ["hard", "readable", undefined],
    ["link", "symlink", "/etc/passwd"],
    ["lost", "unsupported", undefined],
    ["pipe", "unsupported", undefined],
  ]);
  expect(await textAt(source, "hard")).toBe("abc");
  expect((await errorOf(source.read("link"))).code).toBe("UNREADABLE");
  await source.close();
  const zip = await open("r.zip", zipOf([{ name: "link", content: "/etc/passwd", mode: 0o120777 }]));
  expect(await entriesOf(zip)).toEqual([{ path: "link", sizeBytes: null, content: "symlink", target: "/etc/passwd" }]);
  await zip.close();
});

test("an encrypted member has no content to give, and a false flag hides none", async () => {
  const encrypted = await open("r.zip", zipOf([{ name: "a", content: "x", flags: 1, crc: 1 }]));
  expect(["UNSUPPORTED", "INCONSISTENT"]).toContain((await errorOf(encrypted.read("a"))).code);
  await encrypted.close();
  const plain = await open("r.zip", zipOf([{ name: "a", content: "x", flags: 1, stored: true }]));
  expect(await textAt(plain, "a")).toBe("x");
  await plain.close();
});

test("a content whose CRC is not the stated one is not handed out whole", async () => {
  const source = await open("r.zip", zipOf([{ name: "a", content: "x", crc: 1 }]));
  expect((await errorOf(source.read("a"))).code).toBe("INCONSISTENT");
  await source.close();
});

test("an archive that changes while it is read is noticed", async () => {
  const root = scratch();
  writeFileSync(join(root, "r.tar"), tarOf(tree));
  const source = await archive.open("r.tar", context(root));
  await entriesOf(source);
  appendFileSync(join(root, "r.tar"), "x");
  expect((await errorOf(source.read("README.md"))).code).toBe("CHANGED_WHILE_READ");
  await source.close();
});

test("two runs list the same bytes in the same order", async () => {
  const shuffled = zipOf(["z", "a/b", "a-b", "é", "A", "a/a"].map((name) => ({ name, content: name })));
  const listings = await Promise.all(
    [1, 2].map(async () => {
      const source = await open("r.zip", shuffled);
      const entries = await entriesOf(source);
      await source.close();
      return entries;
    }),
  );
  expect(listings[0]).toEqual(listings[1]);
  const paths = (listings[0] ?? []).map(({ path }) => path);
  expect(paths).toEqual([...paths].sort(compareText));
});

test("only archives by name are claimed; a scheme opens any", async () => {
  const root = scratch();
  write(root, { "a.ZIP": zipOf(members), "model.pt": zipOf(members), "d.zip/x": "" });
  const claims = async (reference: string) => archive.claims(reference, context(root));
  expect([await claims("a.ZIP"), await claims("model.pt"), await claims("d.zip"), await claims("none.zip")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  const source = await archive.open("archive:model.pt", context(root));
  expect(await pathsOf(source)).toContain("README.md");
  await source.close();
  expect((await errorOf(archive.open("none.zip", context(root)))).code).toBe("NOT_FOUND");
  expect((await errorOf(archive.open("archive:d.zip", context(root)))).code).toBe("UNREADABLE");
});

test("reading one member of a large zip reads little of the file", async () => {
  const big = Buffer.alloc(8 * 1024 ** 2);
  for (let at = 0; at < big.length; at += 4) big.writeUInt32LE((at * 2654435761) >>> 0, at);
  const bytes = zipOf([
    { name: "weights", content: big, stored: true },
    { name: "README", content: "x" },
  ]);
  const source = await open("r.zip", bytes);
  await entriesOf(source);
  expect(await textAt(source, "README")).toBe("x");
  expect(Buffer.from(await source.read("weights", { start: 4_000_000, length: 8 }))).toEqual(big.subarray(4_000_000, 4_000_008));
  expect(source.usage.bytesRead).toBeLessThan(300_000);
  await source.close();
});
