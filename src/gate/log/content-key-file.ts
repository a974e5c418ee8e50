// The file with the key that texts in the log are encrypted with. What others on this machine can read is no secret.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AjarError } from "../../core/errors.ts";
import { type ContentKey, contentKey } from "./content.ts";

/** A key with its line feed is far shorter. */
const MOST_BYTES = 1024;
const OTHERS = 0o077;
const ONE_WAY = "Make one with: (umask 077; openssl rand -hex 32 > content.key)";

/** @throws AjarError BAD_KEY: missing, no file, of another size, made of a pattern, or open to others than its owner */
export function readContentKey(path: string): ContentKey {
  return contentKey(textOf(path), path);
}

function textOf(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (cause) {
    throw new AjarError("BAD_KEY", "the key cannot be read", { subject: path, hint: ONE_WAY, cause });
  }
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > MOST_BYTES) {
      throw new AjarError("BAD_KEY", "this is not a key of 32 bytes", { subject: path, hint: ONE_WAY });
    }
    // Windows has no such modes.
    if (process.platform !== "win32" && (found.mode & OTHERS) !== 0) {
      throw new AjarError("BAD_KEY", "others than its owner may read this key", {
        subject: path,
        hint: "Take that right away: chmod 600. If anybody can have read it, make a new key.",
      });
    }
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, MOST_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
