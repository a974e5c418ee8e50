// The digest that OpenSSF Model Signing puts into a signature's subject: SHA-256 over the digests of the files, in the
// order of their names (model-signing-spec v1.0, "Root digest"; model_signing/_signing/signing.py).
import { createHash } from "node:crypto";

/** Entries at the top of a release that are about its repository (model_signing/hashing.py, `ignore_git_paths`). */
export const GIT_PATHS: readonly string[] = [".git", ".gitattributes", ".github", ".gitignore"];

/** Hex digest of digests in the order given. */
export function rootOf(resources: readonly { readonly digest: string }[]): string {
  const hash = createHash("sha256");
  for (const { digest } of resources) hash.update(digest, "hex");
  return hash.digest("hex");
}

/** By code point of the whole name, as the specification has it; UTF-8 sorts so, UTF-16 does not. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** By path segment, as Python's PurePosixPath sorts and so the reference implementation: `a/b` before `a.b`. */
export function comparePathSegments(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareNames(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** A test whether a path is, or lies below, one of these; as quick for a million of them as for four. */
export function belowAny(paths: Iterable<string>): (path: string) => boolean {
  const known = new Set(paths);
  return (path) => known.size > 0 && withAncestors(path).some((ancestor) => known.has(ancestor));
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
export function withAncestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) found.push(path.slice(0, at));
  found.push(path);
  return found;
}
