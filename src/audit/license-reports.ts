import { clauseEvidence } from "../core/clauses.ts";
import type { Evidence } from "../core/evidence.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { LicenseReport } from "../core/report.ts";
import { compareText } from "../core/text.ts";

type Differences = NonNullable<LicenseReport["differences"]>;
type Restrictions = NonNullable<LicenseReport["restrictions"]>;

export interface LicenseReports {
  readonly licenses: readonly LicenseReport[];
  /** Evidence made here: the places of clauses and differing sentences. */
  readonly evidence: readonly Evidence[];
}

/** License facts as the report lists them: one row a statement, the release's own before third-party ones. */
export function licenseReports(facts: readonly LicenseFact[]): LicenseReports {
  const made: Evidence[] = [];
  const cite = (piece: Evidence): string => {
    made.push(piece);
    return piece.id;
  };
  const licenses = facts
    .map((fact) => licenseReport(fact, cite))
    .sort(
      (a, b) =>
        Number(a.thirdParty ?? false) - Number(b.thirdParty ?? false) ||
        compareText(a.id, b.id) ||
        compareText(a.evidence.join(), b.evidence.join()),
    );
  return { licenses, evidence: made };
}

type Cite = (piece: Evidence) => string;

function licenseReport(fact: LicenseFact, cite: Cite): LicenseReport {
  const restrictions = restrictionsOf(fact, cite);
  const differences = differencesOf(fact, cite);
  const isModified = fact.match?.outcome === "modified";
  return {
    id: licenseIdOf(fact),
    kind: isModified ? "unknown" : (fact.license?.kind ?? "unknown"),
    scope: fact.covers,
    statement: fact.statement,
    evidence: fact.evidence.map(({ id }) => id),
    ...(fact.folder === "" ? {} : { folder: fact.folder }),
    ...(fact.about === undefined ? {} : { about: fact.about }),
    ...(fact.thirdParty ? { thirdParty: true } : {}),
    ...(restrictions.length === 0 ? {} : { restrictions }),
    ...(differences.length === 0 ? {} : { differences }),
  };
}

function licenseIdOf(fact: LicenseFact): string {
  if (fact.match?.outcome === "modified") return `modified ${fact.match.base.id}`;
  if (fact.license !== null) return fact.license.id;
  return fact.stated === "" ? "unknown" : fact.stated;
}

function restrictionsOf(fact: LicenseFact, cite: Cite): Restrictions {
  const [statement] = fact.evidence;
  if (fact.match?.outcome === "identified" || fact.match?.outcome === "unknown-license") {
    return fact.match.restrictions.map(({ term, clause, span, quote }) => ({
      term,
      clause,
      evidence: [cite(clauseEvidence(statement, span, quote))],
    }));
  }
  if (fact.license === null || fact.match?.outcome === "modified") return [];
  // Named, not read: the terms are the record's, the evidence is where the license was named.
  return fact.license.restrictions.map(({ term, clause }) => ({ term, clause, evidence: [cite(statement)] }));
}

function differencesOf(fact: LicenseFact, cite: Cite): Differences {
  if (fact.match?.outcome !== "modified") return [];
  const [statement] = fact.evidence;
  return fact.match.differences.map(({ kind, text, normative, span }) => ({
    kind,
    text,
    normative,
    evidence: cite(clauseEvidence(statement, span, text)),
  }));
}
