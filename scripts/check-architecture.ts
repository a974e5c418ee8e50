// Runs the import rules and fails when they are broken, or when nothing was looked at: a check that reads no file is always green.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";

const LEAST_MODULES = 20;
const MOST_LINES = 400;

/** Broken import rules below `folder`, one line each; the count of modules looked at comes with it. */
export async function checkImports(root: string): Promise<{ readonly modules: number; readonly broken: readonly string[] }> {
  const configuration = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as { forbidden: []; options: object };
  const result = await cruise(["src"], {
    ...configuration.options,
    baseDir: root,
    ruleSet: { forbidden: configuration.forbidden },
    validate: true,
  });
  const output = result.output as ICruiseResult;
  return {
    modules: output.summary.totalCruised,
    broken: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

/** House rules no tool knows: file length, star exports, TODO without an issue. */
export function checkFiles(root: string): readonly string[] {
  const problems: string[] = [];
  for (const folder of ["src", "scripts", "bench", "test"]) {
    for (const name of sourceFiles(join(root, folder))) {
      const text = readFileSync(join(root, folder, name), "utf8");
      const lines = text.split("\n").length;
      if (lines > MOST_LINES) problems.push(`${folder}/${name}: ${lines} lines, the limit is ${MOST_LINES}`);
      if (folder === "src" && /^export \* /mu.test(text)) problems.push(`${folder}/${name}: star export`);
      if (/\/\/ TODO(?! #\d)/u.test(text)) problems.push(`${folder}/${name}: TODO without an issue number`);
    }
  }
  return problems;
}

function sourceFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  } catch {
    return [];
  }
}

if (import.meta.filename === process.argv[1]) {
  const root = new URL("..", import.meta.url).pathname;
  const { modules, broken } = await checkImports(root);
  const problems = [...broken, ...checkFiles(root)];
  if (modules < LEAST_MODULES) problems.push(`only ${modules} modules were looked at: the check is not reading the code`);
  for (const problem of problems) console.error(problem);
  console.log(`architecture: ${modules} modules, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
