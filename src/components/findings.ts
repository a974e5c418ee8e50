// What is wrong between statements: licenses that contradict each other, labels without texts, claims the terms do not bear out.
import type { ComponentId } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import { type Fact, factsOf, type LicenseFact } from "../core/fact.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { ComponentState, CoveringLicense, Finding } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import { claimsOf } from "./statements/claim.ts";
import { conflictFinding, conflictsOf } from "./statements/conflicts.ts";
import { missingNotices, missingTexts } from "./statements/duties.ts";
import { modelsFinding, splitFinding } from "./statements/splits.ts";

/** Findings that need all facts of the release together. */
export function findConflicts(
  facts: readonly Fact[],
  components: ReadonlyMap<ComponentId, ComponentState>,
  inventories: readonly SourceInventory[],
): readonly Finding[] {
  const licenses = factsOf(facts, "license").filter(({ thirdParty }) => !thirdParty);
  return [
    ...sideBySide(licenses),
    ...missingTexts(licenses, components, inventories),
    ...missingNotices(licenses, components, inventories),
    ...openClaims(facts, components),
  ];
}

function sideBySide(licenses: readonly LicenseFact[]): readonly Finding[] {
  const claims = claimsOf(licenses);
  const conflicts = conflictsOf(claims);
  const told = [splitFinding(claims, conflicts), modelsFinding(claims)].filter((found) => found !== null);
  return [...conflicts.map(conflictFinding), ...told];
}

function finding(
  ruleId: string,
  severity: Finding["severity"],
  message: Omit<Message, "evidence">,
  evidence: readonly [Evidence, ...Evidence[]],
): Finding {
  const cited = evidence.map(({ id }) => id);
  return { ruleId, severity, message: { ...message, evidence: cited }, path: evidence[0].path, evidence };
}

/** The publisher calls the release open source while the license of its weights is known and is not approved by OSI. */
function openClaims(facts: readonly Fact[], components: ReadonlyMap<ComponentId, ComponentState>): readonly Finding[] {
  const weights = components.get("weights");
  const [claim] = factsOf(facts, "openness-claim");
  if (weights === undefined || claim === undefined) return [];
  // Of several licenses the one that limits use shows most plainly that the claim does not hold for all.
  const license = weights.licenses.find(isLimiting) ?? weights.licenses.find(({ record }) => record !== null && !record.osiApproved);
  if (license === undefined) return [];
  const [claimed, ...others] = claim.evidence;
  const args = { claim: claim.claim, license: license.id };
  const pieces: readonly [Evidence, ...Evidence[]] = [claimed, ...others, ...license.evidence.slice(0, 1)];
  return [finding("claims/open-source-not-osi", "high", { id: "components.open-source-not-osi", args }, pieces)];
}

function isLimiting({ record }: CoveringLicense): boolean {
  return record !== null && ["use-restricted", "non-commercial", "no-derivatives", "proprietary"].includes(record.kind);
}
