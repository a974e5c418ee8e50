// The parts of a release that an answer is about, each with its own licenses and the chain that bears on it.
import { ownLicenses, releaseChain } from "../chain/block.ts";
import type { ReleaseChain } from "../core/chain.ts";
import { type ComponentId, SCOPE_OF } from "../core/component.ts";
import type { ComponentReport, Report } from "../core/report.ts";
import { compareText } from "../core/text.ts";
import type { Assertion, UsePart } from "../core/use.ts";

export interface ReleasePart {
  readonly part: UsePart;
  readonly components: readonly ComponentId[];
  readonly licenses: readonly string[];
  /** Id of the override that says what its license is. */
  readonly asserted?: string;
  readonly chain: ReleaseChain;
  /** A license of each node is known, and nothing was left out. */
  readonly chainComplete: boolean;
}

/** Components of each part; evaluation data is somebody else's benchmark more often than part of a model. */
const OF_PART: Readonly<Record<UsePart, (id: ComponentId) => boolean>> = {
  weights: (id) => SCOPE_OF[id] === "weights",
  data: (id) => id === "training-data",
  code: (id) => SCOPE_OF[id] === "code",
};

/**
 * The main part first: the weights, also where they lie elsewhere or behind a form; else the data, else the code. Then whatever
 * else was found here. A release of which no part was found is its unseen weights, under no known license.
 */
export function partsOf(report: Report, asserted: readonly Assertion[]): readonly [ReleasePart, ...ReleasePart[]] {
  const hasWeights = report.components.some(({ id, availability }) => id === "weights" && !isMissing(availability));
  const main = hasWeights ? "weights" : (shipped(report, "data") ?? shipped(report, "code") ?? "weights");
  const others = (["data", "code"] as const).filter((part) => part !== main && shipped(report, part) !== null);
  return [mainPart(report, main, asserted), ...others.map((part) => otherPart(report, part, asserted))];
}

function isMissing(availability: ComponentReport["availability"]): boolean {
  return availability === "absent" || availability === "unknown";
}

function shipped(report: Report, part: UsePart): UsePart | null {
  return report.components.some(({ id, availability }) => OF_PART[part](id) && availability === "found") ? part : null;
}

function mainPart(report: Report, part: UsePart, asserted: readonly Assertion[]): ReleasePart {
  const components = report.components.filter(({ id, availability }) => OF_PART[part](id) && !isMissing(availability));
  const stated = part === "weights" ? statedOfWeights(report) : licensesOf(components);
  const own = assertedFor({ part }, asserted);
  const licenses = own?.licenses ?? stated;
  const [release, ...parents] = releaseChain(report).nodes;
  const nodes = parents.map((node) => ({ ...node, licenses: assertedFor({ node: node.id }, asserted)?.licenses ?? node.licenses }));
  return {
    part,
    components: components.map(({ id }) => id),
    licenses,
    ...(own === null ? {} : { asserted: own.id }),
    chain: { nodes: [{ ...release, licenses }, ...nodes], edges: report.chain.edges },
    chainComplete: isComplete(report, nodes),
  };
}

/** As the chain has it where there is one: it says what was taken for the release's own license. */
function statedOfWeights(report: Report): readonly string[] {
  return report.chain.nodes[0]?.licenses ?? ownLicenses(report.components);
}

/** A cut chain stays cut whatever is asserted of its nodes. */
function isComplete(report: Report, nodes: readonly { readonly id: string; readonly licenses: readonly string[] }[]): boolean {
  if (report.chain.complete) return true;
  const wasUnknown = report.chain.nodes.some(({ licenses }) => licenses.length === 0);
  return wasUnknown && nodes.every(({ licenses }) => licenses.length > 0);
}

function otherPart(report: Report, part: UsePart, asserted: readonly Assertion[]): ReleasePart {
  const components = report.components.filter(({ id, availability }) => OF_PART[part](id) && availability === "found");
  const own = assertedFor({ part }, asserted);
  const licenses = own?.licenses ?? licensesOf(components);
  return {
    part,
    components: components.map(({ id }) => id),
    licenses,
    ...(own === null ? {} : { asserted: own.id }),
    chain: { nodes: [{ id: report.target.ref, licenses }], edges: [] },
    chainComplete: true,
  };
}

/** A component without a license leaves the part unknown, whatever the others state. */
function licensesOf(components: readonly ComponentReport[]): readonly string[] {
  const ids = components.flatMap(({ licenses }) => (licenses.length === 0 ? ["unknown"] : licenses));
  return [...new Set(ids)].sort(compareText);
}

interface AssertedLicenses {
  readonly id: string;
  readonly licenses: readonly string[];
}

/** Several people may each name a license; all of them bind then. */
function assertedFor(of: { readonly part?: UsePart; readonly node?: string }, asserted: readonly Assertion[]): AssertedLicenses | null {
  const fitting = asserted.filter(({ says }) => says.kind === "license" && says.part === of.part && says.node === of.node);
  const [first] = fitting;
  if (first === undefined) return null;
  return { id: first.id, licenses: fitting.flatMap(({ says }) => (says.kind === "license" ? [says.license] : [])) };
}
