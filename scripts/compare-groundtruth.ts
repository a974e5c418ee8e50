// Compares Ajar with the records of the Model Openness Tool and of the European Open Source AI Index, and prints a table.
// Usage: node scripts/compare-groundtruth.ts [FOLDER]   (FOLDER holds mot/ and osaii/; default ../shared/groundtruth)
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Comparison, compareIndexScores, compareMotCases, compareMotClasses, compareMotTests } from "../test/standards/groundtruth.ts";

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

const files = await compareMotTests(join(folder, "mot"));
const cases = await compareMotCases();
print("MOT test files in the folder", files, ` (upstream has ${UPSTREAM_TEST_FILES})`);
print("MOT test cases kept as facts in test/standards", cases);
const tests: Comparison = {
  equal: files.equal + cases.equal,
  total: files.total + cases.total,
  differences: [],
};
print("MOT tests in all: class, three progresses", tests);
const classes = await compareMotClasses(join(folder, "mot"));
print("MOT records: class and three progresses", classes);
const scores = await compareIndexScores(join(folder, "osaii"));
print("European index: four scores, twelve grades", scores);
process.exitCode = [tests, classes, scores].every((comparison) => comparison.equal === comparison.total) ? 0 : 1;
