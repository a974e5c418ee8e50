// One use of one part: the terms of all licenses against what was asked.
import { effectiveTerms } from "../chain/effective.ts";
import type { TermsSource } from "../chain/terms-table.ts";
import type { EffectiveCondition, EffectiveTerms, Ground, TermOrigin } from "../core/chain.ts";
import type { Condition, Use } from "../core/terms.ts";
import type { Answer, Asked, Assertion, Dispute, PartAnswer, ReviewReason, UseCheck, UseGround } from "../core/use.ts";
import { checkOf } from "./checks.ts";
import type { ReleasePart } from "./parts.ts";
import type { Places } from "./places.ts";

/** All that an answer depends on beside the part. */
export interface Grounds {
  readonly asked: Asked;
  readonly asserted: readonly Assertion[];
  readonly places: Places;
  readonly disputes: readonly Dispute[];
  /** Every document of the release was read. */
  readonly complete: boolean;
}

/** The terms that bear on a part. */
export function termsOfPart({ chain }: ReleasePart, terms: TermsSource): EffectiveTerms {
  return effectiveTerms(chain, terms);
}

/** Grounds and conditions listed for one use. */
const MAX_LISTED = 40;

export function answerPart(part: ReleasePart, effective: EffectiveTerms, use: Use, grounds: Grounds): PartAnswer {
  const said = effective.uses[use];
  const disputed = grounds.disputes.some((dispute) => dispute.part === part.part && dispute.asserted === undefined);
  const because = said.because.map((ground) => groundOf(ground, use, grounds));
  const checks = distinct(said.conditions.map((condition) => checkFor(condition, use, grounds)));
  const standing = because.filter(({ asserted }) => asserted === undefined);
  // Which of two contradictory statements holds nobody knows, so what either forbids is not settled; what a parent forbids is.
  const forbidding = standing.filter(({ permission, path }) => permission === "forbidden" && !(disputed && path.length === 0));
  const failed = checks.filter(({ state, path, certain }) => state === "failed" && certain && !(disputed && path.length === 0));
  const isForbidden = forbidding.length + failed.length > 0;
  const reasons = isForbidden ? [] : reasonsOf({ standing, checks, disputed, isWhole: grounds.complete && part.chainComplete });
  const answer: Answer = isForbidden ? "not-allowed" : reasons.length > 0 ? "review" : "allowed";
  return {
    part: part.part,
    components: part.components,
    licenses: part.licenses,
    ...(part.asserted === undefined ? {} : { asserted: part.asserted }),
    answer,
    reasons,
    because: deciding(because, forbidding, failed, reasons).slice(0, MAX_LISTED),
    checks: checks.slice(0, MAX_LISTED),
  };
}

interface Situation {
  readonly standing: readonly UseGround[];
  readonly checks: readonly UseCheck[];
  readonly disputed: boolean;
  readonly isWhole: boolean;
}

function reasonsOf({ standing, checks, disputed, isWhole }: Situation): readonly ReviewReason[] {
  const isUnknown = standing.some(({ permission }) => permission === "unknown");
  const isOpen = checks.some(({ state }) => state === "open" || state === "failed");
  return [
    ...(disputed ? ["disputed" as const] : []),
    ...(isUnknown ? ["unknown" as const] : []),
    ...(isWhole ? [] : ["incomplete" as const]),
    ...(isOpen ? ["conditions" as const] : []),
  ];
}

/** The grounds that a reader must see: what forbids; what is not known; else what grants. */
function deciding(
  because: readonly UseGround[],
  forbidding: readonly UseGround[],
  failed: readonly UseCheck[],
  reasons: readonly ReviewReason[],
): readonly UseGround[] {
  if (forbidding.length > 0) return forbidding;
  if (failed.length > 0)
    return because.filter(({ license, permission }) => permission !== "forbidden" && failed.some((one) => one.license === license));
  if (reasons.includes("disputed")) return because;
  if (reasons.includes("unknown")) return because.filter(({ permission, asserted }) => permission === "unknown" && asserted === undefined);
  return because;
}

function groundOf(ground: Ground, use: Use, { asserted, places }: Grounds): UseGround {
  const agreement = ground.permission === "allowed" ? undefined : agreementFor(ground, use, asserted);
  return { ...places.cite(ground), permission: ground.permission, ...(agreement === undefined ? {} : { asserted: agreement.id }) };
}

function agreementFor({ license }: TermOrigin, use: Use, asserted: readonly Assertion[]): Assertion | undefined {
  return asserted.find(({ says }) => says.kind === "agreement" && says.license === license && says.uses.includes(use));
}

function checkFor(effective: EffectiveCondition, use: Use, { asked, asserted, places }: Grounds): UseCheck {
  const { certain } = effective;
  const condition = plain(effective);
  const cited = places.cite(effective);
  const state = checkOf(condition, use, asked);
  const decision = state === "met" ? undefined : decisionFor(effective, state, use, asserted);
  if (decision !== undefined) return { ...cited, state: "asserted", condition, certain, asserted: decision.id };
  return { ...cited, state, condition, certain };
}

/** A reviewer may settle what is open; what fails by the numbers given only an agreement with the licensor can change. */
function decisionFor(
  condition: EffectiveCondition,
  state: UseCheck["state"],
  use: Use,
  asserted: readonly Assertion[],
): Assertion | undefined {
  const agreement = agreementFor(condition, use, asserted);
  if (agreement !== undefined || state === "failed") return agreement;
  return asserted.find(({ says }) => {
    if (says.kind !== "checked" || says.license !== condition.license || says.condition !== condition.kind) return false;
    return (says.clause ?? condition.clause) === condition.clause && (says.uses ?? [use]).includes(use);
  });
}

/** The condition without the way it came. */
function plain({ license: _, reach: __, path: ___, certain: ____, ...condition }: EffectiveCondition): Condition {
  return condition;
}

const STATES: readonly UseCheck["state"][] = ["failed", "open", "asserted", "met"];

/** Each condition of a license once a way, those that stand in the way first. */
function distinct(checks: readonly UseCheck[]): readonly UseCheck[] {
  const byKey = new Map(checks.map((check) => [JSON.stringify(check), check]));
  return [...byKey.values()].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}
