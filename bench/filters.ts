// What the filters of the gate cost for 1,000 characters, against one regular expression of as many words, in the same run.
// usage: npm run bench:filters
import { hazards } from "../src/gate/screen/hazards/hazard-rules.ts";
import { checkPolicy, compilePlan, filtersFor } from "../src/gate/screen/policy/plan.ts";
import { readPolicyFile } from "../src/gate/screen/policy/read-policy.ts";
import { TextScreen } from "../src/gate/screen/text-screen.ts";

const CHARACTERS = 2_000;
const DELTA = 20;
const ROUNDS = 15;

const ENGLISH =
  "The committee met on Thursday to look at the plans for the new library, and after two hours of talk it agreed that the reading rooms " +
  "should face the garden. A builder from the next town said that the roof could be ready before winter if the timber arrived in time. ";
const CHINESE =
  "委员会星期四开会，讨论新图书馆的方案，经过两个小时的讨论，大家同意阅览室应当朝向花园。隔壁镇的一位建筑商说，如果木材按时运到，屋顶可以在冬天之前完工。";
const TEXTS = { English: ENGLISH, Chinese: CHINESE };

const POLICIES = {
  "hazards (14)": "hazards: {default: {request: block, response: block}}",
  "personal data": "patterns: [{areas: [personal]}]",
  secrets: "patterns: [{areas: [secret]}]",
  "all of them": "hazards: {default: {request: block, response: block}}\npatterns: [{areas: [personal]}, {areas: [secret]}]",
};

function filtersOf(rest: string) {
  const policy = readPolicyFile(`policy: 1\nid: bench\n${rest}\n`, "bench.yaml");
  checkPolicy(policy, "bench.yaml");
  const { response } = compilePlan(policy, filtersFor(policy, "", ""));
  if (response === null) throw new Error("the policy has no filters");
  return response;
}

/** Words of all hazards as one regular expression without regard to case: what a filter that undoes nothing costs. */
function plainRegex(): RegExp {
  const terms = new Set(hazards().flatMap(({ groups }) => [...groups.values()].flat()));
  const sources = [...terms].map((term) => {
    const word = term.replace(/\*$/u, "").replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
    return /^[a-z0-9]/iu.test(term) ? `\\b${word}${term.endsWith("*") ? "" : "\\b"}` : word;
  });
  return new RegExp(sources.join("|"), "gi");
}

/** Milliseconds of CPU for 1,000 characters, garbage collection included: the median round, and the cheapest. */
function measure(run: () => number): { readonly median: number; readonly least: number } {
  for (let warm = 0; warm < 60; warm += 1) run();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = process.cpuUsage();
    let characters = 0;
    for (let time = 0; time < 20; time += 1) characters += run();
    const { user, system } = process.cpuUsage(began);
    // Microseconds for so many characters are milliseconds for a thousand times as many.
    times.push((user + system) / characters);
  }
  times.sort((one, other) => one - other);
  return { median: times[ROUNDS >> 1] ?? 0, least: times[0] ?? 0 };
}

const BOUNDS = { hold: 1_000_000, encodedRun: 8192, ignorableRun: 64 };
const regex = plainRegex();

process.stdout.write("text\tfilters\tCPU ms per 1,000 characters\tcheapest round\ttimes the regular expression\n");
for (const [language, sample] of Object.entries(TEXTS)) {
  const text = sample.repeat(Math.ceil(CHARACTERS / sample.length)).slice(0, CHARACTERS);
  const peer = measure(() => {
    regex.lastIndex = 0;
    while (regex.exec(text) !== null);
    return text.length;
  });
  const show = (name: string, { median, least }: ReturnType<typeof measure>): void => {
    process.stdout.write(`${language}\t${name}\t${median.toFixed(3)}\t${least.toFixed(3)}\t${(median / peer.median).toFixed(2)}\n`);
  };
  show("one regular expression", peer);
  for (const [name, policy] of Object.entries(POLICIES)) {
    const filters = filtersOf(policy);
    show(
      `${name}, whole`,
      measure(() => {
        const screen = new TextScreen(filters, "response", null);
        screen.push(text);
        screen.end();
        return text.length;
      }),
    );
    show(
      `${name}, in pieces of ${DELTA}`,
      measure(() => {
        const screen = new TextScreen(filters, "response", BOUNDS);
        for (let at = 0; at < text.length; at += DELTA) screen.push(text.slice(at, at + DELTA));
        screen.end();
        return text.length;
      }),
    );
  }
}
