// Which of two states leaves a reader better off. Only for telling changes apart; never added up.
import type { Availability, Openness } from "../core/component.ts";
import type { HeadlineWord, Outcome } from "../core/report.ts";

export type Direction = "better" | "worse" | "changed";

const WORDS: Readonly<Record<HeadlineWord, number>> = { open: 3, ajar: 2, unknown: 1, shut: 0 };
const OUTCOMES: Readonly<Record<Outcome, number>> = { met: 2, unknown: 1, "not-met": 0 };
const AVAILABILITIES: Readonly<Record<Availability, number>> = { found: 5, elsewhere: 4, gated: 3, claimed: 2, unknown: 1, absent: 0 };
const OPENNESSES: Readonly<Record<Openness, number>> = { open: 3, unknown: 2, restricted: 1, closed: 0 };
const LEVELS: Readonly<Record<string, number>> = { open: 2, partial: 1, closed: 0 };

function direction(from: number, to: number): Direction {
  return to > from ? "better" : to < from ? "worse" : "changed";
}

export function wordDirection(from: HeadlineWord, to: HeadlineWord): Direction {
  return direction(WORDS[from], WORDS[to]);
}

export function outcomeDirection(from: Outcome, to: Outcome): Direction {
  return direction(OUTCOMES[from], OUTCOMES[to]);
}

export function availabilityDirection(from: Availability, to: Availability): Direction {
  return direction(AVAILABILITIES[from], AVAILABILITIES[to]);
}

export function opennessDirection(from: Openness, to: Openness): Direction {
  return direction(OPENNESSES[from], OPENNESSES[to]);
}

/** Levels of the graded index have an order; names of classes and labels have none here. */
export function levelDirection(from: string | undefined, to: string | undefined): Direction {
  const [a, b] = [LEVELS[from ?? ""], LEVELS[to ?? ""]];
  return a === undefined || b === undefined ? "changed" : direction(a, b);
}
