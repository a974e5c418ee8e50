// License identification side by side: Ajar, scancode-toolkit (PyPI) and askalono (crates.io), same files, one run.
//   npm run bench:license              installs the two into .cache/ on first use (network), then measures
//   npm run bench:license -- --quick   a third of the files
// Each tool gets one process and one core for all files. Its files per second leave out its start, which is measured with
// a single file. right: exactly the expected license is named. unknown: nothing is named, or Ajar says "modified".
// wrong: anything else is named. Changed texts (a binding sentence added) are right when the plain license is not named.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { identifyLicenses } from "../src/licenses/identify.ts";
import { NOISES } from "../test/licenses/noise.ts";
import { sharedTexts, spdxTexts } from "../test/licenses/texts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");
const folder = join(cache, "bench-license");
const SCANCODE = "scancode-toolkit==32.5.0";
/** Later versions refuse scancode's own plugin hooks. */
const PLUGGY = "pluggy<1.4";
const ASKALONO = "0.5.0";
const ADDED = "You may not use this software for commercial purposes without prior written permission.";

interface Case {
  readonly name: string;
  readonly group: "spdx" | "noise" | "changed" | "ai";
  readonly text: string;
  readonly expected: string;
}

type Answers = ReadonlyMap<string, readonly string[]>;

interface Result {
  readonly tool: string;
  readonly startMs: number;
  readonly totalMs: number;
  readonly answers: Answers;
}

function run(command: string, args: readonly string[], input = ""): { ms: number; stdout: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 512 * 1024 * 1024 });
  if (status !== 0 && status !== 1)
    throw new Error(`${command} ${args.slice(0, 3).join(" ")} exited with ${status}: ${stderr.slice(-500)}`);
  return { ms: performance.now() - start, stdout };
}

/** Of three runs; scancode runs once, its minutes drown the noise. */
function median(measure: () => number): number {
  return [measure(), measure(), measure()].sort((a, b) => a - b)[1] ?? 0;
}

function install(): { scancode: string; askalono: string } {
  const scancode = join(cache, "scancode/bin/scancode");
  if (!existsSync(scancode)) {
    run("python3", ["-m", "venv", join(cache, "scancode")]);
    run(join(cache, "scancode/bin/pip"), ["install", "-q", SCANCODE, PLUGGY]);
  }
  const askalono = join(cache, "askalono/bin/askalono");
  if (!existsSync(askalono)) run("cargo", ["install", "askalono-cli", "--version", ASKALONO, "--root", join(cache, "askalono")]);
  return { scancode, askalono };
}

function cases(step: number): Case[] {
  // `GPL-2.0-with-…` are deprecated names for a license and an exception; tools rightly answer with the two.
  const texts = spdxTexts().filter(({ id, answer }) => id === answer && !id.includes("-with-"));
  const plain = texts.filter((_, at) => at % step === 0);
  const others = texts.filter((_, at) => at % step === Math.floor(step / 2));
  const changed = texts.filter(({ id }) =>
    /^(?:MIT|Apache-2\.0|BSD-3-Clause|BSD-2-Clause|ISC|Zlib|MPL-2\.0|GPL-3\.0|Unlicense|CC-BY-4\.0)$/u.test(id),
  );
  return [
    ...plain.map(({ id, text }) => ({ name: `spdx-${id}`, group: "spdx" as const, text, expected: id })),
    ...others.map(({ id, text }, at) => ({
      name: `noise-${id}`,
      group: "noise" as const,
      text: NOISES[at % NOISES.length]?.apply(text, at) ?? text,
      expected: id,
    })),
    ...changed.map(({ id, text }) => ({ name: `changed-${id}`, group: "changed" as const, text: `${text}\n\n${ADDED}\n`, expected: id })),
    ...aiCases(step),
  ];
}

/** Texts of AI licenses from ../shared, where it is present; what each is, is the corpus's file name. */
function aiCases(step: number): Case[] {
  return sharedTexts()
    .filter((_, at) => at % Math.ceil(step / 6) === 0)
    .map(({ id, text }) => ({ name: `ai-${id}`, group: "ai" as const, text, expected: id }));
}

function fileOf(name: string): string {
  return join(folder, "files", `${name}.txt`);
}

function ajar(names: readonly string[]): Result {
  const measure = (some: readonly string[]): { ms: number; stdout: string } =>
    run(process.execPath, [join(root, "bench/license.ts"), "--worker"], JSON.stringify(some));
  const start = median(() => measure(names.slice(0, 1)).ms);
  const all = { ms: median(() => measure(names).ms), stdout: measure(names).stdout };
  const answers: Record<string, string[]> = JSON.parse(all.stdout);
  return { tool: "ajar", startMs: start, totalMs: all.ms, answers: new Map(Object.entries(answers)) };
}

function worker(): void {
  const names: string[] = JSON.parse(readFileSync(0, "utf8"));
  const answers = names.map((name) => {
    const named = identifyLicenses(readFileSync(fileOf(name), "utf8")).map((match) => {
      if (match.outcome === "identified") return match.license.id;
      return match.outcome === "modified" ? `modified ${match.base.id}` : "";
    });
    return [name, named.filter((id) => id !== "")];
  });
  process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
}

function askalono(program: string, names: readonly string[]): Result {
  const measure = (some: readonly string[]) =>
    run(program, ["--format", "json", "identify", "--batch"], `${some.map(fileOf).join("\n")}\n`);
  const start = median(() => measure(names.slice(0, 1)).ms);
  const { stdout } = measure(names);
  const ms = median(() => measure(names).ms);
  const answers = new Map<string, string[]>();
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const row: { path: string; result?: { license: { name: string } | null } } = JSON.parse(line);
    const name = row.path.trim().slice(folder.length + "/files/".length, -".txt".length);
    answers.set(name, row.result?.license ? [row.result.license.name] : []);
  }
  return { tool: "askalono", startMs: start, totalMs: ms, answers };
}

function scancode(program: string, names: readonly string[]): Result {
  const out = join(folder, "scancode.json");
  const measure = (path: string) => run(program, ["--license", "--quiet", "--processes", "1", "--json", out, path]);
  // The first run of an installation unpacks its index; it is not what a second run costs.
  measure(fileOf(names[0] ?? ""));
  const start = measure(fileOf(names[0] ?? "")).ms;
  const { ms } = measure(join(folder, "files"));
  const report: { files: { type: string; path: string; detected_license_expression_spdx: string | null }[] } = JSON.parse(
    readFileSync(out, "utf8"),
  );
  const answers = new Map<string, string[]>();
  for (const file of report.files.filter(({ type }) => type === "file")) {
    const ids = (file.detected_license_expression_spdx ?? "").split(/\s+(?:AND|OR|WITH)\s+|[()]/u).filter((id) => id.trim() !== "");
    answers.set(file.path.replace(/^files\//u, "").slice(0, -".txt".length), [...new Set(ids)]);
  }
  return { tool: "scancode", startMs: start, totalMs: ms, answers };
}

const sameText = new Map(spdxTexts().map(({ id, answer }) => [id, answer]));

/** Ids with the same text count as the same; scancode's own names are compared by their words, and its remarks left out. */
function isExpected(id: string, { group, expected }: Case): boolean {
  const isForeign = id.startsWith("LicenseRef-scancode-");
  if (group !== "ai" && !isForeign) return (sameText.get(id) ?? id) === expected || id === expected;
  const words = (text: string): string[] => text.toLowerCase().match(/[a-z]{3,}|\d+/gu) ?? [];
  const own = words(id).filter((word) => !["licenseref", "scancode", "license", "the"].includes(word));
  return words(expected).some(
    (word) => word.length > 2 && own.some((other) => other.startsWith(word.slice(0, 5)) || word.startsWith(other)),
  );
}

type Verdict = "right" | "wrong" | "unknown";

function judge(item: Case, named: readonly string[]): Verdict {
  const ids = named.filter((id) => !/unknown|warranty-disclaimer/u.test(id));
  const plain = ids.filter((id) => !id.startsWith("modified "));
  if (item.group === "changed") return named.length === 1 && plain.length === 1 && isExpected(plain[0] ?? "", item) ? "wrong" : "right";
  // Kimi's text is MIT with a condition: a tool is right to say so, or to know it by name.
  if (/kimi/u.test(item.expected)) return plain.some((id) => id === "MIT") ? "wrong" : ids.length > 0 ? "right" : "unknown";
  if (plain.length === 0) return "unknown";
  return plain.length === 1 && ids.length === 1 && isExpected(plain[0] ?? "", item) ? "right" : "wrong";
}

function print(all: readonly Case[], results: readonly Result[], verbose: boolean): void {
  const bytes = all.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const count = (group: Case["group"]): number => all.filter((item) => item.group === group).length;
  process.stdout.write(
    `${all.length} files, ${bytes} bytes: ${count("spdx")} SPDX texts, ${count("noise")} with noise, ${count("changed")} changed, ${count("ai")} of AI licenses\n\n`,
  );
  process.stdout.write("tool       start s   files/s   right  wrong  unknown   changed texts accepted   AI right/wrong/unknown\n");
  const rates = new Map<string, number>();
  for (const { tool, startMs, totalMs, answers } of results) {
    const tally = (group: (item: Case) => boolean) => {
      const counts = { right: 0, wrong: 0, unknown: 0 };
      for (const item of all.filter(group)) counts[judge(item, answers.get(item.name) ?? [])] += 1;
      return counts;
    };
    const plain = tally(({ group }) => group === "spdx" || group === "noise");
    const changed = tally(({ group }) => group === "changed");
    const ai = tally(({ group }) => group === "ai");
    const rate = (all.length - 1) / ((totalMs - startMs) / 1000);
    rates.set(tool, rate);
    process.stdout.write(
      `${tool.padEnd(10)} ${(startMs / 1000).toFixed(2).padStart(7)} ${rate.toFixed(1).padStart(9)} ${String(plain.right).padStart(7)} ${String(plain.wrong).padStart(6)} ` +
        `${String(plain.unknown).padStart(8)} ${`${changed.wrong} of ${count("changed")}`.padStart(24)} ${`${ai.right}/${ai.wrong}/${ai.unknown}`.padStart(24)}\n`,
    );
    if (verbose) {
      for (const item of all) {
        const named = answers.get(item.name) ?? [];
        if (judge(item, named) !== "right") process.stdout.write(`    ${item.name}: ${named.join(" + ") || "nothing"}\n`);
      }
    }
  }
  const own = rates.get("ajar") ?? 0;
  for (const [tool, rate] of rates)
    if (tool !== "ajar") process.stdout.write(`ajar / ${tool}: ${(own / rate).toFixed(1)} times the files per second\n`);
}

function main(): void {
  if (process.argv.includes("--worker")) {
    worker();
    return;
  }
  const programs = install();
  const all = cases(process.argv.includes("--quick") ? 24 : 8);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "files"), { recursive: true });
  for (const { name, text } of all) writeFileSync(fileOf(name), text);
  const names = readdirSync(join(folder, "files")).map((name) => name.slice(0, -4));
  const results = [ajar(names), askalono(programs.askalono, names), scancode(programs.scancode, names)];
  print(all, results, process.argv.includes("--verbose"));
}

main();
