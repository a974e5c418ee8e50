import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import type { Verdict } from "../../src/core/report.ts";
import { MAX_CLAIMS_BYTES } from "../../src/documents/claims-yaml.ts";
import { parseMotFile } from "../../src/documents/mot-record.ts";
import { parseOsaiiFile } from "../../src/documents/osaii-record.ts";
import { text } from "../../src/reports/messages.ts";
import { compareMotCases, judgeRecord } from "./groundtruth.ts";

const RECORDS = join(import.meta.dirname, "records");

async function verdict(kind: "mot" | "osaii", file: string, acceptClaims: boolean, profile?: string): Promise<Verdict> {
  const { verdicts } = await judgeRecord(kind, join(RECORDS, file), acceptClaims);
  const found = verdicts.find((one) => one.standard === (kind === "mot" ? "mof" : "osaii-2026") && one.profile === profile);
  if (found === undefined) throw new Error("no verdict");
  return found;
}

describe("the Model Openness Tool's own test cases", () => {
  it("kept here as facts give its classes and progress to the last digit", async () => {
    expect(await compareMotCases()).toEqual({ equal: 9, total: 9, differences: [] });
  });
});

describe("an accepted record of the Model Openness Tool", () => {
  it("reaches Class III with a paper in place of the report, and inherits the license of its kind", async () => {
    const mot = await verdict("mot", "made-up-mot.yml", true, "mof-mot");
    expect(mot).toMatchObject({ result: "met", level: "Class III - Open Model", score: { class3: 100, class2: 60, class1: 0 } });
    expect(mot.criteria.find(({ id }) => id === "mof/technical-report")?.because[0]?.id).toBe("standards.mot.stands-in");
  });

  it("takes a license by its exact id only, and data sets without one on paper only", async () => {
    const mot = await verdict("mot", "made-up-mot.yml", true, "mof-mot");
    const paper = await verdict("mot", "made-up-mot.yml", true, "mof-paper");
    const result = (of: Verdict, id: string): string | undefined => of.criteria.find((one) => one.id === id)?.result;
    expect(result(mot, "mof/training-code")).toBe("not-met");
    expect([result(mot, "mof/datasets"), result(paper, "mof/datasets")]).toEqual(["not-met", "met"]);
  });

  it("warns where an open license is not meant for the kind of content", async () => {
    const mot = await verdict("mot", "made-up-mot.yml", true, "mof-mot");
    expect(mot.criteria.find(({ id }) => id === "mof/model-parameters-final")?.because[0]?.id).toBe("standards.mot.conditional");
  });

  it("points at the lines of each component", async () => {
    const mot = await verdict("mot", "made-up-mot.yml", true, "mof-mot");
    expect(mot.criteria.find(({ id }) => id === "mof/model-architecture")?.because[0]?.evidence?.length).toBe(1);
  });
});

describe("a record that is not accepted", () => {
  it("settles nothing and is quoted as a claim", async () => {
    const mot = await verdict("mot", "made-up-mot.yml", false, "mof-mot");
    expect(mot).toMatchObject({ result: "unknown", level: "unknown" });
    expect(mot.criteria[0]?.because[0]).toMatchObject({ id: "standards.claim.unverified", args: { by: "mot:made-up-mot.yml" } });
    const index = await verdict("osaii", "made-up-osaii.yaml", false);
    expect(index.criteria.every(({ result }) => result === "unknown")).toBe(true);
    expect(index.score?.["total"]).toBeUndefined();
  });
});

describe("an accepted record of the European index", () => {
  it("is scored by plain means, and a dimension it leaves out counts as closed", async () => {
    const index = await verdict("osaii", "made-up-osaii.yaml", true);
    expect(index.score).toEqual({ total: 0.5417, availability: 0.7, documentation: 0.4167, access: 0.5 });
    expect(index.criteria.find(({ id }) => id === "osaii-2026/datasheet")).toMatchObject({ result: "not-met", level: "closed" });
    expect(index.criteria.find(({ id }) => id === "osaii-2026/code")).toMatchObject({ result: "not-met", level: "partial" });
  });
});

describe("the sentences about a record", () => {
  it.each(["made-up-mot.yml", "made-up-osaii.yaml"])("%s can be said in every language, accepted or not", async (file) => {
    for (const accepted of [true, false]) {
      const { verdicts, headline, gaps } = await judgeRecord(file.endsWith(".yml") ? "mot" : "osaii", join(RECORDS, file), accepted);
      const criteria = verdicts.flatMap((one) => one.criteria).flatMap((one) => [...one.because, ...(one.missing ?? [])]);
      const said = [...headline.because, ...gaps.flatMap((gap) => gap.do), ...criteria];
      for (const language of ["en", "zh-Hans", "zh-Hant"] as const) {
        for (const message of said) expect(text(message, language)).not.toBe("");
      }
    }
  });
});

const PARSERS = [parseMotFile, parseOsaiiFile];

function refusal(parse: (text: string, subject: string) => unknown, text: string): AjarError {
  try {
    parse(text, "record.yml");
  } catch (error) {
    if (error instanceof AjarError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("a file with claims", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["aliases", "a: &a [x]\nrelease: { name: x, components: [*a, *a] }\nsystem: { name: x }\nproject: *a\n"],
    ["brackets without end", `release: ${"[".repeat(200_000)}`],
    ["list marks without end", "- ".repeat(200_000)],
    ["indentation without end", Array.from({ length: 800 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["too many bytes", `release: { name: ${"x".repeat(MAX_CLAIMS_BYTES)} }`],
    ["a key given twice", "release: { name: a }\nrelease: { name: b }\nsystem: { name: a }\n"],
    ["no mapping", "just a text"],
    ["nothing", ""],
  ];
  it.each(bad)("is refused for %s", (_, text) => {
    for (const parse of PARSERS) expect(refusal(parse, text).code).toBe("BAD_CLAIMS_FILE");
  });

  it("is refused with the line that is wrong", () => {
    const text = "release:\n  name: x\n  components:\n    - name: Datasets\n      license: [1]\n";
    expect(refusal(parseMotFile, text).message).toContain("record.yml line 5: license is not a text");
    expect(refusal(parseOsaiiFile, "system: { name: x }\ncode:\n  class: half\n").message).toContain("line 3:");
    expect(refusal(parseMotFile, "release:\n\tname: x\n").message).toContain("line 2:");
  });

  it("is read or refused, whatever stands in it, and never half", () => {
    const text =
      "release:\n  name: x\n  license: { code: { name: MIT } }\n  components:\n    - { name: Datasets, license: MIT }\nsystem:\n  name: y\ncode: { class: open }\n";
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 12 }), fc.nat(6), (at, inserted, cut) => {
        const mutated = text.slice(0, at) + inserted + text.slice(at + cut);
        for (const parse of PARSERS) {
          try {
            parse(mutated, "record.yml");
          } catch (error) {
            expect(error).toBeInstanceOf(AjarError);
            expect(error).toMatchObject({ code: "BAD_CLAIMS_FILE" });
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("that is not there, or is a folder, is named", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ajar-claims-"));
    await expect(judgeRecord("mot", join(folder, "none.yml"), false)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(judgeRecord("mot", folder, false)).rejects.toMatchObject({ code: "BAD_CLAIMS_FILE" });
    writeFileSync(join(folder, "index.yaml"), "release: { name: x }\n");
    await expect(judgeRecord("osaii", join(folder, "index.yaml"), false)).rejects.toMatchObject({ code: "BAD_CLAIMS_FILE" });
  });
});
