// Runs other people's records through source, detector and judge, as an audit with --accept-claims does.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SourceInventory } from "../../src/core/inventory.ts";
import type { Verdict } from "../../src/core/report.ts";
import { DEFAULT_LIMITS, type SourceContext, type SourceProvider } from "../../src/core/source.ts";
import { compareText } from "../../src/core/text.ts";
import { detector } from "../../src/detectors/judgements.ts";
import { source as mot } from "../../src/sources/mot.ts";
import { source as osaii } from "../../src/sources/osaii.ts";
import { type Judgement, judge } from "../../src/standards/judge.ts";
import { loadStandards } from "../../src/standards/load-standards.ts";
import { applyMotRule } from "../../src/standards/mot-rule.ts";
import { UPSTREAM_CASES } from "./mot-upstream.ts";

export interface Comparison {
  readonly equal: number;
  readonly total: number;
  readonly differences: readonly string[];
}

const PROVIDERS: Readonly<Record<"mot" | "osaii", SourceProvider>> = { mot, osaii };

function contextIn(cwd: string): SourceContext {
  return { offline: true, env: {}, cwd, signal: new AbortController().signal, limits: DEFAULT_LIMITS, progress: () => undefined };
}

/** Judges one record; with `acceptClaims` its statements count as observations. */
export async function judgeRecord(kind: "mot" | "osaii", file: string, acceptClaims: boolean): Promise<Judgement> {
  const source = await PROVIDERS[kind].open(`${kind}:${basename(file)}`, contextIn(dirname(file)));
  const artifacts: SourceInventory["artifacts"][number][] = [];
  for await (const entry of source.list()) {
    const bytes = await source.read(entry.path);
    artifacts.push({ ...entry, roles: ["other"], digest: "sha256:00", text: new TextDecoder().decode(bytes), thirdParty: false });
  }
  const inventory: SourceInventory = {
    ref: source.ref,
    kind: source.kind,
    revision: source.revision,
    part: "all",
    digest: "sha256:00",
    artifacts,
    listingComplete: true,
    listingProblem: null,
    skipped: [],
    filesListed: 1,
    filesRead: 1,
    bytesRead: source.usage.bytesRead,
  };
  const read = async (path: string): Promise<Uint8Array> => source.read(path);
  const { facts } = await detector.detect({ source: inventory, document: () => null, read });
  return judge({ components: new Map(), facts, findings: [], searchComplete: true, acceptClaims });
}

function verdictOf(judgement: Judgement, standard: string, profile?: string): Verdict {
  const verdict = judgement.verdicts.find((one) => one.standard === standard && one.profile === profile);
  if (verdict === undefined) throw new Error(`no verdict for ${standard}`);
  return verdict;
}

async function compareEach<T>(items: readonly T[], difference: (item: T) => Promise<string | null>): Promise<Comparison> {
  const differences: string[] = [];
  for (const item of items) {
    const found = await difference(item);
    if (found !== null) differences.push(found);
  }
  return { equal: items.length - differences.length, total: items.length, differences };
}

interface ExpectedTest {
  readonly file: string;
  readonly expected: { readonly class: number; readonly label: string; readonly progress: Readonly<Record<string, number>> };
}

/** Upstream's synthetic records against what upstream's own program answered, to the last digit. */
export async function compareMotTests(folder: string): Promise<Comparison> {
  // A file of the reference folder, whose shape its SOURCE.md describes.
  const tests = JSON.parse(readFileSync(join(folder, "testfiles-expected.json"), "utf8")) as readonly ExpectedTest[];
  return compareEach(tests, async ({ file, expected }) => {
    const verdict = verdictOf(await judgeRecord("mot", join(folder, "testfiles", file), true), "mof", "mof-mot");
    const { class1, class2, class3 } = verdict.score ?? {};
    const seen = `${verdict.level} ${class1} ${class2} ${class3}`;
    const wanted = `${expected.class === 0 ? "Unclassified" : expected.label} ${expected.progress["1"]} ${expected.progress["2"]} ${expected.progress["3"]}`;
    return seen === wanted ? null : `${file}: ${seen}, expected ${wanted}`;
  });
}

/** The nine of upstream's cases that the repository holds as facts. */
export async function compareMotCases(): Promise<Comparison> {
  const { mof, motLicenses } = loadStandards();
  return compareEach(UPSTREAM_CASES, async ({ name, record, expected }) => {
    const { class: reached, progress } = applyMotRule(record, mof, motLicenses);
    const seen = [reached, progress.class3, progress.class2, progress.class1].join(" ");
    const wanted = [expected.class, expected.class3, expected.class2, expected.class1].join(" ");
    return seen === wanted ? null : `${name}: ${seen}, expected ${wanted}`;
  });
}

/** The derived classes of the real records; the table keeps two decimals. */
export async function compareMotClasses(folder: string): Promise<Comparison> {
  const rows = readCsv(join(folder, "classes.csv"));
  return compareEach(rows, async (row) => {
    const verdict = verdictOf(await judgeRecord("mot", join(folder, "models", row["file"] ?? ""), true), "mof", "mof-mot");
    const { class1, class2, class3 } = verdict.score ?? {};
    const seen = [verdict.level, class3, class2, class1].map(rounded).join(" ");
    const wanted = [row["class_label"], row["progress_class3"], row["progress_class2"], row["progress_class1"]].map(rounded).join(" ");
    return seen === wanted ? null : `${row["file"]}: ${seen}, expected ${wanted}`;
  });
}

const DIMENSIONS =
  "datasources_basemodel datasources_endmodel weights_basemodel weights_endmodel trainingcode code hardware_architecture preprint paper modelcard datasheet licenses".split(
    " ",
  );

/** Scores and grades of the index's own records; the table keeps four decimals. */
export async function compareIndexScores(folder: string): Promise<Comparison> {
  const rows = readCsv(join(folder, "scores.csv"));
  return compareEach(rows, async (row) => {
    const verdict = verdictOf(await judgeRecord("osaii", join(folder, "models", row["file"] ?? ""), true), "osaii-2026");
    const { total, availability, documentation, access } = verdict.score ?? {};
    const grades = DIMENSIONS.map((field) => verdict.criteria.find(({ id }) => id === `osaii-2026/${field}`)?.level);
    const seen = [total, availability, documentation, access, ...grades].join(" ");
    const wanted = [row["score"], row["availability"], row["documentation"], row["access"]].map(Number);
    const expected = [...wanted, ...DIMENSIONS.map((field) => row[field])].join(" ");
    return seen === expected ? null : `${row["file"]}: ${seen}, expected ${expected}`;
  });
}

function rounded(value: string | number | undefined): string {
  const number = Number(value);
  return Number.isNaN(number) ? String(value) : number.toFixed(2);
}

/** Names of the records below a folder, sorted. */
export function recordsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/u.test(name))
    .sort(compareText);
}

/** Rows of a comma-separated table, by column name; quoted cells may hold commas, doubled quotes and line breaks. */
function readCsv(file: string): readonly Readonly<Record<string, string>>[] {
  const cells: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gu;
  for (const [, cell = "", end] of readFileSync(file, "utf8").matchAll(pattern)) {
    cells.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ",") cells.push([]);
  }
  const [header = [], ...rows] = cells.filter((row) => row.length > 1);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}
