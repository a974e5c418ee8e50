// Findings about license statements of recorded releases. Used by the acceptance test and by scripts/compare-contradictions.ts.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { auditContext } from "../../src/audit/context.ts";
import { findConflicts } from "../../src/components/findings.ts";
import type { Evidence } from "../../src/core/evidence.ts";
import type { Finding } from "../../src/core/release.ts";
import { compareText } from "../../src/core/text.ts";
import { source as recorded } from "../../src/sources/recorded.ts";
import { observe } from "./compare.ts";

export interface Contradiction {
  readonly release: string;
  readonly finding: Finding;
}

/** `path:line`, or the path alone where the place is no line. */
export function placeOf({ path, span }: Evidence): string {
  return span?.kind === "lines" ? `${path}:${span.start}` : path;
}

/** `release rule place place …`, as docs/contradictions.md and the test list it. */
export function briefOf({ release, finding }: Contradiction): string {
  return [release, finding.ruleId, ...finding.evidence.map(placeOf)].join(" ");
}

/** Every finding about licenses and claims in every recorded release of a folder, sorted; null when the folder is not there. */
export async function contradictionsIn(folder: string): Promise<readonly Contradiction[] | null> {
  if (!existsSync(folder)) return null;
  const found: Contradiction[] = [];
  for (const release of readdirSync(folder).sort(compareText)) {
    const source = await recorded.open(`recorded:${join(folder, release)}`, auditContext({ env: {}, cwd: "/" }));
    const { facts, findings, components, inventory } = await observe(source);
    await source.close();
    const all = [...findings, ...findConflicts(facts, components, [inventory])];
    found.push(...all.filter(({ ruleId }) => /^(?:licenses|claims)\//u.test(ruleId)).map((finding) => ({ release, finding })));
  }
  return found.sort((a, b) => compareText(briefOf(a), briefOf(b)));
}
