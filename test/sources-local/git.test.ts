import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareText } from "../../src/core/text.ts";
import { source as gitSource } from "../../src/sources/git.ts";
import { makeRepository, open } from "./made-repository.ts";
import { context, entriesOf, errorOf, git, leavesNothingBehind, pathsOf, scratch, textAt, write } from "./support.ts";

leavesNothingBehind();

test("a commit is listed with ids, sizes, links, submodules and LFS pointers, in order", async () => {
  const root = scratch();
  makeRepository(root);
  const source = await open(root, `${root}@v1`);
  const entries = await entriesOf(source);
  const paths = entries.map(({ path }) => path);
  expect(paths).toEqual([...paths].sort(compareText));
  expect(entries).toEqual(
    expect.arrayContaining([
      { path: "README.md", sizeBytes: 4, content: "readable", gitOid: git(root, "rev-parse", "v1:README.md") },
      { path: "link", sizeBytes: null, content: "symlink", target: "README.md", gitOid: git(root, "rev-parse", "v1:link") },
      { path: "vendor/x", sizeBytes: null, content: "submodule", target: "https://example.org/x.git", gitOid: "a".repeat(40) },
      expect.objectContaining({ path: "model.bin", sizeBytes: 123456, content: "lfs-pointer", claimedSha256: "ab".repeat(32) }),
    ]),
  );
  expect(entries).toHaveLength(8);
  expect(source.listingComplete).toBe(true);
  expect(await textAt(source, "README.md")).toBe("one\n");
  expect(Buffer.from(await source.read("README.md", { start: 1, length: 100 })).toString()).toBe("ne\n");
  expect((await errorOf(source.read("model.bin"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("link"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("../README.md"))).code).toBe("NOT_FOUND");
  expect(source.revision).toBe(git(root, "rev-parse", "v1"));
  expect(source.ref).toBe(`${root}@${source.revision}`);
  await source.close();
});

test("every way of naming a revision leads to its commit", async () => {
  const root = scratch();
  makeRepository(root);
  git(root, "branch", "feature/x@y", "v1");
  const [first, second] = [git(root, "rev-parse", "v1"), git(root, "rev-parse", "HEAD")];
  const revisions: readonly (readonly [string, string])[] = [
    [`${root}@HEAD`, second],
    [`${root}@HEAD~1`, first],
    [`${root}@main`, second],
    [`${root}@${first.slice(0, 10)}`, first],
    [`${root}@feature/x@y`, first],
    [`git+file:${root}`, second],
    [`git+file://${root}@v1`, first],
    [`git:${root}@v1`, first],
    [`${root}/.git`, second],
  ];
  for (const [reference, commit] of revisions) {
    const source = await open(root, reference);
    expect([reference, source.revision]).toEqual([reference, commit]);
    await source.close();
  }
});

test("the work tree is neither read nor touched", async () => {
  const root = scratch();
  makeRepository(root);
  writeFileSync(join(root, "README.md"), "uncommitted");
  const status = git(root, "status", "--porcelain");
  const listing = readdirSync(join(root, ".git")).sort();
  const source = await open(root, `${root}@HEAD`);
  expect(await textAt(source, "README.md")).toBe("two\n");
  await source.close();
  expect(readdirSync(join(root, ".git")).sort()).toEqual(listing);
  expect(git(root, "status", "--porcelain")).toBe(status);
});

test("contents come raw: no filter, no line ending is applied", async () => {
  const root = scratch();
  makeRepository(root);
  const source = await open(root, `${root}@HEAD`);
  expect(await textAt(source, "crlf.txt")).toBe(execRaw(root, "HEAD:crlf.txt"));
  await source.close();
});

function execRaw(root: string, object: string): string {
  return `${git(root, "cat-file", "blob", object)}\n`;
}

test("only what names a repository is claimed", async () => {
  const root = scratch();
  mkdirSync(join(root, "repo"));
  makeRepository(join(root, "repo"));
  mkdirSync(join(root, "plain"));
  const claims = (reference: string) => gitSource.claims(reference, context(root));
  for (const reference of ["repo@v1", "repo/.git", "https://example.org/x.git", "https://example.org/x.git@v1", "https://github.com/a/b"]) {
    expect([reference, await claims(reference)]).toEqual([reference, true]);
  }
  for (const reference of ["repo", "plain", "plain@v1", "owner/name@v1", "https://example.org/x", "https://github.com/a/b/blob/x", "@v1"]) {
    expect([reference, await claims(reference)]).toEqual([reference, false]);
  }
});

test("a range of a large file is read without the rest", async () => {
  const root = scratch();
  git(root, "init", "-q");
  const big = Buffer.alloc(20 * 1024 ** 2);
  for (let at = 0; at < big.length; at += 4) big.writeUInt32LE(at, at);
  write(root, { big });
  git(root, "add", ".");
  git(root, "commit", "-qm", "big");
  const source = await open(root, `git:${root}`);
  for (const start of [0, 12_345_678, big.length - 3]) {
    expect(Buffer.from(await source.read("big", { start, length: 8 }))).toEqual(big.subarray(start, start + 8));
  }
  expect(source.usage.bytesRead).toBe(19);
  await source.close();
});

test("a linked work tree and a shallow clone are repositories too", async () => {
  const root = scratch();
  makeRepository(root);
  const linked = join(scratch(), "tree");
  git(root, "worktree", "add", "-q", linked, "v1");
  const shallow = join(scratch(), "shallow");
  git(root, "clone", "-q", "--depth=1", `file://${root}`, shallow);
  for (const [reference, commit] of [
    [`git:${linked}`, git(root, "rev-parse", "v1")],
    [`git:${shallow}`, git(root, "rev-parse", "HEAD")],
  ] as const) {
    const source = await open(root, reference);
    expect(source.revision).toBe(commit);
    expect(await pathsOf(source)).toContain("README.md");
    await source.close();
  }
});

test("a damaged repository gives one clear error", async () => {
  const root = scratch();
  makeRepository(root);
  const tree = git(root, "rev-parse", "HEAD^{tree}");
  rmSync(join(root, ".git/objects", tree.slice(0, 2), tree.slice(2)));
  const error = await errorOf(open(root, `git:${root}`));
  expect(error.code).toBe("UNREADABLE");
  expect(error.hint).toBe("Check the repository with git fsck.");
});

test("a damaged file is unreadable and the others are still read", async () => {
  const root = scratch();
  makeRepository(root);
  for (const path of ["README.md", "model.bin"]) {
    const blob = git(root, "rev-parse", `HEAD:${path}`);
    const object = join(root, ".git/objects", blob.slice(0, 2), blob.slice(2));
    const bytes = readFileSync(object);
    chmodSync(object, 0o644);
    writeFileSync(object, bytes.fill(0x55, Math.min(20, bytes.length - 6)));
  }
  const source = await open(root, `git:${root}`);
  expect(await pathsOf(source)).toHaveLength(8);
  expect((await errorOf(source.read("README.md"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("model.bin"))).code).toBe("UNREADABLE");
  expect(await textAt(source, "src/train.py")).toBe("print()\n");
  await source.close();
});

test("a folder that is no repository is not found", async () => {
  const root = scratch();
  expect((await errorOf(open(root, `git:${root}`))).code).toBe("NOT_FOUND");
});
