#!/usr/bin/env node
// Static imports are loaded first: so this file imports nothing but what `--version` needs.
import { nodeProblem } from "./core/node-version.ts";
import { VERSION } from "./core/version.ts";

const argv = process.argv.slice(2);

// No top-level await: the program is built as CommonJS, which starts faster and knows none.
async function main(): Promise<void> {
  const { loadProgram } = await import("./load-program.ts");
  const { runProcess } = loadProgram(import.meta.dirname, argv[0]) ?? (await import("./cli/run-process.ts"));
  await runProcess(argv);
}

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) process.stdout.write(`ajar ${VERSION}\n`);
else {
  const problem = nodeProblem(process.versions.node);
  if (problem === null) void main();
  else {
    process.stderr.write(problem);
    process.exitCode = 2;
  }
}
