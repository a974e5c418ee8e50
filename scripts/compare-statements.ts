// Prints how far statement detectors agree with the hand-made labels of recorded releases.
// usage: node scripts/compare-statements.ts [releases folder] [--facts NAME]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { auditContext } from "../src/audit/context.ts";
import { detectorContext } from "../src/audit/detector-context.ts";
import type { Fact } from "../src/core/fact.ts";
import { compareText } from "../src/core/text.ts";
import { detector as access } from "../src/detectors/access.ts";
import { detector as compute } from "../src/detectors/compute.ts";
import { detector as dataAspects } from "../src/detectors/data-aspects.ts";
import { detector as duties } from "../src/detectors/duties.ts";
import { detector as opennessClaim } from "../src/detectors/openness-claim.ts";
import { detector as quantities } from "../src/detectors/quantities.ts";
import { detector as relations } from "../src/detectors/relations.ts";
import { detector as safety } from "../src/detectors/safety.ts";
import { detector as usageInfo } from "../src/detectors/usage-info.ts";
import { takeInventory } from "../src/inventory/take.ts";
import { source as provider } from "../src/sources/recorded.ts";

const detectors = [safety, opennessClaim, quantities, compute, relations, usageInfo, dataAspects, access, duties];
const context = auditContext({ env: {}, cwd: process.cwd(), offline: true });
const root =
  process.argv[2]?.startsWith("--") === false ? process.argv[2] : new URL("../../shared/corpus/releases", import.meta.url).pathname;
if (!existsSync(root)) {
  console.error(`${root} is not there: nothing to compare with`);
  process.exit(2);
}
const only = process.argv.includes("--facts") ? process.argv[process.argv.indexOf("--facts") + 1] : undefined;

async function factsOf(name: string): Promise<{ facts: readonly Fact[]; findings: readonly unknown[] }> {
  const source = await provider.open(`recorded:${join(root, name)}`, context);
  const inventory = await takeInventory(source, "all");
  const view = detectorContext(source, inventory);
  const facts: Fact[] = [];
  const findings: unknown[] = [];
  for (const detector of detectors) {
    const detected = await detector.detect(view);
    facts.push(...detected.facts);
    findings.push(...detected.findings);
  }
  await source.close();
  return { facts, findings };
}

/** Numbers named in a label, e.g. "2.0T" in any nested shape. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") {
    const scale: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12 };
    return [...value.matchAll(/(?<![\w.-])(\d[\d,]*(?:\.\d+)?)\s?([KMBGT])(?![a-z])/gu)].map(
      ([, digits = "", letter = ""]) => Number(digits.replaceAll(",", "")) * (scale[letter] ?? 1),
    );
  }
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(numbersIn);
  return [];
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.006 * Math.max(Math.abs(a), Math.abs(b));
const tally = { safety: [0, 0], params: [0, 0], tokens: [0, 0], hours: [0, 0], claims: [0, 0] };
let falseClaims = 0;
const misses: string[] = [];

for (const name of readdirSync(root).sort(compareText)) {
  const labelFile = join(root, name, "labels.json");
  if (!existsSync(labelFile)) continue;
  const labels = JSON.parse(readFileSync(labelFile, "utf8"));
  const { facts, findings } = await factsOf(name);
  if (only === name) for (const fact of [...facts, ...findings]) console.log(JSON.stringify(fact));
  const topics = new Set(facts.flatMap((fact) => (fact.kind === "safety" ? [fact.topic] : [])));
  const wanted = {
    "usage-policy": labels.safety.usage_policy,
    "safety-evaluation": labels.safety.safety_eval_reported,
    "guard-model": labels.safety.guard_model_mentioned,
    "red-teaming": labels.safety.red_teaming_reported,
  };
  for (const [topic, label] of Object.entries(wanted)) {
    if (label === "unknown") continue;
    count(
      tally.safety,
      (topics as Set<string>).has(topic) === label,
      `${name}: ${topic} labelled ${label}`,
      facts,
      (fact) => fact.kind === "safety" && fact.topic === topic,
    );
  }
  const values = (quantity: string): readonly number[] =>
    facts.flatMap((fact) => (fact.kind === "quantity" && fact.quantity === quantity ? [fact.value] : []));
  const compute = labels.training_compute;
  for (const wantedNumber of new Set(numbersIn(compute.params)))
    count(
      tally.params,
      values("parameters").some((value) => near(value, wantedNumber)),
      `${name}: parameters ${wantedNumber}`,
      facts,
      () => false,
    );
  for (const wantedNumber of new Set(numbersIn(compute.tokens))) {
    if (/derived|from the name|conversations|instructions|hours/u.test(JSON.stringify(compute.tokens))) continue;
    count(
      tally.tokens,
      values("tokens").some((value) => near(value, wantedNumber)),
      `${name}: tokens ${wantedNumber}`,
      facts,
      () => false,
    );
  }
  const hours = [...values("gpu-hours"), ...values("gpu-hours-total")];
  for (const wantedNumber of new Set(numbersIn(compute.gpu_hours))) {
    // Below and above stand sizes of cards' memory, not hours.
    if (wantedNumber < 1000 || wantedNumber > 1e9) continue;
    count(
      tally.hours,
      hours.some((value) => near(value, wantedNumber)),
      `${name}: GPU hours ${wantedNumber}`,
      facts,
      () => false,
    );
  }
  const closed = labels.mislabelled.claimed_open_source_while_not_osi;
  const claims = facts.filter((fact) => fact.kind === "openness-claim");
  const weights = JSON.stringify(labels.licences ?? []);
  const osiOnly = !/use-restricted|non-commercial|permissive-unapproved/u.test(weights);
  const claimed = claims.length > 0 && (closed || !osiOnly);
  if (claimed && !closed) falseClaims += 1;
  count(tally.claims, claimed === closed, `${name}: open-source claim labelled ${closed}`, facts, (fact) => fact.kind === "openness-claim");
}

function count(cell: number[], agrees: boolean, subject: string, facts: readonly Fact[], show: (fact: Fact) => boolean): void {
  cell[0] = (cell[0] ?? 0) + (agrees ? 1 : 0);
  cell[1] = (cell[1] ?? 0) + 1;
  if (agrees) return;
  const seen = facts
    .filter(show)
    .slice(0, 3)
    .map((fact) => `\n      ${fact.evidence[0].path}: ${fact.evidence[0].quote ?? ""}`);
  misses.push(`  ${subject}${seen.join("")}`);
}

for (const [name, [agree = 0, all = 0]] of Object.entries(tally))
  console.log(`${name.padEnd(8)} ${agree} of ${all} (${all === 0 ? "-" : ((100 * agree) / all).toFixed(1)} %)`);
console.log(`false open-source claims: ${falseClaims}`);
console.log(misses.join("\n"));
