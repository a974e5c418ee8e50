// Limits of keys that replicas share. A replica takes a part of a key's limit out of the ledger and answers from that, so that what
// all of them let through is what the ledger gave; it asks again before the part is used up, and gives back what it does not need.
import { AjarError } from "../../../core/errors.ts";
import type { KeyHolder, RateAmounts, RateGrant, RateLedger } from "../../contract.ts";
import { Fault } from "../fault.ts";
import { isUnlimited, type Rates, secondsUntil } from "./rates.ts";

interface Part {
  /** As the file of keys has it now: limits may change while a part is in hand. */
  holder: KeyHolder;
  /** What may still be used without asking. Tokens below zero are a debt that the ledger has not heard of. */
  requests: number;
  tokens: number;
  /** Milliseconds; when a request or a reply last used it. */
  usedAt: number;
  /** Nothing is left before that, as the ledger said. */
  emptyUntil: number;
  /** Before that nobody asks ahead: the last time there was less than was wanted. */
  restUntil: number;
  waiting: number;
  asking: Promise<void> | null;
}

/** Of a minute's worth, what a replica takes at a time. */
const SHARE = 1 / 20;
/** What is unused for this long is given back. */
const IDLE_MS = 5_000;
const TICK_MS = 250;
const NOTHING: RateAmounts = { requests: 0, tokens: 0 };

export class LeasedRates implements Rates {
  readonly #ledger: RateLedger;
  readonly #clock: () => number;
  readonly #parts = new Map<string, Part>();
  readonly #timer: NodeJS.Timeout;
  #closing: Promise<void> | null = null;

  /** @param clock milliseconds that never go back */
  constructor(ledger: RateLedger, clock: () => number = () => performance.now()) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  take(holder: KeyHolder, now: number): number | null | Promise<number | null> {
    if (isUnlimited(holder)) return null;
    const part = this.#partOf(holder, now);
    if (use(part)) {
      if (isLow(part)) this.#askAhead(part, now);
      return null;
    }
    return now < part.emptyUntil ? secondsLeft(part, now) : this.#wait(part);
  }

  spend(holder: KeyHolder, tokens: number, now: number): void {
    if (holder.tokensPerMinute === null) return;
    const part = this.#partOf(holder, now);
    part.tokens -= tokens;
    if (isLow(part)) this.#askAhead(part, now);
  }

  /** Tells the ledger of debts, and gives back what nobody uses. Called from time to time. */
  tick(): void {
    const now = this.#clock();
    for (const [id, part] of this.#parts) {
      if (part.asking !== null || part.waiting > 0) continue;
      if (part.tokens < 0) this.#askAhead(part, now);
      else if (now - part.usedAt > IDLE_MS) {
        this.#parts.delete(id);
        void this.#giveBack(part);
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    const parts = [...this.#parts.values()];
    this.#parts.clear();
    await Promise.all(
      parts.map(async (part) => {
        await part.asking?.catch(() => undefined);
        await this.#giveBack(part);
      }),
    );
    await this.#ledger.close();
  }

  #partOf(holder: KeyHolder, now: number): Part {
    const id = holder.caller.keyId;
    const known = this.#parts.get(id);
    if (known !== undefined) {
      known.holder = holder;
      known.usedAt = now;
      return known;
    }
    const part: Part = { holder, requests: 0, tokens: 0, usedAt: now, emptyUntil: 0, restUntil: 0, waiting: 0, asking: null };
    this.#parts.set(id, part);
    return part;
  }

  async #wait(part: Part): Promise<number | null> {
    part.waiting += 1;
    try {
      for (;;) {
        await this.#ask(part);
        if (use(part)) return null;
        const now = this.#clock();
        // Else others took what came, and there may be more.
        if (now < part.emptyUntil) return secondsLeft(part, now);
      }
    } catch (error) {
      if (!(error instanceof AjarError)) throw error;
      const fault = new Fault("gate_stale", "this gate cannot tell how much of its limit this key has used");
      fault.cause = error;
      throw fault;
    } finally {
      part.waiting -= 1;
    }
  }

  #askAhead(part: Part, now: number): void {
    if (now >= part.restUntil && this.#closing === null) void this.#ask(part).catch(() => undefined);
  }

  #ask(part: Part): Promise<void> {
    part.asking ??= this.#exchange(part).finally(() => {
      part.asking = null;
    });
    return part.asking;
  }

  async #exchange(part: Part): Promise<void> {
    const limits = limitsOf(part.holder);
    const debt = Math.min(0, part.tokens);
    part.tokens -= debt;
    const want = {
      requests: limits.requests === null ? 0 : Math.max(0, Math.max(share(limits.requests), part.waiting) - part.requests),
      tokens: limits.tokens === null ? 0 : Math.max(0, share(limits.tokens) - part.tokens),
    };
    let grant: RateGrant;
    try {
      grant = await this.#ledger.exchange({ key: part.holder.caller.keyId, limits, back: { requests: 0, tokens: debt }, want });
    } catch (error) {
      part.tokens += debt;
      part.restUntil = this.#clock() + TICK_MS;
      throw error;
    }
    const { granted, left } = grant;
    part.requests += granted.requests;
    part.tokens += granted.tokens;
    const now = this.#clock();
    const seconds = Math.max(
      limits.requests === null || part.requests >= 1 ? 0 : secondsUntil(1 - left.requests, limits.requests),
      limits.tokens === null || part.tokens > 0 ? 0 : secondsUntil(1 - left.tokens, limits.tokens),
    );
    part.emptyUntil = seconds === 0 ? 0 : now + seconds * 1000;
    part.restUntil = granted.requests < want.requests || granted.tokens < want.tokens ? now + TICK_MS : 0;
  }

  /** What cannot be given back is lost to everybody for a minute; a debt that cannot be told is forgiven. */
  async #giveBack(part: Part): Promise<void> {
    const { holder, requests, tokens } = part;
    if (requests === 0 && tokens === 0) return;
    const exchange = { key: holder.caller.keyId, limits: limitsOf(holder), back: { requests, tokens }, want: NOTHING };
    await this.#ledger.exchange(exchange).catch(() => undefined);
  }
}

/** Takes a request out of the part where it has one, and anything of tokens. */
function use(part: Part): boolean {
  const { requestsPerMinute, tokensPerMinute } = part.holder;
  if (requestsPerMinute !== null && part.requests < 1) return false;
  if (tokensPerMinute !== null && part.tokens <= 0) return false;
  if (requestsPerMinute !== null) part.requests -= 1;
  return true;
}

function isLow({ holder, requests, tokens }: Part): boolean {
  const limits = limitsOf(holder);
  return (
    (limits.requests !== null && requests * 2 <= share(limits.requests)) || (limits.tokens !== null && tokens * 2 <= share(limits.tokens))
  );
}

function share(limit: number): number {
  return Math.max(1, Math.floor(limit * SHARE));
}

function secondsLeft({ emptyUntil }: Part, now: number): number {
  return Math.max(1, Math.ceil((emptyUntil - now) / 1000));
}

function limitsOf({ requestsPerMinute, tokensPerMinute }: KeyHolder): { readonly requests: number | null; readonly tokens: number | null } {
  return { requests: requestsPerMinute, tokens: tokensPerMinute };
}
