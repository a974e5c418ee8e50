// A folder to work in, and made-up releases to work on, that go when the tests of a file end.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type RELEASES, write } from "./made-up.ts";

/** Call at the top of a test file. */
export function madeUpWork(prefix: string): { readonly folder: string; readonly release: (name: keyof typeof RELEASES) => string } {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const written: string[] = [];
  afterAll(() => {
    for (const path of [folder, ...written]) rmSync(path, { recursive: true });
  });
  const release = (name: keyof typeof RELEASES): string => {
    const path = write(name);
    written.push(path);
    return path;
  };
  return { folder, release };
}
