import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DataReport } from "../../src/core/dataset.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { isLabelled, labelledFolder, labelledMetadata, labelledSets, namedLicenses } from "./labelled-sets.ts";

const isSet = isLabelled(labelledFolder);
if (!isSet) writeSync(2, `skipped: ${labelledFolder} is not there, so labelled records of data sets were not read\n`);

describe.skipIf(!isSet)("labelled records of data sets", () => {
  it("name no license that Ajar takes for a wider one", () => {
    const names = namedLicenses(labelledFolder);
    expect(names.filter(({ isWider }) => isWider)).toEqual([]);
    expect(names.filter(({ record }) => record !== null).length).toBeGreaterThanOrEqual(75);
  });

  it("agree with the catalogue where it has the set", () => {
    const judged = labelledSets(labelledFolder).filter(({ agrees }) => agrees !== null);
    expect(judged.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(judged.length).toBeGreaterThanOrEqual(4);
  });

  it("in Croissant are read, with their version", () => {
    const metadata = labelledMetadata(labelledFolder);
    expect(metadata).toHaveLength(8);
    expect(metadata.filter(({ wanted, version }) => wanted !== version)).toEqual([]);
    expect(metadata.filter(({ saysSensitive }) => saysSensitive).map(({ file }) => file)).toEqual(["1.0_bigcode-the-stack.json"]);
  });
});

describe.skipIf(!isSet)("questions of a published test set", () => {
  it("are found in data where they were put, and nowhere else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-test-set-"));
    try {
      const set = join(labelledFolder, "benchmarks", "gsm8k-test.jsonl");
      const questions = readFileSync(set, "utf8").trim().split("\n");
      const taken = questions.filter((_, at) => at % 2 === 0).map((line) => JSON.stringify({ text: `Q: ${JSON.parse(line).question}` }));
      writeFileSync(join(folder, "train.jsonl"), `${taken.join("\n")}\n`);
      const { stdout } = await runInProcess(["data", folder, "--rows", "full", "--against", set, "-f", "json"]);
      const [overlap] = (JSON.parse(stdout) as DataReport).overlaps;
      expect(overlap?.items).toBe(questions.length);
      // Answers were left out, so no item is there as a whole; some share a passage with one that was put in.
      expect(overlap?.touched).toBeGreaterThanOrEqual(taken.length - (overlap?.short ?? 0));
      expect(overlap?.touched).toBeLessThanOrEqual(taken.length * 1.02);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
