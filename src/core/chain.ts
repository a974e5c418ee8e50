// What a release derives from, as a graph, and the terms that reach it. docs/chain.md tells how they travel.
import type { Clause, Condition, Duty, Permission, Use } from "./terms.ts";

/** How one release came from another. The direction is always from the release to what it was made from. */
export const RELATIONS = [
  "base-model",
  "adapter",
  "merge",
  "quantized",
  "converted",
  "finetune",
  "distilled",
  "dataset",
  /** A data set made from another one. */
  "source-data",
  /** A data set of what a model put out. */
  "generated",
] as const;
export type Relation = (typeof RELATIONS)[number];

/** The way in which terms travel over a relation: the words of TermsRecord.flow, and `generation`, after which training is `outputs`. */
export const CHANNELS = ["derivatives", "outputs", "training", "generation"] as const;
export type Channel = (typeof CHANNELS)[number];

export const CHANNEL_OF: Readonly<Record<Relation, Channel>> = {
  "base-model": "derivatives",
  adapter: "derivatives",
  merge: "derivatives",
  quantized: "derivatives",
  converted: "derivatives",
  finetune: "derivatives",
  distilled: "outputs",
  dataset: "training",
  "source-data": "derivatives",
  generated: "generation",
};

/** One release of a chain, named so that two spellings of it are one node. */
export interface ChainNode {
  /** `hf:owner/name`, `hf:datasets/owner/name`, an address, `name:…`; for the audited release whatever its report says. */
  readonly id: string;
  /** License ids that bind together. An id without a record of terms, `modified …` for instance, stands for unknown terms; so does an empty list. */
  readonly licenses: readonly string[];
}

export interface ChainEdge {
  readonly child: string;
  readonly parent: string;
  readonly relation: Relation;
}

/** A release and all that it is known to derive from. */
export interface ReleaseChain {
  /** The release itself comes first. */
  readonly nodes: readonly [ChainNode, ...ChainNode[]];
  readonly edges: readonly ChainEdge[];
}

/**
 * How the terms of a license reach a release.
 * own: the release states it. derived, distilled, trained: over derivatives, outputs, training data, as the license says.
 * generated: it holds outputs of the licensed model. maker: only what the license asks of whoever makes such a thing. possible: nobody says whether they reach it.
 * made-against: the license does not allow, or does not say that it allows, what was done to make it.
 */
export const REACHES = ["own", "derived", "distilled", "trained", "generated", "maker", "possible", "made-against"] as const;
export type Reach = (typeof REACHES)[number];

/** One step up: the relation, and the node it leads to. */
export interface ChainStep {
  readonly relation: Relation;
  readonly node: string;
}

/** Where a term comes from; clause and summary are empty where the license is not known. */
export interface TermOrigin extends Clause {
  /** As in ChainNode.licenses; `unknown` where a node has none. */
  readonly license: string;
  readonly reach: Reach;
  /** From the release up to the node that states the license, the shortest way; empty for the release's own. */
  readonly path: readonly ChainStep[];
}

/** What one license says of one use, once it has reached the release. */
export type Ground = TermOrigin & { readonly permission: Permission };

/** A condition with its origin; `certain: false` where it may not reach the release at all. */
export type EffectiveCondition = Condition & TermOrigin & { readonly certain: boolean };

export interface EffectiveUse {
  /** The narrowest of all grounds: forbidden before unknown before conditional before allowed. */
  readonly permission: Permission;
  /** The narrowest first. */
  readonly because: readonly [Ground, ...Ground[]];
  /** All that must hold where the permission is `conditional`; known ones also where it is `unknown`. */
  readonly conditions: readonly EffectiveCondition[];
}

/** A duty with its origin; `certain: false` where it may not reach the release at all. */
export type EffectiveDuty = Duty & TermOrigin & { readonly certain: boolean };

/** What all licenses of a chain allow and ask together. */
export interface EffectiveTerms {
  readonly uses: Readonly<Record<Use, EffectiveUse>>;
  readonly duties: readonly EffectiveDuty[];
}

/** Who said what a node's license is; `unresolved` where nobody did. */
export const RESOLUTIONS = ["release", "target", "catalogue", "host", "unresolved"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Why a node is unresolved. */
export const UNRESOLVED_REASONS = [
  /** A name that stands for no address. */
  "name-only",
  /** A path on somebody's disk that ends in the name of a known release. */
  "local-path",
  /** It could be looked up, and the audit was not to. */
  "not-followed",
  "offline",
  "not-found",
  "gated",
  "unreachable",
  /** It was found, and states no license. */
  "no-license",
  /** The chain is longer or wider than what one audit follows. */
  "limit",
] as const;
export type UnresolvedReason = (typeof UNRESOLVED_REASONS)[number];
