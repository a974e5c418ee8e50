import { describe, expect, it } from "vitest";
import { findConflicts } from "../../src/components/findings.ts";
import type { Evidence } from "../../src/core/evidence.ts";
import type { Finding } from "../../src/core/release.ts";
import { observe } from "./compare.ts";
import { madeUp } from "./made-up.ts";
import { contradicting } from "./statement-fixtures.ts";
import { agreeing } from "./statement-lookalikes.ts";
import type { StatementFixture } from "./statement-parts.ts";

function placeOf({ path, span }: Evidence): string {
  return span?.kind === "lines" ? `${path}:${span.start}` : path;
}

async function findingsOf({ files, kind, ref }: StatementFixture): Promise<readonly Finding[]> {
  const options = { ...(kind === undefined ? {} : { kind }), ...(ref === undefined ? {} : { ref }) };
  const { facts, findings, components, inventory } = await observe(madeUp(files, options));
  return [...findings, ...findConflicts(facts, components, [inventory])].filter(({ ruleId }) => ruleId.startsWith("licenses/"));
}

function brief(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ ruleId, evidence }) => [ruleId, ...evidence.map(placeOf)].join(" ")).sort();
}

describe("statements that contradict each other are found with both places", () => {
  it.each(contradicting)("$name", async (fixture) => {
    const findings = await findingsOf(fixture);
    expect(brief(findings.filter(({ severity }) => severity !== "info"))).toEqual(fixture.wrong.map((row) => row.join(" ")).sort());
    for (const { evidence, ruleId } of findings)
      if (ruleId === "licenses/conflict") expect(evidence.every(({ digest }) => /^(?:sha256|git-blob|path):/u.test(digest))).toBe(true);
  });
});

describe("statements that only look so accuse nobody", () => {
  it.each(agreeing)("$name", async (fixture) => {
    const findings = await findingsOf(fixture);
    expect(brief(findings.filter(({ severity }) => severity !== "info"))).toEqual(fixture.wrong.map((row) => row.join(" ")).sort());
    const told = findings.filter(({ severity }) => severity === "info").map(({ ruleId }) => ruleId);
    if (fixture.told !== undefined) expect(told).toEqual(fixture.told);
  });
});

it("half of the made-up releases accuse nobody", () => {
  expect(contradicting.length + agreeing.length).toBeGreaterThanOrEqual(25);
  expect(agreeing.length).toBeGreaterThanOrEqual(contradicting.length);
});
