// The commit a checkout stands at, read from git's own files. No git is run: that would read the target's configuration.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** HEAD or one ref: a name or a hash. */
const REF_FILE_BYTES = 4096;
/** A packed-refs file of 100,000 refs is under 8 MiB. */
const PACKED_REFS_BYTES = 16 * 1024 ** 2;
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;
const REF_NAME = /^refs\/[\w./+@-]{1,250}$/u;

/** Commit id that HEAD of the checkout at `folder` names, or null when it is no checkout or cannot be told. */
export async function readHeadCommit(folder: string): Promise<string | null> {
  const store = join(folder, ".git");
  const head = readSmall(join(store, "HEAD"), REF_FILE_BYTES)?.trim();
  if (head === undefined) return null;
  if (OBJECT_ID.test(head)) return head;
  const ref = /^ref: (.+)$/u.exec(head)?.[1];
  if (ref === undefined || !REF_NAME.test(ref) || ref.split("/").includes("..")) return null;
  const loose = readSmall(join(store, ref), REF_FILE_BYTES)?.trim();
  if (loose !== undefined) return OBJECT_ID.test(loose) ? loose : null;
  return packedRef(readSmall(join(store, "packed-refs"), PACKED_REFS_BYTES) ?? "", ref);
}

function packedRef(packed: string, ref: string): string | null {
  for (const line of packed.split("\n")) {
    const [id, name] = line.split(" ");
    if (name === ref && id !== undefined && OBJECT_ID.test(id)) return id;
  }
  return null;
}

/** Text of a regular file of at most `limit` bytes; null for anything else. */
function readSmall(path: string, limit: number): string | null {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(file);
      return stats.isFile() && stats.size <= limit ? readFileSync(file, "utf8") : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
