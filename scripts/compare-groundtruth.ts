// Compares Ajar with the records of the Model Openness Tool and of the European Open Source AI Index, and prints a table.
// Usage: node scripts/compare-groundtruth.ts [FOLDER]   (FOLDER holds mot/ and osaii/; default ../shared/groundtruth)
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Comparison, compareIndexScores, compareMotClasses, compareMotTests } from "../test/standards/groundtruth.ts";

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../../shared/groundtruth"));
if (!existsSync(folder)) {
  console.error(`${folder}: not there; give the folder that holds mot/ and osaii/`);
  process.exit(2);
}

/** Synthetic records that upstream keeps; the folder may hold fewer. */
const UPSTREAM_TEST_FILES = 27;

function print(name: string, comparison: Comparison, note = ""): void {
  console.log(`${name.padEnd(44)} ${comparison.equal} of ${comparison.total}${note}`);
  for (const line of comparison.differences) console.log(`  ${line}`);
}

const tests = await compareMotTests(join(folder, "mot"));
const note = tests.total < UPSTREAM_TEST_FILES ? ` (upstream has ${UPSTREAM_TEST_FILES}; ${tests.total} are here)` : "";
print("MOT test files: class and three progresses", tests, note);
const classes = await compareMotClasses(join(folder, "mot"));
print("MOT records: class and three progresses", classes);
const scores = await compareIndexScores(join(folder, "osaii"));
print("European index: four scores, twelve grades", scores);
process.exitCode = [tests, classes, scores].every((comparison) => comparison.equal === comparison.total) ? 0 : 1;
