import type { Severity } from "../../core/report.ts";
import type { SafetyHit } from "../../core/scan.ts";
import { type HitDetails, hitOf } from "../rules.ts";

/** Hits kept of each severity: bounds what a hostile pickle can make us hold, and no flood of small ones hides a grave one. */
const MAX_OF_SEVERITY = 500;

/** Hits of one pickle, each kind of thing once; an import that comes a million times is one hit. */
export class PickleHits {
  readonly #hits = new Map<string, SafetyHit>();
  readonly #counts = new Map<Severity, number>();

  /** `key` tells hits of the same rule and variant apart. */
  add(rule: string, key: string, details: HitDetails): void {
    const id = `${rule} ${details.variant ?? ""} ${key}`;
    if (this.#hits.has(id)) return;
    const hit = hitOf(rule, details);
    const count = this.#counts.get(hit.severity) ?? 0;
    if (count >= MAX_OF_SEVERITY) return;
    this.#counts.set(hit.severity, count + 1);
    this.#hits.set(id, hit);
  }

  get list(): readonly SafetyHit[] {
    return [...this.#hits.values()];
  }
}
