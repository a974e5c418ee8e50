// Conditions of licenses against what was asked: users, revenue, region, use.
import type { Condition, Purpose, SizeLimit, Use } from "../core/terms.ts";
import type { Asked, CHECK_STATES } from "../core/use.ts";
import { isBarred } from "./regions.ts";

type State = Exclude<(typeof CHECK_STATES)[number], "asserted">;
type Numbers = Pick<Asked, "users" | "revenue">;

const MONTHS = 12;

/** Purposes that are part of what the use `research` means: docs/terms.md, "research without commercial aim". */
const OF_RESEARCH: readonly Purpose[] = ["research", "non-commercial"];

/** Whether a condition holds for a use as it was asked for. What only a person can tell stays open. */
export function checkOf(condition: Condition, use: Use, asked: Asked): State {
  switch (condition.kind) {
    case "size":
      return sizeState(condition, asked);
    case "region":
      return regionState(condition, asked);
    case "purpose":
      return use === "research" && condition.only.some((purpose) => OF_RESEARCH.includes(purpose)) ? "met" : "open";
    default:
      return "open";
  }
}

function sizeState(limit: SizeLimit, asked: Numbers): State {
  const passed = isPassed(limit, asked);
  if (passed === null) return "open";
  return passed && limit.effect !== "duty" ? "failed" : "met";
}

function regionState(condition: Extract<Condition, { kind: "region" }>, { region }: Asked): State {
  if (region === undefined) return "open";
  if (!isBarred(region, condition.regions)) return "met";
  // Whether the model is one of those that the bar is about, a person must say.
  return condition.scope === undefined ? "failed" : "open";
}

/** Whether the limit is passed by the numbers given; null where they do not settle it. */
export function isPassed(limit: SizeLimit, { users, revenue }: Numbers): boolean | null {
  switch (limit.measure) {
    case "monthly-active-users":
      return users === undefined ? null : isAbove(users, limit);
    case "monthly-visits":
      // Everybody who is active in a month visits at least once; how often more, the number of users does not say.
      return users !== undefined && isAbove(users, limit) ? true : null;
    case "revenue-per-year":
      return revenue === undefined ? null : isAbove(revenue, limit);
    case "revenue-per-month":
      return revenue === undefined ? null : monthly(revenue, limit);
  }
}

/** A year above twelve times the limit has a month above it; a year below the limit has none. */
function monthly(revenue: number, limit: SizeLimit): boolean | null {
  if (isAbove(revenue / MONTHS, limit)) return true;
  return isAbove(revenue, limit) ? null : false;
}

function isAbove(number: number, { above, inclusive }: SizeLimit): boolean {
  return number > above || (inclusive === true && number === above);
}
