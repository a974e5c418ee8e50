import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChainReport, FindingReport, Report } from "../../src/core/report.ts";
import type { ReportedFile } from "../../src/core/scan.ts";
import { PERMISSIONS, USES } from "../../src/core/terms.ts";
import { readReports } from "../../src/reports/read-report.ts";

const folder = join(import.meta.dirname, "..", "golden", "releases");

/** Reports of made-up releases, by name. */
export function goldenReports(): readonly (readonly [string, Report])[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => [name.replace(".json", ""), readReports(readFileSync(join(folder, name), "utf8"), name)[0]] as const);
}

/** Text that would do something in one format or another, were it not escaped. */
const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  "]]><!-- --><![CDATA[",
  "[x](javascript:alert(1)) ![y](https://evil.example/a.png) https://evil.example @everyone #1",
  "=cmd|' /C calc'!A0",
  "\u001b[31mred\u001b[0m \u202edorb\u0000\u0008",
  "| a | b |\n| --- | --- |\n# heading\n- item",
  "\ud800 lone \udfff",
  "a: b\n- c: &x *x !!js/function 'x'",
].join(" ");

/** The golden with the most findings. */
function richest(): Report {
  const [first, ...others] = goldenReports().map(([, report]) => report);
  if (first === undefined) throw new Error("test/golden/releases is empty: run npm run golden");
  return others.reduce((best, report) => (report.findings.length > best.findings.length ? report : best), first);
}

/** Two steps, a way back to the release, a data set, names and licenses of the text. */
function hostileChain(text: string): ChainReport {
  const [release, model, base, data] = ["release", `name:${text}`, `hf:${text}`, `hf:datasets/${text}`] as const;
  const path = [{ relation: "finetune", node: model }] as const;
  const origin = { license: text, clause: text, in: text, reach: "derived", path } as const;
  const node = (id: string, licenses: readonly string[]) =>
    ({ id, name: text, licenses, resolution: "host", source: text, evidence: [] }) as const;
  return {
    nodes: [node(release, [text]), node(model, [text, "MIT"]), node(base, []), { ...node(data, [text]), reason: "gated" }],
    edges: [
      { child: release, parent: model, relation: "finetune", evidence: [] },
      { child: release, parent: data, relation: "dataset", evidence: [] },
      { child: model, parent: base, relation: "quantized", evidence: [] },
      { child: base, parent: release, relation: "merge", evidence: [] },
    ],
    uses: USES.map((use, index) => ({
      use,
      permission: PERMISSIONS[index % PERMISSIONS.length] ?? "unknown",
      because: [origin],
      conditions: [{ ...origin, kind: "region", certain: false }],
    })),
    duties: [{ ...origin, kind: "display", on: ["commercial"], words: text, certain: false }],
    complete: false,
  };
}

function hostileFile(text: string, path: string): ReportedFile {
  return {
    path,
    sizeBytes: null,
    digest: `sha256:${"1".repeat(64)}`,
    format: text,
    alsoFormats: [text],
    risk: "executes-by-design",
    coverage: { state: "partial", code: "malformed", detail: text },
    loaded: "yes",
    because: { id: "loaded.first" },
    tensors: 3,
    parameters: null,
    metadata: { [text]: text },
    source: text,
  };
}

/** A whole report with hostile text wherever a release could have put it. */
export function hostileReport(text: string = HOSTILE): Report {
  const base = richest();
  const path = `dir/${text.slice(0, 40)}`;
  return {
    ...base,
    target: {
      ...base.target,
      ref: text,
      sources: base.target.sources.map((source) => ({ ...source, ref: text, revision: text })),
    },
    components: base.components.map((component) => ({
      ...component,
      licenses: [text],
      places: [text, `https://x.example/${text}`],
    })),
    licenses: base.licenses.map((license) => ({ ...license, id: text, folder: text })),
    statements: {
      ...base.statements,
      relations: [
        { relation: "base-model", target: text, evidence: [] },
        { relation: "dataset", target: text, evidence: [] },
      ],
      claims: [{ claim: text, evidence: [] }],
    },
    findings: base.findings.flatMap((finding): readonly FindingReport[] => [
      { ...finding, path },
      { ...finding, path: `${path}!inner`, ruleId: "PK01", severity: "critical" },
      { ...finding, path, setAside: { by: "suppression", who: text, reason: text, until: "2030-01-01" } },
      { ...finding, path, setAside: { by: "baseline" } },
    ]),
    chain: hostileChain(text),
    files: [hostileFile(text, path), { ...hostileFile(text, `${path}2`), coverage: { state: "full" } }],
    policy: {
      file: text,
      digest: `sha256:${"0".repeat(64)}`,
      result: "review",
      rules: [
        { id: text, effect: "deny", outcome: "error", reason: text, detail: text },
        { id: "b", effect: "deny", outcome: "excepted", reason: text, exception: { by: text, reason: text, until: "2030-01-01" } },
        { id: "c", effect: "review", outcome: "does-not-hold", reason: text },
      ],
      otherwise: "allow",
      partial: true,
    },
    coverage: {
      ...base.coverage,
      complete: false,
      skipped: [{ path, reason: "malformed", source: text, partial: true, detail: text }],
    },
    evidence: base.evidence.map((piece) => ({ ...piece, path, source: text, quote: text })),
  };
}
