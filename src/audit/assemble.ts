// Facts and verdicts -> the published report. Sorts everything, so that the same input gives the same bytes.
import { createHash } from "node:crypto";
import { COMPONENT_IDS } from "../core/component.ts";
import type { DataReport } from "../core/dataset.ts";
import type { Evidence } from "../core/evidence.ts";
import { type Fact, factsOf } from "../core/fact.ts";
import type { ReleaseIdentity } from "../core/identity.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { ReleaseView } from "../core/release.ts";
import {
  type ChainReport,
  type ComponentReport,
  type Coverage,
  EMPTY_CHAIN,
  type Gap,
  type Headline,
  type Message,
  type Report,
  SCHEMA_VERSION,
  type StandardId,
  type Statements,
  type Verdict,
} from "../core/report.ts";
import type { ReportedFile } from "../core/scan.ts";
import { compareText } from "../core/text.ts";
import { VERSION } from "../core/version.ts";
import { rulesVersion } from "../rules/load.ts";
import { findingReports, idsOf } from "./findings.ts";
import { licenseReports } from "./license-reports.ts";

interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly headline: Headline;
  readonly gaps: readonly Gap[];
}

export interface Assembly {
  readonly reference: string;
  readonly inventories: readonly SourceInventory[];
  readonly view: ReleaseView;
  readonly judgement: Judgement;
  readonly files: readonly ReportedFile[];
  /** Empty where nobody asked for it. */
  readonly identity: readonly ReleaseIdentity[];
  /** Null where nobody asked for it, or there is none. */
  readonly data: DataReport | null;
  /** Keep only these standards; all when null. */
  readonly standards: readonly StandardId[] | null;
  /** Null where the release is not said to derive from anything. */
  readonly chain: { readonly report: ChainReport; readonly evidence: readonly Evidence[] } | null;
  readonly bytesRead: number;
  readonly requests: number;
  readonly targetBytes: number | null;
  /** Null when no source says, or when they differ. */
  readonly transfer: "ranges" | "whole" | null;
}

/** Builds the report; pure but for reading the version of the rules. */
export function assembleReport(assembly: Assembly): Report {
  const { inventories, view, judgement } = assembly;
  const wants = (standard: StandardId): boolean => assembly.standards === null || assembly.standards.includes(standard);
  const { licenses, evidence: clauses } = licenseReports(factsOf(view.facts, "license"));
  const parts = {
    headline: judgement.headline,
    verdicts: judgement.verdicts.filter((verdict) => wants(verdict.standard)),
    components: componentReports(view),
    licenses,
    statements: statementsOf(view.facts),
    findings: findingReports(view.findings),
    files: assembly.files,
    gaps: judgement.gaps.filter((gap) => wants(gap.standard)),
    chain: assembly.chain?.report ?? EMPTY_CHAIN,
  };
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { version: VERSION, rules: rulesVersion() },
    target: {
      ref: assembly.reference,
      sources: inventories.map(({ ref, kind, revision, digest }) => ({ ref, kind, revision, digest })),
      digest: targetDigest(inventories),
    },
    ...parts,
    coverage: coverageOf(assembly),
    ...(assembly.identity.length === 0 ? {} : { identity: assembly.identity }),
    ...(assembly.data === null ? {} : { data: assembly.data }),
    evidence: citedEvidence(parts, view, [...clauses, ...(assembly.chain?.evidence ?? [])]),
  };
}

/** SHA-256 over the sources' listing digests, one a line, in the order given: what was audited, in one value. */
function targetDigest(inventories: readonly SourceInventory[]): string {
  const hash = createHash("sha256");
  for (const inventory of inventories) hash.update(`${inventory.part}\0${inventory.digest}\n`);
  return `sha256:${hash.digest("hex")}`;
}

function componentReports(view: ReleaseView): readonly ComponentReport[] {
  return COMPONENT_IDS.flatMap((id) => {
    const state = view.components.get(id);
    if (state === undefined) return [];
    const { availability, openness, places, partial } = state;
    return [
      {
        id,
        availability,
        openness,
        licenses: [...new Set(state.licenses.map((license) => license.id))].sort(compareText),
        evidence: idsOf(state.evidence),
        places,
        partial,
      },
    ];
  });
}

function statementsOf(facts: readonly Fact[]): Statements {
  return {
    quantities: factsOf(facts, "quantity").map(({ quantity, value, unit, subject, stated, evidence }) => ({
      quantity,
      value,
      unit,
      subject,
      stated,
      evidence: idsOf(evidence),
    })),
    relations: factsOf(facts, "relation").map(({ relation, target, evidence }) => ({ relation, target, evidence: idsOf(evidence) })),
    safety: factsOf(facts, "safety").map(({ topic, evidence }) => ({ topic, evidence: idsOf(evidence) })),
    claims: factsOf(facts, "openness-claim").map(({ claim, evidence }) => ({ claim, evidence: idsOf(evidence) })),
  };
}

function coverageOf(assembly: Assembly): Coverage {
  const { inventories } = assembly;
  const skipped = inventories.flatMap((inventory) => inventory.skipped.map((skip) => ({ ...skip, source: inventory.ref })));
  const listings = inventories
    .filter((inventory) => !inventory.listingComplete)
    .map((inventory) => ({
      path: "",
      reason: "listing" as const,
      source: inventory.ref,
      partial: true,
      detail: inventory.listingProblem ?? "the listing is incomplete",
    }));
  const all = [...listings, ...skipped];
  return {
    filesListed: total(inventories.map((inventory) => inventory.filesListed)),
    filesRead: total(inventories.map((inventory) => inventory.filesRead)),
    bytesRead: assembly.bytesRead,
    requests: assembly.requests,
    ...(assembly.targetBytes === null ? {} : { targetBytes: assembly.targetBytes }),
    ...(assembly.transfer === null ? {} : { transfer: assembly.transfer }),
    skipped: all,
    complete: all.every((skip) => !skip.partial),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

type ReportParts = Pick<Report, "headline" | "verdicts" | "components" | "licenses" | "statements" | "findings" | "gaps" | "chain">;

/** Every piece of evidence that some part of the report names, once, sorted by place. */
function citedEvidence(parts: ReportParts, view: ReleaseView, clauses: readonly Evidence[]): readonly Evidence[] {
  const known = new Map<string, Evidence>(clauses.map((piece) => [piece.id, piece]));
  const remember = (evidence: readonly Evidence[]): void => {
    for (const piece of evidence) known.set(piece.id, piece);
  };
  for (const fact of view.facts) {
    remember(fact.evidence);
  }
  for (const component of view.components.values()) {
    remember(component.evidence);
    for (const license of component.licenses) {
      remember(license.evidence);
      for (const restriction of license.restrictions) remember(restriction.evidence);
    }
  }
  for (const finding of view.findings) remember(finding.evidence);
  const cited = [...citedIds(parts)].flatMap((id) => known.get(id) ?? []);
  return cited.sort(
    (a, b) => compareText(a.source, b.source) || compareText(a.path, b.path) || spanStart(a) - spanStart(b) || compareText(a.id, b.id),
  );
}

function spanStart(evidence: Evidence): number {
  return evidence.span === undefined || evidence.span.kind === "pointer" ? 0 : evidence.span.start;
}

function citedIds(parts: ReportParts): ReadonlySet<string> {
  const messages: Message[] = [...parts.headline.because];
  for (const verdict of parts.verdicts)
    for (const criterion of verdict.criteria) messages.push(...criterion.because, ...(criterion.missing ?? []));
  for (const gap of parts.gaps) messages.push(...gap.do);
  const statements = parts.statements;
  return new Set([
    ...messages.flatMap((message) => message.evidence ?? []),
    ...parts.components.flatMap((component) => component.evidence),
    ...parts.licenses.flatMap((license) => [
      ...license.evidence,
      ...(license.restrictions ?? []).flatMap((restriction) => restriction.evidence),
      ...(license.differences ?? []).map((difference) => difference.evidence),
    ]),
    ...[...statements.quantities, ...statements.relations, ...statements.safety, ...statements.claims].flatMap((item) => item.evidence),
    ...parts.findings.flatMap((finding) => finding.evidence),
    ...[...parts.chain.nodes, ...parts.chain.edges].flatMap((item) => item.evidence),
  ]);
}
