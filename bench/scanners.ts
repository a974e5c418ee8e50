// npm run bench:scanners: the files of test/safety/samples under Ajar and four other scanners, class by class.
// AJAR_SCANNERS names a Python that has them: python3 -m venv V && V/bin/pip install picklescan modelscan fickling modelaudit
// `--write` puts the table into docs/file-safety.md.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { scanBytes } from "../src/safety/dispatch.ts";
import { allSamples } from "../test/safety/samples/all.ts";
import type { Sample } from "../test/safety/samples/sample.ts";

type Answer = "caught" | "missed" | "error";

const TOOLS = ["picklescan", "modelscan", "fickling", "modelaudit"] as const;
const MARKS: Readonly<Record<Answer, string>> = { caught: "✓", missed: "–", error: "!" };
const START = "<!-- scanners: written by `npm run bench:scanners -- --write` -->";
const END = "<!-- end of scanners -->";
const root = join(import.meta.dirname, "..");
const python = process.env["AJAR_SCANNERS"];
const options = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

/** Caught: something that a person would be stopped by, at least medium; for rules that are less by nature, the rule itself. */
async function ajar(sample: Sample): Promise<Answer> {
  const { hits, coverage } = await scanBytes(sample.path, sample.content, options);
  const isSeen = hits.some(({ rule, severity }) => rule === sample.rule || ["critical", "high", "medium"].includes(severity));
  if (isSeen) return "caught";
  return coverage.state === "full" ? "missed" : "error";
}

function version(tool: string): string {
  const code = `import importlib.metadata; print(importlib.metadata.version("${tool}"))`;
  return spawnSync(python ?? "python3", ["-c", code], { encoding: "utf8" }).stdout.trim();
}

function others(tool: string, folder: string): ReadonlyMap<string, Answer> {
  const run = spawnSync(python ?? "python3", [join(import.meta.dirname, "scanners.py"), tool, folder], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const lines = run.stdout.split("\n").filter((line) => line.startsWith("{"));
  if (lines.length === 0) throw new Error(`${tool} gave no answer: ${run.stderr.slice(-500)}`);
  return new Map(lines.map((line) => JSON.parse(line)).map(({ path, answer }) => [path, answer]));
}

function classOf(sample: Sample): string {
  return sample.path.startsWith("gadgets/") ? "published gadgets: imports past deny lists" : `${sample.rule}: ${sample.why}`;
}

const samples = allSamples();
const folder = mkdtempSync(join(tmpdir(), "ajar-scanners-"));
try {
  for (const { path, content } of samples) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const answers = new Map<string, ReadonlyMap<string, Answer>>();
  const own = new Map<string, Answer>();
  for (const sample of samples) own.set(sample.path, await ajar(sample));
  answers.set("Ajar", own);
  for (const tool of python === undefined ? [] : TOOLS) answers.set(`${tool} ${version(tool)}`, others(tool, folder));
  if (python === undefined) console.error("AJAR_SCANNERS names no Python: only Ajar is run (see the head of bench/scanners.ts)");
  const text = table(answers);
  console.log(text);
  report(answers);
  if (process.argv.includes("--write") && python !== undefined) write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function table(answers: ReadonlyMap<string, ReadonlyMap<string, Answer>>): string {
  const tools = [...answers.keys()];
  const classes = [...new Set(samples.map(classOf))];
  const rows = classes.map((name) => {
    const members = samples.filter((sample) => classOf(sample) === name);
    const cells = tools.map((tool) => cell(members.map(({ path }) => answers.get(tool)?.get(path) ?? "error")));
    return `| ${name} | ${members.length} | ${cells.join(" | ")} |`;
  });
  const totals = tools.map((tool) => [...(answers.get(tool)?.values() ?? [])].filter((answer) => answer === "caught").length);
  const head = `| class | files | ${tools.join(" | ")} |\n| --- | --- |${" --- |".repeat(tools.length)}`;
  return `${head}\n${rows.join("\n")}\n| **caught in all** | ${samples.length} | ${totals.join(" | ")} |`;
}

function cell(answers: readonly Answer[]): string {
  const [first = "error"] = answers;
  if (answers.length === 1) return MARKS[first];
  return `${answers.filter((answer) => answer === "caught").length}`;
}

/** Files that another scanner catches and Ajar does not: there must be none. */
function report(answers: ReadonlyMap<string, ReadonlyMap<string, Answer>>): void {
  const own = answers.get("Ajar");
  const missed = samples.filter(
    ({ path }) => own?.get(path) !== "caught" && [...answers.values()].some((map) => map.get(path) === "caught"),
  );
  for (const { path } of missed) console.error(`another scanner catches ${path}, Ajar does not`);
  if (missed.length > 0) process.exitCode = 1;
}

function write(text: string): void {
  const file = join(root, "docs", "file-safety.md");
  const page = readFileSync(file, "utf8");
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end === -1) throw new Error("docs/file-safety.md has lost the marks around its table");
  writeFileSync(file, `${page.slice(0, start + START.length)}\n\n${text}\n\n${page.slice(end)}`);
}
