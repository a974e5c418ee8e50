// How much a key may ask in a minute.
import type { KeyHolder } from "../../contract.ts";

/**
 * Two buckets a key that fill evenly, up to one minute's worth. A request takes one from the first and needs something in the second;
 * the tokens it used are taken when it is over and may leave a debt, which later requests wait for.
 */
export interface Rates {
  /** Null when the request may go on, else the whole seconds after which it could. @throws Fault gate_stale when nobody can know */
  take(holder: KeyHolder, now: number): number | null | Promise<number | null>;
  spend(holder: KeyHolder, tokens: number, now: number): void;
  close(): Promise<void>;
}

export function isUnlimited({ requestsPerMinute, tokensPerMinute }: KeyHolder): boolean {
  return requestsPerMinute === null && tokensPerMinute === null;
}

/** Whole seconds until what is missing has come at that rate; 0 when nothing is missing. */
export function secondsUntil(missing: number, perMinute: number): number {
  return missing <= 0 ? 0 : Math.max(1, Math.ceil((missing * 60) / perMinute));
}
