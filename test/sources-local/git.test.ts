import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareText } from "../../src/core/text.ts";
import { source as gitSource } from "../../src/sources/git.ts";
import { hasGitServer, serveGit } from "./git-server.ts";
import { context, entriesOf, errorOf, git, LFS_POINTER, pathsOf, scratch, textAt, write } from "./support.ts";

const open = (cwd: string, reference: string, options: Parameters<typeof context>[1] = {}) =>
  gitSource.open(reference, context(cwd, options));

// The product's scratch folders go here, and none may be left.
const temporary = mkdtempSync(join(tmpdir(), "ajar-test-"));
const usual = process.env["TMPDIR"];
beforeAll(() => {
  process.env["TMPDIR"] = temporary;
});
afterAll(() => {
  if (usual === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = usual;
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect(left).toEqual([]);
});

/** A repository with two commits, `v1` on the first. */
function makeRepository(root: string): void {
  git(root, "init", "-q");
  write(root, { "README.md": "one\n", "src/train.py": "print()\n", "model.bin": LFS_POINTER, "crlf.txt": "a\r\nb\r\n" });
  write(root, { ".gitattributes": "*.txt text eol=lf\n*.bin filter=lfs\n" });
  symlinkSync("README.md", join(root, "link"));
  write(root, { ".gitmodules": '[submodule "x"]\n\tpath = vendor/x\n\turl = https://example.org/x.git\n' });
  git(root, "-c", "core.autocrlf=false", "add", ".");
  git(root, "update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},vendor/x`);
  git(root, "commit", "-qm", "one");
  git(root, "tag", "v1");
  write(root, { "README.md": "two\n" });
  git(root, "commit", "-qm", "two", "README.md");
}

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

test("nothing that the repository's configuration names is run", async () => {
  const root = scratch();
  const canary = join(scratch(), "canary");
  makeRepository(root);
  const script = join(root, "evil.sh");
  writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${canary}\n`);
  chmodSync(script, 0o755);
  mkdirSync(join(root, ".git/hooks"), { recursive: true });
  for (const hook of ["post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change", "fsmonitor-watchman"]) {
    writeFileSync(join(root, ".git/hooks", hook), `#!/bin/sh\necho ${hook} >> ${canary}\n`, { mode: 0o755 });
  }
  const settings = [
    `[core]\n fsmonitor = ${script}\n hooksPath = ${root}/.git/hooks\n pager = ${script}\n sshCommand = ${script}\n askpass = ${script}\n editor = ${script}\n gitProxy = ${script}\n`,
    `[filter "lfs"]\n smudge = ${script}\n clean = ${script}\n process = ${script}\n required = true\n`,
    `[diff]\n external = ${script}\n[diff "x"]\n textconv = ${script}\n command = ${script}\n`,
    `[alias]\n cat-file = !${script}\n ls-tree = !${script}\n rev-parse = !${script}\n`,
    `[credential]\n helper = !${script}\n[gpg]\n program = ${script}\n[pager]\n cat-file = ${script}\n ls-tree = ${script}\n`,
    `[extensions]\n partialClone = origin\n[remote "origin"]\n url = ext::sh -c "${script}"\n promisor = true\n uploadpack = ${script}\n vcs = x\n`,
    `[include]\n path = ${root}/more.config\n[protocol "ext"]\n allow = always\n[trace2]\n eventTarget = ${canary}\n normalTarget = ${canary}\n`,
  ];
  writeFileSync(join(root, ".git/config"), `[core]\n repositoryformatversion = 1\n${settings.join("")}`);
  writeFileSync(join(root, ".git/info/attributes"), "* filter=lfs diff=x\n");
  // A blob that is missing would make git ask the hostile remote for it.
  const blob = git(scratchCopyOfIds(root), "rev-parse", "HEAD:README.md");
  rmSync(join(root, ".git/objects", blob.slice(0, 2), blob.slice(2)));
  const source = await open(root, `${root}@HEAD`);
  const entries = await entriesOf(source);
  expect(entries.find(({ path }) => path === "README.md")).toMatchObject({ content: "unreadable", sizeBytes: null });
  for (const { path, content } of entries) if (content === "readable") await source.read(path);
  expect((await errorOf(source.read("README.md"))).code).toBe("UNREADABLE");
  await source.close();
  expect(existsSync(canary)).toBe(false);
  // The traps are live: git itself, asked an innocent question, walks into them.
  expect(() => git(root, "status")).not.toThrow(TypeError);
  expect(existsSync(canary)).toBe(true);
});

/** A second git folder over the same objects with a harmless configuration, to ask for ids without running the hostile one. */
function scratchCopyOfIds(root: string): string {
  const view = scratch();
  git(view, "init", "-q", "--bare");
  writeFileSync(join(view, "objects/info/alternates"), `${root}/.git/objects\n`);
  rmSync(join(view, "refs"), { recursive: true });
  symlinkSync(join(root, ".git/refs"), join(view, "refs"));
  return view;
}

test("settings of the user and the environment that run programs are not passed on", async () => {
  const root = scratch();
  const home = scratch();
  const canary = join(home, "canary");
  makeRepository(root);
  writeFileSync(
    join(home, ".gitconfig"),
    `[core]\n fsmonitor = touch ${canary}\n pager = touch ${canary}\n[trace2]\n normalTarget = ${canary}\n`,
  );
  const env = { ...process.env, HOME: home, GIT_TRACE: canary, GIT_PAGER: `touch ${canary}`, GIT_EXTERNAL_DIFF: `touch ${canary}` };
  const source = await gitSource.open(`${root}@HEAD`, { ...context(root), env });
  await entriesOf(source);
  await source.close();
  expect(existsSync(canary)).toBe(false);
});

test.each(["-x", "--upload-pack=touch x", "a b", "no-such", "HEAD\nx", "^{/x"])("the revision %j is refused", async (revision) => {
  const root = scratch();
  makeRepository(root);
  expect(["REVISION_NOT_FOUND", "BAD_REFERENCE"]).toContain((await errorOf(open(root, `git:${root}@${revision}`))).code);
});

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

test.each([
  ["git+https://user:secret@example.org/x.git", "user name or password"],
  ["git+http://example.org/x.git", "only https"],
  ["git://example.org/x.git", "not spoken"],
  ["git+https://example.org/x.git?a=b", "query"],
])("%s is refused before anything is connected", async (reference, words) => {
  const error = await errorOf(open("/", reference, { offline: false }));
  expect(error.code).toBe("BAD_REFERENCE");
  expect(error.message).toContain(words);
  expect(error.message).not.toContain("secret");
});

test("a URL is refused offline without a connection", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect((await errorOf(open("/", `git+http://127.0.0.1:${port}/x.git`))).code).toBe("OFFLINE");
  expect((await errorOf(open("/", "https://example.org/x.git"))).code).toBe("OFFLINE");
  server.close();
  expect(connections).toBe(0);
});

test("names that climb, and names in a hostile tree, are left out and reported", async () => {
  const root = scratch();
  git(root, "init", "-q");
  const blob = git(root, "hash-object", "-w", "--stdin");
  const oid = Buffer.from(blob, "hex");
  const entry = (name: string): Buffer => Buffer.concat([Buffer.from(`100644 ${name}\0`), oid]);
  const inner = Buffer.concat([entry("x")]);
  write(root, { "inner.bin": inner });
  const innerId = git(root, "hash-object", "-t", "tree", "-w", "--literally", "inner.bin");
  const up = Buffer.concat([Buffer.from("40000 ..\0"), Buffer.from(innerId, "hex")]);
  write(root, { "tree.bin": Buffer.concat([up, entry("a\nb"), entry("dup"), entry("dup"), entry("ok")]) });
  const tree = git(root, "hash-object", "-t", "tree", "-w", "--literally", "tree.bin");
  const commit = git(root, "commit-tree", "-m", "hostile", tree);
  const source = await open(root, `git:${root}@${commit}`);
  expect(await pathsOf(source)).toEqual(["a\\x0ab", "dup", "ok"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe("../x: the name climbs out of its folder; dup: listed twice");
  await source.close();
});

test("a tree that unfolds without end stops at the limit", async () => {
  const root = scratch();
  git(root, "init", "-q");
  let id = git(root, "hash-object", "-w", "--stdin");
  let mode = "100644";
  for (let depth = 0; depth < 10; depth += 1) {
    const entries = Array.from({ length: 10 }, (_, index) => Buffer.concat([Buffer.from(`${mode} d${index}\0`), Buffer.from(id, "hex")]));
    write(root, { "tree.bin": Buffer.concat(entries) });
    id = git(root, "hash-object", "-t", "tree", "-w", "tree.bin");
    mode = "40000";
  }
  const commit = git(root, "commit-tree", "-m", "bomb", id);
  const source = await open(root, `git:${root}@${commit}`, { limits: { maxEntries: 5000 } });
  expect(await entriesOf(source)).toHaveLength(5000);
  expect(source.listingProblem).toContain("more than 5000 entries");
  await source.close();
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

describe.skipIf(!hasGitServer)("a repository behind a URL", () => {
  async function served(): Promise<{ root: string; url: string; requests: readonly string[] }> {
    const top = scratch();
    const root = join(top, "r.git");
    mkdirSync(root);
    makeRepository(root);
    write(root, { "weights.bin": Buffer.alloc(3 * 1024 ** 2, "w") });
    git(root, "add", "weights.bin");
    git(root, "commit", "-qm", "three");
    const { url, requests } = await serveGit(top);
    return { root, url: `git+${url}/r.git/.git`, requests };
  }
  const online = { offline: false };

  test("one commit comes without its large files, which are fetched when they are read", async () => {
    const { root, url } = await served();
    const source = await open("/", url, online);
    const entries = await entriesOf(source);
    expect(source.revision).toBe(git(root, "rev-parse", "HEAD"));
    expect(entries.find(({ path }) => path === "weights.bin")).toMatchObject({ sizeBytes: null, content: "readable" });
    expect(entries.find(({ path }) => path === "model.bin")).toMatchObject({ content: "lfs-pointer", sizeBytes: 123456 });
    expect(entries.find(({ path }) => path === "vendor/x")).toMatchObject({ target: "https://example.org/x.git" });
    expect(await textAt(source, "README.md")).toBe("two\n");
    expect(source.usage.requests).toBe(1);
    expect(source.usage.bytesRead).toBeLessThan(20_000);
    expect(Buffer.from(await source.read("weights.bin", { start: 0, length: 3 })).toString()).toBe("www");
    expect(source.usage.requests).toBe(2);
    await source.close();
  });

  test("branches, tags and commits can be asked for", async () => {
    const { root, url } = await served();
    for (const revision of ["main", "v1", git(root, "rev-parse", "HEAD~1")]) {
      const source = await open("/", `${url}@${revision}`, online);
      expect(source.revision).toBe(git(root, "rev-parse", revision));
      expect(source.ref).toBe(`${url}@${source.revision}`);
      await source.close();
    }
  });

  test("a revision or repository that is not there is told apart", async () => {
    const { url } = await served();
    expect((await errorOf(open("/", `${url}@none`, online))).code).toBe("REVISION_NOT_FOUND");
    expect((await errorOf(open("/", `${url}@${"1".repeat(40)}`, online))).code).toBe("REVISION_NOT_FOUND");
    expect((await errorOf(open("/", url.replace("r.git", "no.git"), online))).code).toBe("NOT_FOUND");
  });

  test("a host that refuses, breaks off or is silent gives a coded error and leaves nothing behind", async () => {
    const top = scratch();
    const denied = await serveGit(top, (_, response) => {
      response.writeHead(401, { "www-authenticate": "Basic" }).end();
      return true;
    });
    expect((await errorOf(open("/", `git+${denied.url}/x.git`, online))).code).toBe("UNAUTHORIZED");
    const broken = await serveGit(top, (request) => {
      request.socket.destroy();
      return true;
    });
    expect((await errorOf(open("/", `git+${broken.url}/x.git`, online))).code).toBe("UNREACHABLE");
    const silent = await serveGit(top, () => true);
    const error = await errorOf(open("/", `git+${silent.url}/x.git`, { offline: false, limits: { timeoutMs: 1000 } }));
    expect(error).toMatchObject({ code: "UNREACHABLE", message: "git said nothing for 1000 ms and was stopped" });
  });

  test("a server that sends more than allowed is stopped", async () => {
    const { url } = await served();
    expect((await errorOf(open("/", url, { offline: false, limits: { maxBytes: 500 } }))).code).toBe("OVER_LIMIT");
    const source = await open("/", url, { offline: false, limits: { maxBytes: 3000 } });
    expect((await errorOf(source.read("weights.bin"))).code).toBe("OVER_LIMIT");
    await source.close();
  });

  test("an audit that is interrupted stops git", async () => {
    const silent = await serveGit(scratch(), () => true);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 200);
    await expect(open("/", `git+${silent.url}/x.git`, { offline: false, signal: controller.signal })).rejects.toThrow("stopped");
  });
});
