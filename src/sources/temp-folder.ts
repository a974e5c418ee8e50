import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const open = new Set<string>();
let isWatching = false;

/** A new private folder for scratch files; removed by `removeTempFolder`, or at exit if that was never reached. */
export function makeTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ajar-"));
  open.add(folder);
  if (!isWatching) {
    isWatching = true;
    process.once("exit", () => {
      for (const left of open) remove(left);
    });
  }
  return folder;
}

/** Removes a folder made by `makeTempFolder` with all it holds. */
export function removeTempFolder(folder: string): void {
  open.delete(folder);
  remove(folder);
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
