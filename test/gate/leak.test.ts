// Nothing of what must not get through does, whatever it is dressed as and however the stream is cut. `npm run leak` runs a million.
import { expect, it } from "vitest";
import { checkPolicy, compilePlan, filtersFor } from "../../src/gate/screen/policy/plan.ts";
import { readPolicyFile } from "../../src/gate/screen/policy/read-policy.ts";
import { TextScreen } from "../../src/gate/screen/text-screen.ts";
import { callOf, screenOf } from "../support/screens.ts";
import { clientTexts, DISGUISES, damaged, LEAK_POLICY, leakOf, makeStream, PATHS } from "./leak-streams.ts";

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

it("ends damaged streams without a word of what is blocked, and never with an error of its own", async () => {
  const policy = readPolicyFile(LEAK_POLICY, "policy.yaml");
  checkPolicy(policy, "policy.yaml");
  const { response } = compilePlan(policy, filtersFor(policy, "", ""));
  const screen = screenOf(LEAK_POLICY);
  let blocked = 0;
  for (let seed = 0; seed < STREAMS; seed += 1) {
    const made = makeStream(seed);
    const stream = screen.stream(callOf(made.endpoint));
    const out: Uint8Array[] = [];
    for (const chunk of damaged(made)) out.push(await stream.push(chunk));
    if (!stream.ended) out.push(await stream.end());
    expect(stream.ended, `seed ${seed}`).toBe(true);
    if (stream.blocked) blocked += 1;
    for (const text of clientTexts(Buffer.concat(out), made.endpoint)) {
      if (text === "" || response === null) continue;
      const whole = new TextScreen(response, "response", null);
      whole.push(text);
      whole.end();
      expect(whole.ending, `seed ${seed}: ${text}`).toBeNull();
    }
  }
  expect(blocked).toBeGreaterThan(STREAMS / 4);
});
