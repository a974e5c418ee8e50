// Which license statements cover a component, and what they add up to.
import { clauseEvidence } from "../core/clauses.ts";
import { type Availability, type ComponentId, type LicenseScope, type Openness, SCOPE_OF } from "../core/component.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { LicenseKind } from "../core/license.ts";
import type { CoveringLicense } from "../core/release.ts";
import { promisesOwnTerms } from "./statements/agree.ts";

const OPEN: readonly LicenseKind[] = ["osi-approved", "open-data", "open-content", "unapproved-permissive"];
const LIMITED: readonly LicenseKind[] = ["use-restricted", "non-commercial", "no-derivatives"];

/** Written elsewhere than the release's own repository license: a paper is its publisher's, whatever the code is under. */
const OWN_TERMS: readonly ComponentId[] = ["paper", "usage-policy"];
/** Parts on other hosts that the release's statements about weights or data speak of. */
const SPOKEN_OF: readonly ComponentId[] = ["weights", "weights-intermediate", "training-data"];

interface SourcePath {
  /** Reference of the source, as in evidence. */
  readonly source: string;
  readonly path: string;
}

export interface Place {
  readonly availability: Availability;
  /** Where the parts lie in the release; empty for what is elsewhere. */
  readonly paths: readonly SourcePath[];
}

/** License statements that cover a component where it is. A root license never reaches what lies on another host. */
export function coveringFacts(id: ComponentId, place: Place, licenses: readonly LicenseFact[]): readonly LicenseFact[] {
  return withoutWorseChoices(coveringStatements(id, place, licenses));
}

/** Of licenses offered to choose from, a reader takes the open one. */
function withoutWorseChoices(facts: readonly LicenseFact[]): readonly LicenseFact[] {
  const open = new Set(facts.flatMap((fact) => (fact.choice !== undefined && opennessOfFact(fact) === "open" ? [fact.choice] : [])));
  return facts.filter((fact) => fact.choice === undefined || !open.has(fact.choice) || opennessOfFact(fact) === "open");
}

function coveringStatements(id: ComponentId, place: Place, licenses: readonly LicenseFact[]): readonly LicenseFact[] {
  const own = licenses.filter(({ thirdParty }) => !thirdParty);
  const named = own.filter(({ components }) => components.includes(id));
  if (named.length > 0) return named;
  if (place.availability === "found") return coversInside(id, place.paths, own);
  if (place.availability === "absent" || !SPOKEN_OF.includes(id)) return [];
  return withoutEmptyPointers(own.filter(({ covers }) => covers.includes(SCOPE_OF[id])));
}

function coversInside(id: ComponentId, paths: readonly SourcePath[], own: readonly LicenseFact[]): readonly LicenseFact[] {
  const scope = SCOPE_OF[id];
  // The license of a code repository says nothing about a data set that was named beside it.
  const near = own.filter(({ folder, evidence }) =>
    paths.some(({ source, path }) => source === evidence[0].source && isInside(path, folder)),
  );
  const scoped = near.filter(({ covers }) => covers.includes(scope));
  if (OWN_TERMS.includes(id)) return deepest(scoped);
  // A row of a table of data sets names no part and speaks of its own data set, not of the folder.
  const general = near.filter(({ covers, about, statement }) => covers.length === 0 && (about === undefined || statement === "text"));
  const direct = deepest([...scoped, ...general]);
  if (direct.length > 0) return direct;
  // "This repository is under MIT" speaks of code and means the documents beside it too.
  return scope === "documents" ? deepest(near.filter(({ covers }) => covers.includes("code"))) : [];
}

function isInside(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** A license in a nested folder speaks for that folder before the root's does; tags in single files speak last. */
function deepest(facts: readonly LicenseFact[]): readonly LicenseFact[] {
  const whole = facts.filter(({ statement }) => statement !== "header");
  const candidates = withoutEmptyPointers(whole.length > 0 ? whole : facts);
  const depth = Math.max(...candidates.map(({ folder }) => folder.length), 0);
  return candidates.filter(({ folder }) => folder.length === depth);
}

/** A pointer that leads to no known license says nothing where another statement says something; a title of its own does. */
function withoutEmptyPointers(facts: readonly LicenseFact[]): readonly LicenseFact[] {
  // Beside a text that nobody knows, a title that nobody knows is that text's.
  const hasOwnText = facts.some(({ match, statement }) => statement === "text" && match?.outcome === "unknown-license");
  const telling = facts.filter(({ license, match, statement, stated }) => {
    if (license !== null) return true;
    return statement !== "pointer" && (match !== undefined || (promisesOwnTerms(stated) && !hasOwnText));
  });
  return telling.length > 0 ? telling : facts;
}

/** What covering statements allow together: the narrowest wins, and what is not known is never open. */
export function opennessOf(availability: Availability, facts: readonly LicenseFact[]): Openness {
  if (availability === "gated") return "restricted";
  const verdicts = facts.map(opennessOfFact);
  if (verdicts.includes("restricted")) return "restricted";
  if (verdicts.includes("closed")) return "closed";
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === "open") ? "open" : "unknown";
}

function opennessOfFact({ license, match, statement }: LicenseFact): Openness {
  if (match?.outcome === "modified") {
    if (LIMITED.includes(match.base.kind)) return "restricted";
    const isBinding = match.differences.some(({ normative }) => normative);
    return OPEN.includes(match.base.kind) && !isBinding ? "open" : "unknown";
  }
  // Nobody knows what else such a text allows, but that it limits use was read in it.
  if (match?.outcome === "unknown-license") {
    const isNarrow = match.restrictions.some(({ term }) => term !== "revocable");
    return statement === "text" && isNarrow ? "restricted" : "unknown";
  }
  if (license === null) return "unknown";
  if (LIMITED.includes(license.kind)) return "restricted";
  if (OPEN.includes(license.kind)) return "open";
  return license.kind === "proprietary" ? "closed" : "unknown";
}

/** The covering licenses as standards judge them, one per license, evidence of all its statements together. */
export function coveringLicenses(facts: readonly LicenseFact[]): readonly CoveringLicense[] {
  const byId = new Map<string, CoveringLicense>();
  for (const fact of facts) {
    const id = licenseIdOf(fact);
    const known = byId.get(id);
    const restrictions = restrictionsOf(fact);
    byId.set(id, {
      record: fact.match?.outcome === "modified" ? null : fact.license,
      id,
      evidence: [...(known?.evidence ?? []), ...fact.evidence],
      // Clauses seen in a text say more than those remembered for a name.
      restrictions: known === undefined || fact.match?.outcome === "identified" ? restrictions : known.restrictions,
    });
  }
  return [...byId.values()];
}

/** What a whole release says of its weights or data, for one of which only documents were seen. */
export function statedLicenses(scope: LicenseScope, licenses: readonly LicenseFact[]): readonly CoveringLicense[] {
  const whole = licenses.filter(
    ({ thirdParty, folder, covers }) => !thirdParty && folder === "" && (covers.length === 0 || covers.includes(scope)),
  );
  return coveringLicenses(withoutEmptyPointers(whole));
}

/** As LicenseReport.id: `modified MIT`, an id, the stated words, or `unknown`. */
function licenseIdOf({ match, license, stated }: LicenseFact): string {
  if (match?.outcome === "modified") return `modified ${match.base.id}`;
  if (license !== null) return license.id;
  return stated === "" ? "unknown" : stated;
}

function restrictionsOf(fact: LicenseFact): CoveringLicense["restrictions"] {
  const [statement] = fact.evidence;
  if (fact.match?.outcome === "identified" || fact.match?.outcome === "unknown-license") {
    return fact.match.restrictions.map(({ term, clause, summary, span, quote }) => ({
      term,
      clause,
      summary,
      evidence: [clauseEvidence(statement, span, quote)],
    }));
  }
  if (fact.license === null || fact.match?.outcome === "modified") return [];
  return fact.license.restrictions.map(({ term, clause, summary }) => ({ term, clause, summary, evidence: [statement] }));
}
