import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "formats", "fixtures");

/** A file that its format's own library wrote (scripts/make-format-fixtures.py). */
export function fixture(path: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(folder, path)));
}
