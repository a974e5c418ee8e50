// What was measured in the data, as facts that standards judge by. Only what was read is said, and where it stands.
import type { ComponentId } from "../../core/component.ts";
import type { DataFileReport, DataReport, DataRuleReport } from "../../core/dataset.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { MeasuredFact, MeasuredTopic } from "../../core/fact.ts";
import type { SourceInventory } from "../../core/inventory.ts";
import { fileEvidence, percent, placesOf } from "./places.ts";

const DETECTOR = "data@1";
/** Files and places named for one fact; the report's block `data` has all of them. */
const MAX_CITED = 8;
const MAX_NAMED = 5;
/** Problems that are the file's own. What Ajar does not read, or not to its end for its size, says nothing of the release. */
const DAMAGE: readonly string[] = ["INCONSISTENT", "NOT_THIS_FORMAT", "TRUNCATED"];
/** Broken rows of which nothing is what the format says. */
const LOST: readonly string[] = ["not-json", "bad-quotes", "bad-record", "bad-batch"];

/** Facts of kind `measured`; none where no data file was looked at. */
export function measuredFacts(report: DataReport, inventories: readonly SourceInventory[]): readonly MeasuredFact[] {
  const components = (["training-data", "evaluation-data"] as const).flatMap((component) => {
    const files = report.files.filter((file) => componentOf(file, inventories) === component);
    return files.length === 0 ? [] : [...filesFacts(component, files)];
  });
  return [...components, ...wholeFacts(report)];
}

/** As the names of files, and what their source was given for, say. */
function componentOf({ source, path }: DataFileReport, inventories: readonly SourceInventory[]): ComponentId | null {
  const inventory = inventories.find(({ ref }) => ref === source);
  const artifact = inventory?.artifacts.find((one) => one.path === path);
  if (inventory === undefined || artifact === undefined || artifact.thirdParty) return null;
  if (artifact.roles.includes("evaluation-data")) return "evaluation-data";
  return artifact.roles.includes("data") || inventory.kind === "hub-dataset" || inventory.part === "data" ? "training-data" : null;
}

function filesFacts(component: ComponentId, files: readonly DataFileReport[]): readonly MeasuredFact[] {
  const damaged = files.filter(isDamaged);
  const useless = files.filter((file) => isDamaged(file) && goodRows(file) <= 0);
  const read = files.filter((file) => goodRows(file) > 0);
  const figures = { files: files.length, read: read.length, rows: total(files.map(({ rows }) => rows)) };
  const state: readonly MeasuredFact[] =
    useless.length === files.length
      ? facts("unreadable", component, damaged.map(fileEvidence), { files: files.length, detail: detailOf(damaged) })
      : facts("partly", component, damaged.map(fileEvidence), { damaged: damaged.length, files: files.length, detail: detailOf(damaged) });
  return [...facts("files", component, (read.length > 0 ? read : files).map(fileEvidence), figures), ...state];
}

function isDamaged(file: DataFileReport): boolean {
  if (file.problem !== undefined) return DAMAGE.includes(file.problem.code);
  return file.basis !== "none" && goodRows(file) <= 0;
}

/** Rows that are what the format says. */
function goodRows({ rows, broken }: DataFileReport): number {
  return rows - total(broken.filter(({ code }) => LOST.includes(code)).map((one) => one.rows));
}

/** What is wrong with the first of them, in the words of whoever read it. */
function detailOf([file]: readonly DataFileReport[]): string {
  if (file === undefined) return "";
  return `${file.path}: ${file.problem?.detail ?? (file.rows === 0 ? "no rows" : `no row of ${file.rows} is ${file.format}`)}`;
}

function wholeFacts(report: DataReport): readonly MeasuredFact[] {
  const { languages, domains, rules } = report;
  const files = report.files.filter(({ rows }) => rows > 0).map(fileEvidence);
  const told = languages.filter(({ language }) => language !== "und").slice(0, MAX_NAMED);
  const languagesShown = told.map(({ language, share }) => `${language} ${percent(share)}`).join(", ");
  const named = domains.slice(0, MAX_NAMED);
  const domainsShown = named.map(({ domain, rows }) => `${domain} (${rows})`).join(", ");
  const of = (area: string): readonly DataRuleReport[] => rules.filter(({ rule }) => rule.startsWith(`${area}/`));
  const personal = of("personal").filter(({ level }) => level === "high" || level === "medium");
  return [
    ...(told.length === 0 ? [] : facts("languages", null, files, { languages: languagesShown, rows: report.languageRows })),
    ...(named.length === 0 ? [] : facts("domains", null, files, { domains: domainsShown })),
    ...rulesFact("notices", report, of("copyright")),
    ...rulesFact("reservations", report, of("reservation")),
    ...rulesFact("personal", report, personal),
  ];
}

function rulesFact(topic: MeasuredTopic, report: DataReport, rules: readonly DataRuleReport[]): readonly MeasuredFact[] {
  const places = rules.flatMap((rule) => placesOf(report, rule).slice(0, 2));
  const found = rules.map(({ rule, rows, rate }) => `${rule} ${rows}${rate === null ? "" : ` (${percent(rate.share)})`}`).join(", ");
  return facts(topic, null, places, { found, rows: report.coverage.rows });
}

/** One fact, or none where nothing shows it. */
function facts(
  topic: MeasuredTopic,
  component: ComponentId | null,
  places: readonly Evidence[],
  figures: Readonly<Record<string, string | number>>,
): readonly MeasuredFact[] {
  const [first, ...others] = places.slice(0, MAX_CITED);
  return first === undefined ? [] : [{ kind: "measured", topic, component, figures, evidence: [first, ...others], detector: DETECTOR }];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
