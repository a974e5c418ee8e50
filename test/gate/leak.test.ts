// Nothing of what must not get through does, whatever it is dressed as and however the stream is cut. `npm run leak` runs a million.
import { expect, it } from "vitest";
import { callOf, screenOf } from "../support/screens.ts";
import { DISGUISES, LEAK_POLICY, leakOf, makeStream, PATHS } from "./leak-streams.ts";

const STREAMS = 400;

it("lets nothing of a blocked text out and leaves other texts as they are", async () => {
  const screen = screenOf(LEAK_POLICY);
  const seen = new Set<string>();
  for (let seed = 0; seed < STREAMS; seed += 1) {
    const made = makeStream(seed);
    const call = callOf(made.endpoint);
    await screen.request(call, { n: made.answers.length });
    expect(await leakOf(made, screen.stream(call)), `seed ${seed}`).toBeNull();
    for (const { path, disguise } of made.answers) seen.add(path).add(disguise);
  }
  // A run that never came by a path or a disguise would say nothing of it.
  expect([...PATHS, ...Object.keys(DISGUISES)].filter((name) => !seen.has(name))).toEqual([]);
});

it("finds a leak where a screen lets text through", async () => {
  const screen = screenOf("policy: 1\nid: none\n");
  const problems = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const made = makeStream(seed);
    const problem = await leakOf(made, screen.stream(callOf(made.endpoint)));
    if (problem !== null) problems.add(problem);
  }
  expect(problems.size).toBeGreaterThan(10);
});
