// Where tests find the embedded engine: `scripts/test-machine.sh` puts it there, without the packages for graphics cards.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type HostOptions, openLlama } from "../../src/gate/engines/llama.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ajar-test", "llama");

/** Environment for the engine; null where it is not installed, and the tests that need it are skipped visibly. */
export const llamaEnv: Readonly<Record<string, string>> | null = (() => {
  const folder = process.env["AJAR_NODE_LLAMA"] || cache;
  return existsSync(join(folder, "node_modules", "node-llama-cpp", "dist", "index.js")) ? { AJAR_NODE_LLAMA: folder } : null;
})();

/** Opens the engine with a clock that stands, names that count, and one thread. */
export function openTestLlama(options: Partial<HostOptions> = {}) {
  let names = 0;
  return openLlama({
    env: llamaEnv ?? {},
    threads: 1,
    now: () => new Date("2026-01-02T03:04:05Z"),
    random: () => 0.5,
    newId: () => {
      names += 1;
      return `n${names}`;
    },
    ...options,
  });
}

/** A tiny model in a folder of its own; call `remove` at the end. */
export function tinyModelFile(seed: number): { readonly file: string; readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "ajar-tiny-"));
  const file = join(folder, `tiny-${seed}.gguf`);
  writeFileSync(file, tinyGguf({ seed }));
  return { file, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
