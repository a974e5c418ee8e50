import { resolve } from "node:path";
import { conditionOf } from "../../catalogue/condition.ts";
import { openCatalogue } from "../../catalogue/open.ts";
import { type Catalogue, type Filter, MAX_PAGE } from "../../catalogue/store.ts";
import { matrixOfColumns } from "../../comparison/matrix.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { SharedQueue } from "../../jobs/shared-queue.ts";
import { toJson } from "../../reports/json.ts";
import { MATRIX_FORMATS, renderMatrix } from "../../reports/matrix.ts";
import { text } from "../../reports/messages.ts";
import { releaseList } from "../../reports/release-list.ts";
import type { CommandContext } from "../command.ts";
import { databaseUrl } from "../database-url.ts";
import { startProgress } from "../progress.ts";
import { optionsFor, renderAs } from "../render-as.ts";
import { savedReports } from "../saved.ts";

type Action = (catalogue: Catalogue, context: CommandContext, words: readonly string[]) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, Action>> = { add, list, matrix, show, export: exportTo, enqueue, queue };

/** `ajar catalogue ACTION …`: the store of reports. @throws AjarError STORE_UNUSABLE | STORE_TOO_NEW | BAD_OPTION | BAD_REPORT | NOT_FOUND */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, env, cwd } = context;
  const [name = "", ...words] = operands;
  const action = ACTIONS[name];
  if (action === undefined) throw new AjarError("BUG", `no action ${name}`);
  const catalogue = await openCatalogue({ env, cwd, file: options.text("catalogue") });
  try {
    return await action(catalogue, context, words);
  } finally {
    await catalogue.close();
  }
}

/** Saved reports become entries; the time of adding is the clock's. */
async function add(catalogue: Catalogue, context: CommandContext, files: readonly string[]): Promise<ExitCode> {
  if (files.length === 0) throw missing("FILE", "Name reports that ajar audit -f json wrote, or - for standard input.");
  let added = 0;
  let known = 0;
  for (const file of files) {
    for (const report of await savedReports(file, context)) {
      const { isNew } = await catalogue.add(report, context.now().toISOString());
      if (isNew) added += 1;
      else known += 1;
    }
  }
  await context.stderr.write(`${text({ id: "catalogue.added", args: { added, known } }, context.language)}\n`);
  return EXIT.ok;
}

async function list(catalogue: Catalogue, context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const page = await pageOf(catalogue, context, words);
  const isJson = context.options.text("format") === "json";
  await context.stdout.write(isJson ? toJson(page) : releaseList(page.releases, optionsFor(context, true)));
  if (!isJson && page.next !== null) {
    await context.stderr.write(`${text({ id: "catalogue.more", args: { next: page.next } }, context.language)}\n`);
  }
  return EXIT.ok;
}

async function matrix(catalogue: Catalogue, context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const { releases } = await pageOf(catalogue, context, words);
  const format = MATRIX_FORMATS.find((id) => id === context.options.text("format")) ?? "table";
  const columns = releases.map(({ column }) => column);
  await context.stdout.write(renderMatrix(matrixOfColumns(columns), format, optionsFor(context, true)));
  return EXIT.ok;
}

/** The newest report of a release, in any format of `ajar report`. */
async function show(catalogue: Catalogue, context: CommandContext, [key]: readonly string[]): Promise<ExitCode> {
  if (key === undefined) throw missing("RELEASE", "Name a release as ajar catalogue list shows it.");
  const release = await catalogue.releaseByKey(key);
  const report = release === null ? null : await catalogue.report(release.reportId);
  if (report === null)
    throw new AjarError("NOT_FOUND", "the catalogue has no such release", { subject: key, hint: "See ajar catalogue list." });
  const format = context.options.text("format");
  await context.stdout.write(await renderAs(format === "json" ? "json" : "table", [report], context, true));
  return EXIT.ok;
}

/** Targets for the workers of a shared catalogue: words of the command line, or lines of standard input for `-`. */
async function enqueue(_: Catalogue, context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const lines = words.includes("-") ? (await context.readStdin()).split(/\r?\n/u) : [];
  const targets = [...words.filter((word) => word !== "-"), ...lines]
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (targets.length === 0) throw missing("TARGET", "Name targets, or - to read one a line.");
  await withQueue(context, async (shared) => {
    for (const target of targets) await shared.enqueue({ target });
  });
  await context.stderr.write(`${text({ id: "catalogue.enqueued", args: { count: targets.length } }, context.language)}\n`);
  return EXIT.ok;
}

/** How many jobs wait, run, are done and have failed. */
async function queue(_: Catalogue, context: CommandContext): Promise<ExitCode> {
  await withQueue(context, async (shared) => context.stdout.write(toJson(await shared.counts())));
  return EXIT.ok;
}

async function withQueue(context: CommandContext, work: (shared: SharedQueue) => Promise<void>): Promise<void> {
  const { SharedQueue: Shared } = await import("../../jobs/shared-queue.ts");
  const shared = await Shared.open(databaseUrl(context.env));
  try {
    await work(shared);
  } finally {
    await shared.close();
  }
}

/** The web app with all its data as files. */
async function exportTo(catalogue: Catalogue, context: CommandContext, [folder]: readonly string[]): Promise<ExitCode> {
  if (folder === undefined) throw missing("DIR", "Name a folder to make, for any web host to serve.");
  const { exportSite } = await import("../../server/static-export.ts");
  const { webFolder } = await import("../web-folder.ts");
  const progress = startProgress(context.stderr, true);
  try {
    const { releases, reports } = await exportSite(catalogue, webFolder(), resolve(context.cwd, folder), progress.show);
    progress.end();
    await context.stderr.write(`${text({ id: "catalogue.exported", args: { releases, reports } }, context.language)}\n`);
    return EXIT.ok;
  } finally {
    progress.end();
  }
}

async function pageOf(catalogue: Catalogue, { options }: CommandContext, words: readonly string[]): ReturnType<Catalogue["list"]> {
  const filter: Filter = { cells: options.list("where").map(condition), text: words.join(" ") };
  return catalogue.list({ filter, limit: Math.min(options.number("limit") ?? 50, MAX_PAGE), after: options.number("after") ?? null });
}

/** `component:weights=found|gated` */
function condition(word: string): Filter["cells"][number] {
  const found = conditionOf(word);
  if (found !== null) return found;
  throw new AjarError("BAD_OPTION", "is not a condition", {
    subject: `--where ${word}`,
    hint: "Write CELL=VALUE, e.g. standard:osaid-1.0=met, component:weights=found|gated, license=Apache-2.0, publisher=NAME.",
  });
}

function missing(subject: string, hint: string): AjarError {
  return new AjarError("BAD_OPTION", "is missing", { subject, hint });
}
