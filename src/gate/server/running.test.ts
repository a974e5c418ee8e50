import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServedModel } from "../contract.ts";
import { type RunningCall, RunningCalls } from "./running.ts";

function newCall(): RunningCall {
  return { model: {} as ServedModel, place: -1, cut: () => undefined, tick: () => undefined };
}

describe("running calls", () => {
  it("are those of a set, whatever comes and goes in whatever order", () => {
    const step = fc.record({ adds: fc.boolean(), which: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const calls = Array.from({ length: 10 }, newCall);
        const running = new RunningCalls();
        const expected = new Set<RunningCall>();
        for (const { adds, which } of steps) {
          const call = calls[which] as RunningCall;
          // A call is added once; whoever ends it may do so twice.
          if (adds && !expected.has(call)) {
            running.add(call);
            expected.add(call);
          } else if (!adds) {
            running.delete(call);
            expected.delete(call);
          }
          expect(running.size).toBe(expected.size);
          expect(running.all().every((one) => expected.has(one))).toBe(true);
        }
        for (const call of calls) expect(call.place === -1).toBe(!expected.has(call));
      }),
    );
  });

  it("may end while they are gone through", () => {
    const running = new RunningCalls();
    const calls = Array.from({ length: 5 }, newCall);
    for (const call of calls) running.add(call);
    const seen: RunningCall[] = [];
    for (const call of running.all()) {
      seen.push(call);
      running.delete(call);
    }
    expect(seen).toEqual(calls);
    expect(running.size).toBe(0);
  });
});
