import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareIndexScores, compareMotClasses, compareMotTests, judgeRecord, recordsIn } from "./groundtruth.ts";

const folder = join(import.meta.dirname, "../../../shared/groundtruth");
const isAbsent = !existsSync(folder);
if (isAbsent) console.warn(`skipped: ${folder} is not there, so nothing was compared with other people's records`);

describe.skipIf(isAbsent)("other people's records", () => {
  it("of the Model Openness Tool's own tests give its classes and progress to the last digit", async () => {
    const { equal, total, differences } = await compareMotTests(join(folder, "mot"));
    expect(differences).toEqual([]);
    expect(equal).toBe(total);
    // Upstream has 27; the folder holds these.
    expect(total).toBe(18);
  });

  it("of the Model Openness Tool give the derived classes, every one", async () => {
    const { total, differences } = await compareMotClasses(join(folder, "mot"));
    expect(differences).toEqual([]);
    expect(total).toBe(recordsIn(join(folder, "mot/models")).length);
  });

  it("of the European index give its scores and grades, every one", async () => {
    const { total, differences } = await compareIndexScores(join(folder, "osaii"));
    expect(differences).toEqual([]);
    expect(total).toBe(recordsIn(join(folder, "osaii/models")).length);
  });

  it("of the index's predecessor are read, and what it did not ask stays unknown", async () => {
    const legacy = join(folder, "osaii/legacy-2023-2025");
    for (const name of recordsIn(legacy)) {
      const verdict = (await judgeRecord("osaii", join(legacy, name), true)).verdicts.find(({ standard }) => standard === "osaii-2026");
      const unknown = verdict?.criteria.filter(({ result }) => result === "unknown").map(({ id }) => id);
      expect(unknown).toEqual(["osaii-2026/hardware_architecture"]);
    }
  });

  it("settle nothing until they are accepted", async () => {
    for (const name of recordsIn(join(folder, "mot/models")).slice(0, 20)) {
      const { verdicts, headline } = await judgeRecord("mot", join(folder, "mot/models", name), false);
      expect(headline.word).toBe("unknown");
      expect(new Set(verdicts.map(({ result }) => result))).toEqual(new Set(["unknown"]));
    }
  });
});
