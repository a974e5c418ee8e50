// The chain as the report carries it, and back.
import type { EffectiveTerms, ReleaseChain, TermOrigin } from "../core/chain.ts";
import type { Evidence } from "../core/evidence.ts";
import type { ChainOriginReport, ChainReport, ComponentReport, Report } from "../core/report.ts";
import { USES } from "../core/terms.ts";
import type { ChainDraft, DraftNode } from "./draft.ts";

/** Duties listed; a chain of many licenses repeats itself. */
const MAX_DUTIES = 200;
/** Steps kept of a path, from the release on; the edges of the chain have the rest. */
const MAX_STEPS = 32;
/** Grounds and conditions kept for one use. */
const MAX_GROUNDS = 40;

/** The block of the report, from a draft whose nodes were all looked up. */
export function chainReport(draft: ChainDraft, terms: EffectiveTerms): ChainReport {
  const { nodes } = draft;
  return {
    nodes: nodes.map(nodeReport),
    edges: draft.edges.map(({ child, parent, relation, evidence }) => ({ child, parent, relation, evidence: idsOf(evidence) })),
    uses: USES.map((use) => {
      const { permission, because, conditions } = terms.uses[use];
      const deciding = because.filter((ground) => ground.permission === permission).slice(0, MAX_GROUNDS);
      return {
        use,
        permission,
        because: deciding.map(originReport),
        conditions: conditions.slice(0, MAX_GROUNDS).map((condition) => {
          const { kind, certain } = condition;
          return { kind, ...originReport(condition), certain };
        }),
      };
    }),
    duties: terms.duties.slice(0, MAX_DUTIES).map((duty) => {
      const { kind, on, words, certain } = duty;
      return { kind, on, ...(words === undefined ? {} : { words }), ...originReport(duty), certain };
    }),
    complete: !draft.isCut && nodes.every(({ known }) => known !== null && known.licenses.length > 0),
  };
}

function nodeReport({ id, name, known, reason }: DraftNode): ChainReport["nodes"][number] {
  if (known === null) return { id, name, licenses: [], resolution: "unresolved", reason: reason ?? "not-followed", evidence: [] };
  const { resolution, licenses, source, evidence } = known;
  return { id, name, licenses, resolution, ...(source === "" ? {} : { source }), evidence: idsOf(evidence) };
}

function originReport(origin: TermOrigin): ChainOriginReport {
  const { license, clause, reach, path } = origin;
  const steps = path.slice(0, MAX_STEPS);
  return { license, clause, ...(origin.in === undefined ? {} : { in: origin.in }), reach, path: steps };
}

function idsOf(evidence: readonly Evidence[]): readonly string[] {
  return [...new Set(evidence.map(({ id }) => id))];
}

/**
 * The chain of a reported release, to be given to `effectiveTerms`. A release of which no relation was found is a chain of one
 * node, under the licenses of its weights, or of its data where it has no weights.
 */
export function releaseChain(report: Report): ReleaseChain {
  const [release, ...others] = report.chain.nodes.map(({ id, licenses }) => ({ id, licenses }));
  if (release !== undefined) return { nodes: [release, ...others], edges: report.chain.edges };
  return { nodes: [{ id: report.target.ref, licenses: ownLicenses(report.components) }], edges: [] };
}

/** Licenses that a release itself is under: those of its weights; of its data where nothing is said of weights. */
export function ownLicenses(components: readonly Pick<ComponentReport, "id" | "licenses">[]): readonly string[] {
  const of = (id: ComponentReport["id"]): readonly string[] => components.find((component) => component.id === id)?.licenses ?? [];
  const weights = of("weights");
  return weights.length > 0 ? weights : of("training-data");
}
