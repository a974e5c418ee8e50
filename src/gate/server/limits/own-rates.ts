// Limits of keys that this replica keeps alone.
import type { KeyHolder } from "../../contract.ts";
import { isUnlimited, type Rates, secondsUntil } from "./rates.ts";

const MINUTE_MS = 60_000;

interface Balance {
  requests: number;
  tokens: number;
  /** Milliseconds; when the balance was last brought up to date. */
  at: number;
}

/** The buckets of one replica, which nobody else takes from. */
export class OwnRates implements Rates {
  readonly #balances = new Map<string, Balance>();

  take(holder: KeyHolder, now: number): number | null {
    if (isUnlimited(holder)) return null;
    const balance = this.#balance(holder, now);
    const requests = holder.requestsPerMinute === null ? 0 : secondsUntil(1 - balance.requests, holder.requestsPerMinute);
    const tokens = holder.tokensPerMinute === null ? 0 : secondsUntil(1 - balance.tokens, holder.tokensPerMinute);
    const wait = Math.max(requests, tokens);
    if (wait > 0) return wait;
    balance.requests -= 1;
    return null;
  }

  spend(holder: KeyHolder, tokens: number, now: number): void {
    if (holder.tokensPerMinute !== null) this.#balance(holder, now).tokens -= tokens;
  }

  async close(): Promise<void> {}

  #balance(holder: KeyHolder, now: number): Balance {
    const { requestsPerMinute, tokensPerMinute } = holder;
    const id = holder.caller.keyId;
    const full = { requests: requestsPerMinute ?? 0, tokens: tokensPerMinute ?? 0 };
    const balance = this.#balances.get(id) ?? { ...full, at: now };
    this.#balances.set(id, balance);
    const part = Math.max(0, now - balance.at) / MINUTE_MS;
    balance.requests = Math.min(full.requests, balance.requests + full.requests * part);
    balance.tokens = Math.min(full.tokens, balance.tokens + full.tokens * part);
    balance.at = now;
    return balance;
  }
}
