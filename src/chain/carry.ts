// How one license's terms move from a release to what is made from it. docs/chain.md has the same rules in words.
import { CHANNELS, type Channel, type Reach } from "../core/chain.ts";
import type { Clause, Condition, Duty, Flow, Permission, TermsRecord, Use } from "../core/terms.ts";

/** The ways in which a license can bear on a release, one bit each. Several may hold at once. */
export const BIT = {
  /** The release itself is under the license. */
  own: 1,
  derived: 2,
  distilled: 4,
  trained: 8,
  /** Only what is asked of the maker of a derivative. */
  makerOfDerivative: 16,
  /** Only what is asked of whoever trains on outputs. */
  makerFromOutputs: 32,
  /** All of its terms, if it reaches the release at all. */
  possible: 64,
  /** Its notices only, if they reach the release at all. */
  possibleNotices: 128,
  /** Derives from something under the license, whatever flows: a member of its family. */
  kin: 256,
  /** Made from outputs that may train only the license's own family; settled once all parents are known. */
  pending: 512,
  /** The license does not allow what was done to make the release. */
  againstTuning: 1024,
  againstOutputs: 2048,
  /** A data set of what the licensed model put out. */
  outputsOf: 4096,
  /** Made from outputs that the license lets train others under conditions only. */
  madeIf: 8192,
} as const;

/** A set of BIT. */
export type Bits = number;
export const BITS: readonly Bits[] = Object.values(BIT);

/** Bits that readers hear of, with the word for them. */
export const REACH_OF: ReadonlyMap<Bits, Reach> = new Map<Bits, Reach>([
  [BIT.own, "own"],
  [BIT.derived, "derived"],
  [BIT.distilled, "distilled"],
  [BIT.trained, "trained"],
  [BIT.makerOfDerivative, "maker"],
  [BIT.makerFromOutputs, "maker"],
  [BIT.possible, "possible"],
  [BIT.possibleNotices, "possible"],
  [BIT.outputsOf, "generated"],
  [BIT.madeIf, "maker"],
  [BIT.againstTuning, "made-against"],
  [BIT.againstOutputs, "made-against"],
]);

/**
 * Narrowest last. What one license forbids no other can allow, so a text that was not read cannot soften it; and a text
 * that was not read may hold more than the conditions of one that was.
 */
const NARROWNESS: readonly Permission[] = ["allowed", "conditional", "unknown", "forbidden"];

/** Position in the order allowed, conditional, unknown, forbidden. */
export function narrownessOf(permission: Permission): number {
  return NARROWNESS.indexOf(permission);
}

/** The permission at a position of that order. */
export function permissionAt(narrowness: number): Permission {
  return NARROWNESS[narrowness] ?? "unknown";
}

/** Number of a channel in compact graphs. */
export function channelNumber(channel: Channel): number {
  return CHANNELS.indexOf(channel);
}

/** Channels that licenses speak of. What a model puts out is not made from it; only training on it is. */
type FlowChannel = keyof TermsRecord["flow"];

const BOUND: Readonly<Record<FlowChannel, Bits>> = { derivatives: BIT.derived, outputs: BIT.distilled, training: BIT.trained };
/** What one does with a thing to make the next one over a channel. */
const ACT: Readonly<Record<FlowChannel, Use>> = { derivatives: "fine-tune", outputs: "train-on-outputs", training: "fine-tune" };
/** Model and data that came from training hold no part of what they were trained on. */
const MAKER: Readonly<Record<FlowChannel, Bits>> = { derivatives: BIT.makerOfDerivative, outputs: BIT.makerFromOutputs, training: 0 };

const BINDING: readonly Flow[] = ["same-license", "restrictions", "underlying", "no-sharing"];

/** Whether a flow takes along what a license allows and forbids. A derivative holds the licensed work, so there notices do too. */
function bindsUses(channel: FlowChannel, flow: Flow): boolean {
  return BINDING.includes(flow) || (flow === "notices" && channel === "derivatives");
}

/** What one bit becomes when something is made over a channel. */
export function step(terms: TermsRecord, bit: Bits, channel: Channel): Bits {
  if (channel === "generation") return putOut(terms, bit);
  const { flow } = terms.flow[channel];
  switch (bit) {
    case BIT.outputsOf:
      return channel === "derivatives" ? bit : step(terms, BIT.own, "outputs");
    case BIT.own:
    case BIT.derived:
      return passOn(flow, channel) | against(terms, channel) | kinOver(channel);
    case BIT.kin:
      return kinOver(channel);
    case BIT.distilled:
      if (!bindsUses("outputs", terms.flow.outputs.flow)) return noticeOnly(flow);
      // Who copies, tunes or trains on the distilled thing is bound by what its maker had to pass on.
      return BIT.distilled | against(terms, channel);
    case BIT.trained:
      if (!bindsUses("training", terms.flow.training.flow)) return noticeOnly(flow);
      return channel === "derivatives" ? BIT.trained : passOn(flow, channel);
    case BIT.possible:
      if (flow === "none") return 0;
      return flow === "unknown" || bindsUses(channel, flow) ? BIT.possible : BIT.possibleNotices;
    case BIT.possibleNotices:
      return noticeOnly(flow);
    case BIT.againstTuning:
    case BIT.againstOutputs:
    case BIT.madeIf:
      return bit;
    default:
      return 0;
  }
}

/** What one bit of a model becomes for a data set that it generated. */
function putOut(terms: TermsRecord, bit: Bits): Bits {
  const { flow } = terms.flow.outputs;
  switch (bit) {
    case BIT.own:
    case BIT.derived:
    case BIT.distilled:
    case BIT.outputsOf:
      return BIT.outputsOf | (flow === "unknown" ? BIT.possible : 0);
    case BIT.trained:
    case BIT.possible:
      return flow === "none" ? 0 : BIT.possible;
    case BIT.possibleNotices:
      return noticeOnly(flow);
    case BIT.againstTuning:
    case BIT.againstOutputs:
    case BIT.madeIf:
      return bit;
    default:
      return 0;
  }
}

function passOn(flow: Flow, channel: FlowChannel): Bits {
  if (flow === "none") return MAKER[channel];
  return flow === "unknown" ? BIT.possible : BOUND[channel];
}

function kinOver(channel: Channel): Bits {
  return channel === "derivatives" ? BIT.kin : 0;
}

/** A notice owed for a model that does not hold the licensed work: whether it goes further nobody says. */
function noticeOnly(flow: Flow): Bits {
  return flow === "none" ? 0 : BIT.possibleNotices;
}

/** Conditions on making a thing that nobody can see in the thing; others are the user's to meet, or flow down with the license. */
const UNSEEN: readonly Condition["kind"][] = ["model-kind", "purpose", "non-commercial-party", "registration", "review"];

/** Bits for a thing made in a way that the license does not allow, or allows for its own family or under conditions only. */
function against(terms: TermsRecord, channel: FlowChannel): Bits {
  // Where nothing is known of a license, that it is not known says it all.
  if (terms.basis === "none") return 0;
  const { permission, conditions } = terms.uses[ACT[channel]];
  if (permission === "forbidden" || permission === "unknown") return channel === "outputs" ? BIT.againstOutputs : BIT.againstTuning;
  if (channel !== "outputs") return 0;
  const has = (wanted: (kind: Condition["kind"]) => boolean): boolean => conditions.some(({ kind }) => wanted(kind));
  return (has((kind) => kind === "own-family") ? BIT.pending : 0) | (has((kind) => UNSEEN.includes(kind)) ? BIT.madeIf : 0);
}

/** Settles `pending`: fine for a member of the family, else made against the license. */
export function settled(bits: Bits): Bits {
  return (bits & BIT.pending) !== 0 && (bits & BIT.kin) === 0 ? bits | BIT.againstOutputs : bits;
}

/** What a license says of a use. */
export interface Said extends Clause {
  readonly permission: Permission;
  readonly conditions: readonly Condition[];
}

/** What a license says of a use where it bears in the way of `bit`; null where it says nothing of uses. */
export function saidOf(terms: TermsRecord, bit: Bits, use: Use): Said | null {
  switch (bit) {
    case BIT.own:
      return terms.uses[use];
    case BIT.derived:
      return boundBy(terms, "derivatives", use);
    case BIT.distilled:
      return boundBy(terms, "outputs", use);
    case BIT.trained:
      return boundBy(terms, "training", use);
    case BIT.possible:
      return doubted(use === "redistribute" ? ofDerivative(terms, "derivatives") : terms.uses[use]);
    case BIT.outputsOf:
      return use === "fine-tune" ? terms.uses["train-on-outputs"] : null;
    case BIT.madeIf: {
      const conditions = terms.uses["train-on-outputs"].conditions.filter(({ kind }) => UNSEEN.includes(kind));
      return { ...terms.uses["train-on-outputs"], permission: "conditional", conditions };
    }
    case BIT.againstTuning:
      return madeAgainst(terms.uses["fine-tune"]);
    case BIT.againstOutputs:
      return madeAgainst(terms.uses["train-on-outputs"]);
    default:
      return null;
  }
}

function boundBy(terms: TermsRecord, channel: FlowChannel, use: Use): Said | null {
  if (!bindsUses(channel, terms.flow[channel].flow)) return null;
  return use === "redistribute" ? ofDerivative(terms, channel) : terms.uses[use];
}

/** To pass on a derivative one must be allowed to pass on, to have made it, and to share what was made. */
function ofDerivative(terms: TermsRecord, channel: FlowChannel): Said {
  const term = terms.flow[channel];
  if (term.flow === "no-sharing") return { ...term, permission: "forbidden", conditions: [] };
  const passing = terms.uses.redistribute;
  const making = terms.uses[ACT[channel]];
  const main = narrownessOf(making.permission) > narrownessOf(passing.permission) ? making : passing;
  return { ...main, conditions: [...passing.conditions, ...making.conditions.filter(({ kind }) => kind !== "own-family")] };
}

/** Terms that may or may not reach: what they allow stays allowed, the rest is not known. */
function doubted(said: Said): Said {
  return said.permission === "allowed" ? said : { ...said, permission: "unknown" };
}

/** What may be done with a thing that should not have been made, the text does not say. */
function madeAgainst(act: Said): Said {
  return { ...act, permission: "unknown", conditions: [] };
}

/** Duties that keep the licensed work's name and terms visible, whatever the license of the whole. */
const NOTICES: readonly Duty["kind"][] = [
  "license-text",
  "notice",
  "attribution",
  "citation",
  "display",
  "name-prefix",
  "state-changes",
  "no-endorsement",
  "rename",
];

/** Duties of a license where it bears in the way of `bit`. */
export function dutiesOf(terms: TermsRecord, bit: Bits): readonly Duty[] {
  switch (bit) {
    case BIT.own:
    case BIT.possible:
      return terms.duties;
    case BIT.derived:
      return dutiesOver(terms, "derivatives");
    case BIT.distilled:
      return dutiesOver(terms, "outputs");
    case BIT.trained:
      return dutiesOver(terms, "training");
    case BIT.makerOfDerivative:
      return terms.duties.filter(({ on }) => on.includes("fine-tune"));
    case BIT.makerFromOutputs:
    case BIT.outputsOf:
      return terms.duties.filter(({ on }) => on.includes("train-on-outputs"));
    case BIT.possibleNotices:
      return terms.duties.filter(({ kind }) => NOTICES.includes(kind));
    default:
      return [];
  }
}

function dutiesOver(terms: TermsRecord, channel: FlowChannel): readonly Duty[] {
  if (terms.flow[channel].flow !== "notices") return terms.duties;
  return terms.duties.filter(({ kind, on }) => on.includes(ACT[channel]) || (channel !== "outputs" && NOTICES.includes(kind)));
}
