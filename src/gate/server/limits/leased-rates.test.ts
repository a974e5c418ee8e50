// What all replicas let through is never more than one of them would, whatever they do and in whatever order.
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { AjarError } from "../../../core/errors.ts";
import type { KeyHolder, RateExchange, RateGrant, RateLedger } from "../../contract.ts";
import { LeasedRates } from "./leased-rates.ts";

const MINUTE_MS = 60_000;
const REPLICAS = 4;

/** The ledger's rule in a few lines, by a clock that a test moves. */
class MadeUpLedger implements RateLedger {
  now = 0;
  exchanges = 0;
  isDown = false;
  readonly #rows = new Map<string, { requests: number; tokens: number; at: number }>();

  async exchange({ key, limits, back, want }: RateExchange): Promise<RateGrant> {
    await Promise.resolve();
    if (this.isDown) throw new AjarError("DOOR_STORE_DOWN", "down");
    this.exchanges += 1;
    const full = { requests: limits.requests ?? 0, tokens: limits.tokens ?? 0 };
    const row = this.#rows.get(key) ?? { ...full, at: this.now };
    const part = (this.now - row.at) / MINUTE_MS;
    const level = (kind: "requests" | "tokens"): number =>
      Math.min(full[kind], Math.min(full[kind], row[kind] + full[kind] * part) + back[kind]);
    const [requests, tokens] = [level("requests"), level("tokens")];
    const granted = {
      requests: Math.max(0, Math.min(want.requests, Math.floor(requests))),
      tokens: Math.max(0, Math.min(want.tokens, Math.floor(tokens))),
    };
    const left = { requests: requests - granted.requests, tokens: tokens - granted.tokens };
    this.#rows.set(key, { ...left, at: this.now });
    return { granted, left };
  }

  async close(): Promise<void> {}
}

function holder(requestsPerMinute: number | null, tokensPerMinute: number | null = null): KeyHolder {
  return { caller: { keyId: "k", scopes: [] }, requestsPerMinute, tokensPerMinute };
}

const opened: LeasedRates[] = [];
afterEach(async () => {
  for (const rates of opened.splice(0)) await rates.close();
});

function replicas(count: number, ledger: MadeUpLedger): readonly LeasedRates[] {
  const made = Array.from({ length: count }, () => new LeasedRates(ledger, () => ledger.now));
  opened.push(...made);
  return made;
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("take" as const), at: fc.nat(REPLICAS - 1) }),
  fc.record({ kind: fc.constant("burst" as const), at: fc.nat(REPLICAS - 1) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(9_000) }),
);

type Step = { readonly kind: "take" | "burst"; readonly at: number } | { readonly kind: "pass"; readonly ms: number };

/** How many requests replicas let through that do these steps, and over how many minutes' worth. Each costs so many tokens. */
async function played(
  key: KeyHolder,
  cost: number,
  steps: readonly Step[],
): Promise<{ readonly through: number; readonly minutes: number }> {
  const ledger = new MadeUpLedger();
  const all = replicas(REPLICAS, ledger);
  let through = 0;
  const ask = async (rates: LeasedRates | undefined): Promise<void> => {
    if ((await rates?.take(key, ledger.now)) !== null) return;
    through += 1;
    rates?.spend(key, cost, ledger.now);
  };
  for (const one of steps) {
    if (one.kind === "pass") ledger.now += one.ms;
    else for (let count = one.kind === "take" ? 1 : 20; count > 0; count -= 1) await ask(all[one.at]);
    for (const rates of all) rates.tick();
  }
  return { through, minutes: 1 + ledger.now / MINUTE_MS };
}

describe("limits that replicas share", () => {
  it("let through no more requests than one gate would, and no more tokens but for replies that ran", async () => {
    const requests = fc.integer({ min: 1, max: 200 });
    const tokens = fc.option(fc.integer({ min: 1, max: 4000 }));
    const cost = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(requests, tokens, cost, fc.array(step, { maxLength: 40 }), async (perMinute, tokensPerMinute, each, steps) => {
        const { through, minutes } = await played(holder(perMinute, tokensPerMinute), each, steps);
        expect(through).toBeLessThanOrEqual(perMinute * minutes);
        if (tokensPerMinute !== null) expect(through * each).toBeLessThanOrEqual(tokensPerMinute * minutes + REPLICAS * each);
      }),
      { numRuns: 200 },
    );
  });

  it("are used up by one replica alone, at once or one after the other", async () => {
    for (const together of [true, false]) {
      const ledger = new MadeUpLedger();
      const [rates] = replicas(1, ledger);
      const answers: (number | null)[] = [];
      if (together) answers.push(...(await Promise.all(Array.from({ length: 130 }, () => rates?.take(holder(100), 0) ?? null))));
      else for (let count = 0; count < 130; count += 1) answers.push(await (rates?.take(holder(100), 0) ?? null));
      expect(answers.filter((answer) => answer === null)).toHaveLength(100);
      expect(answers.filter((answer) => answer === 1)).toHaveLength(30);
    }
  });

  it("cost an exchange for many requests while they are far away, and none while they are used up", async () => {
    const ledger = new MadeUpLedger();
    const [rates] = replicas(1, ledger);
    let awaited = 0;
    for (let count = 0; count < 5000; count += 1) {
      const taken = rates?.take(holder(10_000, 1_000_000), 0);
      if (taken instanceof Promise) awaited += 1;
      expect(await taken).toBeNull();
      rates?.spend(holder(10_000, 1_000_000), 20, 0);
      await Promise.resolve();
    }
    expect(awaited).toBe(1);
    expect(ledger.exchanges).toBeLessThanOrEqual(25);
    const [other] = replicas(1, ledger);
    for (let count = 0; count < 10_000 && (await other?.take(holder(10_000, 1_000_000), 0)) === null; count += 1);
    const before = ledger.exchanges;
    for (let count = 0; count < 100; count += 1) expect(await other?.take(holder(10_000, 1_000_000), 0)).toBe(1);
    expect(ledger.exchanges).toBe(before);
  });

  it("go back to everybody when a replica does not use them, or ends", async () => {
    const ledger = new MadeUpLedger();
    const [one, other, third] = replicas(3, ledger);
    const key = holder(20);
    expect(await one?.take(key, 0)).toBeNull();
    await other?.take(key, 0);
    ledger.now += 5_001;
    one?.tick();
    await other?.close();
    const answers: (number | null | undefined)[] = [];
    for (let count = 0; count < 25; count += 1) answers.push(await third?.take(key, ledger.now));
    // Two were used, and five seconds bring more than that back.
    expect(answers.filter((answer) => answer === null)).toHaveLength(19);
  });

  it("are not given away while nobody can be asked: what is in hand is used, then it is refused", async () => {
    const ledger = new MadeUpLedger();
    const [rates] = replicas(1, ledger);
    const key = holder(100);
    expect(await rates?.take(key, 0)).toBeNull();
    ledger.isDown = true;
    for (let count = 0; count < 4; count += 1) expect(await rates?.take(key, 0)).toBeNull();
    await expect(rates?.take(key, 0)).rejects.toMatchObject({ code: "gate_stale", status: 503 });
    ledger.isDown = false;
    expect(await rates?.take(key, 0)).toBeNull();
    expect(await rates?.take(holder(null), 0)).toBeNull();
  });
});
