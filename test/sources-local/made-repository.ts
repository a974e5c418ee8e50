import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../src/core/source.ts";
import { source as gitSource } from "../../src/sources/git.ts";
import { context, git, LFS_POINTER, write } from "./support.ts";

/** Opens a reference as the product does, without a network unless asked. */
export function open(cwd: string, reference: string, options: Parameters<typeof context>[1] = {}): Promise<Source> {
  return gitSource.open(reference, context(cwd, options));
}

/** A repository with two commits, `v1` on the first. */
export function makeRepository(root: string): void {
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
