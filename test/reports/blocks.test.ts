// The chain, the scanned files and the policy of a report in each output that has a place for them.
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/reports/language.ts";
import { renderReport } from "../../src/reports/render-report.ts";
import { hostileReport } from "./reports.ts";

const report = hostileReport("Name");

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly licenses?: readonly { readonly license: { readonly id?: string; readonly name?: string } }[];
  readonly hashes?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly pedigree?: { readonly ancestors: readonly Component[]; readonly notes: string };
}

describe("cyclonedx", async () => {
  const bom = JSON.parse(await renderReport(report, "cyclonedx"));
  const components: readonly Component[] = bom.components;

  it("names every safety finding as a vulnerability of its file, and no other finding", () => {
    const named = bom.vulnerabilities as readonly { readonly id: string; readonly affects: readonly { readonly ref: string }[] }[];
    const safety = report.findings.filter(({ ruleId }) => ruleId === "PK01");
    expect(named.filter(({ id }) => id === "PK01")).toHaveLength(safety.length);
    expect(named.filter(({ id }) => /^(?:licenses|claims|compute|chain)\//u.test(id))).toEqual([]);
    const refs = new Set(components.map((component) => component["bom-ref"]));
    for (const { id, affects } of named) if (id === "PK01") for (const { ref } of affects) expect(refs).toContain(ref);
  });

  it("says of each scanned file how much of it was understood", () => {
    const file = components.find(({ name }) => name === "dir/Name");
    expect(file?.hashes).toHaveLength(1);
    expect(file?.properties).toContainEqual({ name: "ajar:coverage", value: "partial; malformed" });
  });

  it("has the parents' licenses in the pedigree, and ends where the chain leads back", () => {
    const { pedigree } = bom.metadata.component as Component;
    const [parent] = pedigree?.ancestors ?? [];
    expect(parent?.licenses?.map(({ license }) => license.id ?? license.name)).toEqual(["Name", "MIT"]);
    expect(parent?.pedigree?.notes).toBe("quantized: hf:Name");
    expect(parent?.pedigree?.ancestors[0]?.pedigree).toBeUndefined();
  });

  it("has each reference once", () => {
    const refs = [...JSON.stringify(bom).matchAll(/"bom-ref":"([^"]+)"/gu)].map(([, ref]) => ref);
    expect(new Set(refs).size).toBe(refs.length);
  });
});

describe("spdx", async () => {
  const graph = JSON.parse(await renderReport(report, "spdx"))["@graph"] as readonly Record<string, unknown>[];
  const links = graph.filter(({ type }) => type === "Relationship");

  it("says what each release descends from and is trained on", () => {
    const said = links.map(({ relationshipType, comment }) => [relationshipType, comment].join(" ").trim());
    expect(said).toEqual(expect.arrayContaining(["descendantOf finetune", "descendantOf quantized", "trainedOn"]));
  });

  it("has the parents' licenses", () => {
    const parent = graph.find(({ spdxId }) => String(spdxId).endsWith("#parent-0"));
    const declared = links.find(({ relationshipType, from }) => relationshipType === "hasDeclaredLicense" && from === parent?.["spdxId"]);
    expect(declared?.["to"]).toHaveLength(2);
  });
});

describe("csv", () => {
  it("has a row for each parent, use, duty, file and rule of a policy", async () => {
    const csv = await renderReport(report, "csv");
    const count = (kind: string): number => csv.split("\n").filter((line) => line.includes(`,${kind},`)).length;
    expect([count("parent"), count("use"), count("duty"), count("file"), count("policy")]).toEqual([4, 6, 1, 2, 3]);
  });
});

describe.each(LANGUAGES)("what was not understood in %s", (language) => {
  it.each(["html", "markdown"] as const)("is never without a mark in %s", async (format) => {
    const text = await renderReport({ ...report, findings: [] }, format, { language });
    const row = format === "markdown" ? /^\| dir\/Name \|.*$/mu : /<tr role="row" class="covered-partial">.*?<\/tr>/su;
    const cells = row.exec(text)?.[0];
    expect(cells).toContain("?");
    expect(cells).not.toContain("✓");
  });
});
