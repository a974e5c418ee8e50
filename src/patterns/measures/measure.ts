import type { Hit } from "../hit.ts";

/** A place that a measure found. */
type Told = (start: number, end: number, certainty: Hit["certainty"]) => void;

export interface Measure {
  /** `wide`: only texts with characters outside ASCII can hold it. */
  readonly texts: "all" | "wide";
  /** @param terms hashes of the rule's words @param limits numbers of the rule; a limit that it lacks is a BUG of the rule's file, found by tests */
  readonly find: (text: string, limits: Readonly<Record<string, number>>, tell: Told, terms: readonly string[]) => void;
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
