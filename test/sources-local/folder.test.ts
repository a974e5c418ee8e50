import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareText } from "../../src/core/text.ts";
import { source as folder } from "../../src/sources/folder.ts";
import { context, entriesOf, errorOf, git, LFS_POINTER, pathsOf, scratch, textAt, write } from "./support.ts";

const open = (cwd: string, reference = ".", options: Parameters<typeof context>[1] = {}) => folder.open(reference, context(cwd, options));

test("every file is listed once, in code-point order, with its size", async () => {
  const root = scratch();
  write(root, { "b.txt": "bb", "a/z": "z", "a.txt": "", "a-b": "1", "a/b/c": "123", é: "x", Z: "" });
  const source = await open(root);
  const entries = await entriesOf(source);
  const paths = entries.map(({ path }) => path);
  expect(paths).toEqual([...paths].sort(compareText));
  expect(paths).toEqual(["Z", "a-b", "a.txt", "a/b/c", "a/z", "b.txt", "é"]);
  expect(entries.find(({ path }) => path === "a/b/c")).toEqual({ path: "a/b/c", sizeBytes: 3, content: "readable" });
  expect(source.listingComplete).toBe(true);
  expect(await textAt(source, "a/b/c")).toBe("123");
});

test("the order does not depend on the order in which files were made", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `f${(index * 37) % 50}`);
  const [one, two] = [scratch(), scratch()];
  for (const name of names) writeFileSync(join(one, name), name);
  for (const name of names.toReversed()) writeFileSync(join(two, name), name);
  expect(await entriesOf(await open(one))).toEqual(await entriesOf(await open(two)));
});

test("a listing is incomplete until it was read to the end", async () => {
  const root = scratch();
  write(root, { a: "", b: "" });
  const source = await open(root);
  expect(source.listingComplete).toBe(false);
  for await (const _ of source.list()) break;
  expect(source.listingComplete).toBe(false);
});

test("git's store is not part of a release, the commit of the checkout is its revision", async () => {
  const root = scratch();
  write(root, { README: "x", "sub/.git": "gitdir: elsewhere\n", "sub/y": "" });
  git(root, "init", "-q");
  git(root, "add", "README");
  git(root, "commit", "-qm", "one");
  const source = await open(root);
  expect(await pathsOf(source)).toEqual(["README", "sub/y"]);
  expect(source.revision).toBe(`${git(root, "rev-parse", "HEAD")}+worktree`);
  expect((await errorOf(source.read(".git/config"))).code).toBe("NOT_FOUND");
  git(root, "pack-refs", "--all");
  expect((await open(root)).revision).toBe(source.revision);
});

test.each(["", "ref: refs/../../../etc/passwd", "ref: refs/heads/none", "not a ref", "a".repeat(5000)])(
  "a checkout whose HEAD is %j has no revision",
  async (head) => {
    const root = scratch();
    write(root, { ".git/HEAD": head, x: "" });
    expect((await open(root)).revision).toBeNull();
  },
);

test("links are listed with their target and never followed, loops included", async () => {
  const root = scratch();
  const outside = scratch();
  write(outside, { secret: "s" });
  write(root, { "d/x": "" });
  symlinkSync(root, join(root, "d", "loop"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync(outside, join(root, "out"));
  const source = await open(root);
  expect(await entriesOf(source)).toEqual([
    { path: "d/loop", sizeBytes: null, content: "symlink", target: root },
    { path: "d/x", sizeBytes: 0, content: "readable" },
    { path: "dangling", sizeBytes: null, content: "symlink", target: "nowhere" },
    { path: "out", sizeBytes: null, content: "symlink", target: outside },
  ]);
  expect((await errorOf(source.read("dangling"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("out/secret"))).code).toBe("UNSAFE_PATH");
  expect((await errorOf((await open(root)).read("d/loop"))).code).toBe("UNSAFE_PATH");
});

test.each(["../x", "/etc/passwd", "a/../../x", "a\0b"])("the path %j is not read", async (path) => {
  const root = scratch();
  write(root, { a: "" });
  expect((await errorOf((await open(root)).read(path))).code).toBe("UNSAFE_PATH");
});

test("pipes and sockets are named as unreadable and never opened", async () => {
  const root = scratch();
  write(root, { a: "a" });
  execFileSync("python3", ["-c", "import os, sys; os.mkfifo(sys.argv[1])", join(root, "pipe")]);
  const server = createServer().listen(join(root, "socket"));
  await new Promise((ready) => server.once("listening", ready));
  const source = await open(root);
  const entries = await entriesOf(source);
  server.close();
  expect(entries.map(({ path, content }) => [path, content])).toEqual([
    ["a", "readable"],
    ["pipe", "unreadable"],
    ["socket", "unreadable"],
  ]);
  expect((await errorOf(source.read("pipe"))).message).toContain("pipe: a pipe, socket or device");
  // Without the listing it is still not waited for.
  expect((await errorOf((await open(root)).read("pipe"))).code).toBe("UNREADABLE");
});

test("a folder that vanishes during the walk is named, and the listing says that it is incomplete", async () => {
  const root = scratch();
  write(root, { "a/x": "", "b/y": "", "c/z": "" });
  const source = await open(root);
  const paths: string[] = [];
  for await (const entry of source.list()) {
    paths.push(`${entry.path} ${entry.content}`);
    rmSync(join(root, "b"), { recursive: true, force: true });
  }
  expect(paths).toEqual(["a/x readable", "b unreadable", "c/z readable"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe("b/: no such file");
});

test("a name that is not text is listed in escaped form and can be read", async () => {
  const root = Buffer.from(scratch());
  writeFileSync(Buffer.concat([root, Buffer.from([0x2f, 0xff, 0x61])]), "odd");
  writeFileSync(Buffer.concat([root, Buffer.from("/b\n\\c")]), "line");
  mkdirSync(Buffer.concat([root, Buffer.from("/@host")]));
  writeFileSync(Buffer.concat([root, Buffer.from("/@host/x")]), "not the host");
  const source = await open(root.toString());
  expect(await pathsOf(source)).toEqual(["\\x40host/x", "\\xffa", "b\\x0a\\x5cc"]);
  expect(await textAt(source, "\\xffa")).toBe("odd");
  expect(await textAt(source, "b\\x0a\\x5cc")).toBe("line");
  expect(await textAt(source, "\\x40host/x")).toBe("not the host");
});

test("an LFS pointer is told by content and gives the digest and size it claims", async () => {
  const root = scratch();
  write(root, { "model.bin": LFS_POINTER, "notes.txt": `about ${LFS_POINTER}` });
  const source = await open(root);
  expect(await entriesOf(source)).toEqual([
    { path: "model.bin", sizeBytes: 123456, content: "lfs-pointer", claimedSha256: "ab".repeat(32) },
    { path: "notes.txt", sizeBytes: LFS_POINTER.length + 6, content: "readable" },
  ]);
  expect((await errorOf(source.read("model.bin"))).code).toBe("UNREADABLE");
});

test("a range gives the bytes that exist in it and costs no more", async () => {
  const root = scratch();
  writeFileSync(join(root, "big"), "0123456789");
  truncateSync(join(root, "big"), 8 * 1024 ** 3);
  const source = await open(root);
  expect(Buffer.from(await source.read("big", { start: 5, length: 5 })).toString()).toBe("56789");
  expect((await source.read("big", { start: 8 * 1024 ** 3 - 3, length: 100 })).length).toBe(3);
  expect((await source.read("big", { start: 9 * 1024 ** 3, length: 100 })).length).toBe(0);
  expect(source.usage).toEqual({ bytesRead: 8, requests: 0 });
  expect((await errorOf(source.read("big"))).code).toBe("OVER_LIMIT");
});

test("a source reads no more than its budget", async () => {
  const root = scratch();
  write(root, { a: "12345", b: "12345" });
  const source = await open(root, ".", { limits: { maxBytes: 8 } });
  await source.read("a");
  expect((await errorOf(source.read("b"))).code).toBe("OVER_LIMIT");
});

function replace(path: string): void {
  writeFileSync(`${path}.new`, "12345");
  renameSync(`${path}.new`, path);
}

test.each([
  ["grown", (path: string) => appendFileSync(path, "more")],
  ["replaced", replace],
  ["rewritten", (path: string) => writeFileSync(path, "54321")],
])("a file that was %s since it was listed is not read as if it were the same", async (_, change) => {
  const root = scratch();
  write(root, { a: "12345" });
  const source = await open(root);
  await entriesOf(source);
  change(join(root, "a"));
  const error = await errorOf(source.read("a"));
  expect(error.code).toBe("CHANGED_WHILE_READ");
  expect(error.message).toBe("a: changed while it was read");
});

test("a file that becomes a link after the listing is not followed", async () => {
  const root = scratch();
  const outside = scratch();
  write(outside, { secret: "s" });
  write(root, { a: "1" });
  const source = await open(root);
  await entriesOf(source);
  rmSync(join(root, "a"));
  symlinkSync(join(outside, "secret"), join(root, "a"));
  expect((await errorOf(source.read("a"))).code).toBe("UNSAFE_PATH");
});

test("a single file is a release of one entry, and its neighbours are not offered", async () => {
  const root = scratch();
  write(root, { LICENSE: "terms", other: "x" });
  const source = await open(root, "LICENSE");
  expect(await pathsOf(source)).toEqual(["LICENSE"]);
  expect((await errorOf(source.read("other"))).code).toBe("NOT_FOUND");
});

test("the scheme and a trailing slash name the same folder", async () => {
  const root = scratch();
  write(root, { "d/x": "x" });
  for (const reference of ["d/", "file:d", `file://${root}/d`]) expect(await pathsOf(await open(root, reference))).toEqual(["x"]);
  expect((await errorOf(open(root, "file:nowhere"))).code).toBe("NOT_FOUND");
  expect((await errorOf(open(root, "file://%zz"))).code).toBe("BAD_REFERENCE");
});

test("a target that is a device is refused", async () => {
  expect((await errorOf(open("/", "/dev/null"))).code).toBe("UNREADABLE");
});

test("an audit that is interrupted stops listing", async () => {
  const root = scratch();
  for (let index = 0; index < 2000; index += 1) writeFileSync(join(root, `f${index}`), "");
  const controller = new AbortController();
  const source = await open(root, ".", { signal: controller.signal });
  setImmediate(() => controller.abort(new Error("stopped")));
  await expect(entriesOf(source)).rejects.toThrow("stopped");
});

test("a listing stops at the limit, at the same entry in every run", async () => {
  const root = scratch();
  write(root, { "a/1": "", "a/2": "", "b/1": "", "b/2": "" });
  const source = await open(root, ".", { limits: { maxEntries: 3 } });
  expect(await pathsOf(source)).toEqual(["a/1", "a/2", "b/1"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toContain("more than 3 entries");
});

test("a folder with more names than the limit is left out whole", async () => {
  const root = scratch();
  write(root, { "a/1": "", "a/2": "", "a/3": "", b: "" });
  const source = await open(root, ".", { limits: { maxEntries: 2 } });
  expect(await entriesOf(source)).toEqual([
    { path: "a", sizeBytes: null, content: "unreadable" },
    { path: "b", sizeBytes: 0, content: "readable" },
  ]);
  expect(source.listingProblem).toContain("a/: holds more than 2 names");
});

test("listing 100,000 files takes little memory", { timeout: 180_000 }, async () => {
  const root = scratch();
  execFileSync("sh", ["-c", "for d in $(seq 100 199); do mkdir $d; done; seq 100000 199999 | sed 's,^...,&/,' | xargs touch"], {
    cwd: root,
  });
  const source = await open(root);
  const before = process.memoryUsage().rss;
  let count = 0;
  let outOfOrder = 0;
  let previous = "";
  for await (const { path } of source.list()) {
    if (path <= previous) outOfOrder += 1;
    previous = path;
    count += 1;
  }
  expect({ count, outOfOrder, complete: source.listingComplete }).toEqual({ count: 100_000, outOfOrder: 0, complete: true });
  // Signatures of all files are kept, about 150 bytes each; the rest is garbage not yet collected.
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
});

test("nothing is written into the folder", async () => {
  const root = scratch();
  write(root, { a: "1" });
  await entriesOf(await open(root));
  expect(existsSync(join(root, ".git"))).toBe(false);
});
