import type { Hit } from "../hit.ts";
import type { Sign } from "../signs.ts";

/** A place that a measure found. */
type Told = (start: number, end: number, certainty: Hit["certainty"]) => void;

export interface Measure {
  /** `wide`: only texts with characters outside ASCII can hold it. */
  readonly texts: "all" | "wide";
  /** For `wide` ones: a text without any of these holds nothing to find. All texts may where it is absent. */
  readonly signs?: readonly Sign[];
  readonly find: (text: string, rule: MeasureInput, tell: Told) => void;
}

interface MeasureInput {
  /** Numbers of the rule; a limit that it lacks is a BUG of the rule's file, found by tests. */
  readonly limits: Readonly<Record<string, number>>;
  /** Hashes of the rule's words. */
  readonly terms: readonly string[];
  /** A bit for each of the measure's signs that the text has, in their order. */
  readonly signs: number;
}

/** Joins places that are at most `gap` apart; places come in order. */
export function joined(places: readonly (readonly [start: number, end: number])[], gap: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [start, end] of places) {
    const last = runs.at(-1);
    if (last !== undefined && start - last[1] <= gap) last[1] = Math.max(last[1], end);
    else runs.push([start, end]);
  }
  return runs;
}

export function limitOf(limits: Readonly<Record<string, number>>, name: string): number {
  return limits[name] ?? Number.NaN;
}
