// Where the built program lies, and where its compiled code is kept.
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { requireCompiled } from "./code-cache.ts";

/** Commands whose code is kept; a mistyped one must not leave a file. */
const KEPT = /^(?:audit|scan|digest|verify|explain|license|doctor|completion|schema|help)$/u;

type Program = typeof import("./cli/run-process.ts");

/**
 * The program as the build put it beside the starting file, with the code that an earlier run of the same command compiled;
 * null when run from source.
 */
export function loadProgram(folder: string, command: string | undefined): Program | null {
  const program = join(folder, "program.cjs");
  if (!existsSync(program)) return null;
  // A folder of the user's own: what lies in a shared temporary folder could be written by somebody else.
  const home = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const cache = process.env["NODE_COMPILE_CACHE"] || join(home, "ajar", "compile");
  // For the files that only some audits load.
  enableCompileCache(cache);
  // By place, so that two installations do not write over each other's code at every run.
  const place = crc32(program).toString(16).padStart(8, "0");
  const isKept = !process.env["NODE_DISABLE_COMPILE_CACHE"] && KEPT.test(command ?? "");
  const codeFile = isKept ? join(cache, `ajar-${place}-${command}-${process.version}-${process.arch}`) : null;
  return requireCompiled(program, codeFile) as Program;
}
