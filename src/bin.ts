#!/usr/bin/env node
// The compile cache must be on before any other module of ours is loaded, and static imports run first:
// so this file imports nothing but what `--version` needs.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { VERSION } from "./core/version.ts";

const argv = process.argv.slice(2);

// No top-level await: the program is built as CommonJS, which starts faster and knows none.
async function main(): Promise<void> {
  // A folder of the user's own: what lies in a shared temporary folder could be written by somebody else.
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  enableCompileCache(process.env["NODE_COMPILE_CACHE"] || join(cache, "ajar", "compile"));
  const { runProcess } = await import("./cli/run-process.ts");
  await runProcess(argv);
}

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) process.stdout.write(`ajar ${VERSION}\n`);
else void main();
