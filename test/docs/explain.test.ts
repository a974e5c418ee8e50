// Whatever id a report holds, `ajar explain` answers for it; and every criterion says where its standard asks for it.
import { existsSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { auditContext } from "../../src/audit/context.ts";
import type { Message, Report } from "../../src/core/report.ts";
import { loadRules, packageRoot } from "../../src/rules/load.ts";
import { runInProcess } from "../cli/run-in-process.ts";

const releases = join(packageRoot, "..", "shared", "corpus", "releases");
const hasReleases = existsSync(releases);
if (!hasReleases) writeSync(2, "skipped: no recorded releases beside the repository, so their ids were not explained\n");

/** Every id of a report: standards, criteria, levels, licenses, restrictions, findings, components, words and sentences. */
function idsOf(report: Report): readonly string[] {
  const messages: readonly Message[] = [
    ...report.headline.because,
    ...report.verdicts.flatMap(({ criteria }) => criteria.flatMap(({ because, missing }) => [...because, ...(missing ?? [])])),
    ...report.gaps.flatMap((gap) => gap.do),
    ...report.findings.map(({ message }) => message),
  ];
  return [
    report.headline.label,
    ...report.verdicts.flatMap(({ standard, profile, criteria }) => [standard, profile ?? standard, ...criteria.map(({ id }) => id)]),
    ...report.components.flatMap(({ id, availability, openness }) => [id, availability, openness]),
    ...report.licenses.flatMap(({ id, kind, restrictions }) => [
      ...licenseOf(id, kind),
      kind,
      ...(restrictions ?? []).map(({ term }) => term),
    ]),
    ...report.findings.flatMap(({ ruleId, severity }) => [ruleId, severity]),
    ...report.coverage.skipped.map(({ reason }) => reason),
    ...report.statements.quantities.map(({ quantity }) => quantity),
    ...report.statements.relations.map(({ relation }) => relation),
    ...report.statements.safety.map(({ topic }) => topic),
    ...report.evidence.map(({ method }) => method),
    ...messages.map(({ id }) => id),
  ];
}

/** A changed text goes by the license it was made from. The words of a statement that names no known license are a quote, no id. */
function licenseOf(id: string, kind: string): readonly string[] {
  return kind === "unknown" && !id.startsWith("modified ") ? [] : [id.replace(/^modified /u, "")];
}

async function unexplained(ids: Iterable<string>): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const id of new Set(ids)) if ((await runInProcess(["explain", id])).code !== 0) missing.push(id);
  return missing.sort();
}

describe("ajar explain", () => {
  const goldens = join(packageRoot, "test", "golden", "releases");

  test.each(readdirSync(goldens).filter((name) => name.endsWith(".json")))("answers for every id of %s", async (name) => {
    const report = JSON.parse(readFileSync(join(goldens, name), "utf8")) as Report;
    expect(await unexplained(idsOf(report))).toEqual([]);
  });

  it.skipIf(!hasReleases)(
    "answers for every id of the recorded releases",
    async () => {
      const ids = new Set<string>();
      const context = auditContext({ env: {}, cwd: packageRoot, offline: true });
      const names = readdirSync(releases);
      for (const name of names) {
        const parts = [{ part: "all", reference: `recorded:${join(releases, name)}` }] as const;
        for (const id of idsOf(await audit({ parts, context, acceptClaims: false }))) ids.add(id);
      }
      expect(names.length).toBeGreaterThan(30);
      expect(await unexplained(ids)).toEqual([]);
    },
    120_000,
  );
});

interface Entry {
  readonly id: string;
  readonly clause?: string;
}

describe("every criterion", () => {
  const standards = [...loadRules("standards")].flatMap(([name, data]) => {
    const { source, criteria, dimensions, components } = data as Record<string, unknown>;
    const entries = [criteria, dimensions, components].find((list) => Array.isArray(list)) as readonly Entry[] | undefined;
    return entries === undefined ? [] : [{ name, source, entries }];
  });

  it.each(standards)("of $name cites where its standard asks for it", async ({ name, source, entries }) => {
    expect(source).toMatch(/^https:\/\//u);
    for (const { id, clause } of entries) {
      expect(clause ?? "", id).toMatch(/\w{3}/u);
      const { stdout } = await runInProcess(["explain", `${name}/${id}`]);
      expect(stdout.replace(/\s+/gu, " "), id).toContain((clause ?? "").replace(/\s+/gu, " "));
      expect(stdout, id).toContain(String(source));
    }
  });

  it("belongs to one of five standards", () => {
    expect(standards).toHaveLength(5);
  });
});
