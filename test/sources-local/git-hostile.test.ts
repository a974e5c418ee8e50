// Repositories made to run programs, to climb out of their folder or to unfold without end.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { source as gitSource } from "../../src/sources/git.ts";
import { makeRepository, open } from "./made-repository.ts";
import { context, entriesOf, errorOf, git, leavesNothingBehind, pathsOf, scratch, write } from "./support.ts";

leavesNothingBehind();

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
