// What is wrong between statements: licenses that contradict each other, labels without texts, claims the terms do not bear out.
import type { ComponentId, LicenseScope, Openness } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import { type Fact, factsOf, type LicenseFact } from "../core/fact.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { ComponentState, Finding } from "../core/release.ts";
import type { Message } from "../core/report.ts";
import { compareText } from "../core/text.ts";
import { licenseIdOf, opennessOf } from "./coverage.ts";

/** Findings of one kind; more would say the same again. */
const MAX_EACH = 10;

const SCOPES: readonly LicenseScope[] = ["code", "weights", "data"];

/** Findings that need all facts of the release together. */
export function findConflicts(
  facts: readonly Fact[],
  components: ReadonlyMap<ComponentId, ComponentState>,
  inventories: readonly SourceInventory[],
): readonly Finding[] {
  const licenses = factsOf(facts, "license").filter(({ thirdParty }) => !thirdParty);
  return [...conflicts(licenses), ...labelsWithoutText(licenses, inventories), ...openClaims(facts, components)];
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

/** Two statements about the same thing of which one is open and the other is not. */
function conflicts(licenses: readonly LicenseFact[]): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const scope of SCOPES) {
    const about = licenses.filter(({ covers, license, match }) => covers.includes(scope) && (license !== null || match !== undefined));
    const limited = distinctByFolder(about, "restricted");
    for (const first of [...distinctByFolder(about, "open").values()].flat()) {
      for (const second of limited.get(first.folder) ?? []) {
        if (findings.length >= MAX_EACH) return findings;
        const [a, b] = [licenseIdOf(first), licenseIdOf(second)];
        const key = `${scope} ${a} ${b}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const args = { scope, first: a, second: b, firstPath: first.evidence[0].path, secondPath: second.evidence[0].path };
        findings.push(
          finding("licenses/conflict", "high", { id: "components.license-conflict", args }, [first.evidence[0], second.evidence[0]]),
        );
      }
    }
  }
  return findings;
}

/** Statements of one openness by folder, each license of a folder once: a release can repeat itself thousands of times. */
function distinctByFolder(licenses: readonly LicenseFact[], openness: Openness): ReadonlyMap<string, readonly LicenseFact[]> {
  const byFolder = new Map<string, Map<string, LicenseFact>>();
  for (const fact of licenses) {
    if (opennessOf("found", [fact]) !== openness) continue;
    const known = byFolder.get(fact.folder) ?? new Map<string, LicenseFact>();
    byFolder.set(fact.folder, known);
    const id = licenseIdOf(fact);
    if (!known.has(id)) known.set(id, fact);
  }
  return new Map([...byFolder].map(([folder, known]) => [folder, [...known.values()]]));
}

const PERMISSIVE = /^(?:MIT|Apache-2\.0|BSD-|ISC|0BSD)/u;

/** MIT, BSD and Apache ask for their text to go along; a label alone grants nothing that can be passed on. */
function labelsWithoutText(licenses: readonly LicenseFact[], inventories: readonly SourceInventory[]): readonly Finding[] {
  const texts = new Set(
    licenses.flatMap(({ license, statement, match }) =>
      statement === "text" && match?.outcome === "identified" ? (license?.id ?? []) : [],
    ),
  );
  const unread = inventories.some(({ artifacts }) => artifacts.some(({ roles, text }) => roles.includes("license") && text === null));
  if (unread) return [];
  const labels = new Map<string, LicenseFact>();
  for (const fact of licenses) {
    const id = fact.license?.id;
    if (id === undefined || fact.statement === "text" || !PERMISSIVE.test(id) || texts.has(id)) continue;
    if (!labels.has(id)) labels.set(id, fact);
  }
  return [...labels]
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, MAX_EACH)
    .map(([license, fact]) =>
      finding(
        "licenses/permissive-label-without-text",
        "medium",
        { id: "components.label-without-text", args: { license } },
        fact.evidence,
      ),
    );
}

/** The publisher calls the release open source while the license of its weights is known and is not approved by OSI. */
function openClaims(facts: readonly Fact[], components: ReadonlyMap<ComponentId, ComponentState>): readonly Finding[] {
  const weights = components.get("weights");
  const [claim] = factsOf(facts, "openness-claim");
  if (weights === undefined || claim === undefined) return [];
  const license = weights.licenses.find(({ record }) => record !== null && !record.osiApproved);
  if (license === undefined) return [];
  const [claimed, ...others] = claim.evidence;
  const args = { claim: claim.claim, license: license.id };
  const pieces: readonly [Evidence, ...Evidence[]] = [claimed, ...others, ...license.evidence.slice(0, 1)];
  return [finding("claims/open-source-not-osi", "high", { id: "components.open-source-not-osi", args }, pieces)];
}
