import { resolve } from "node:path";
import { openCatalogue } from "../../catalogue/open.ts";
import { type Catalogue, MAX_PAGE } from "../../catalogue/store.ts";
import { matrixOfColumns } from "../../comparison/matrix.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { FORMATS } from "../../reports/formats.generated.ts";
import { toJson } from "../../reports/json.ts";
import { MATRIX_FORMATS, renderMatrix } from "../../reports/matrix.ts";
import { text } from "../../reports/messages.ts";
import { releaseList } from "../../reports/release-list.ts";
import { enqueue, queue } from "../catalogue/jobs.ts";
import { filterOf, query } from "../catalogue/query.ts";
import type { CommandContext } from "../command.ts";
import { startProgress } from "../progress.ts";
import { optionsFor, renderAs } from "../render-as.ts";
import { savedReports } from "../saved.ts";

type Action = (catalogue: Catalogue, context: CommandContext, words: readonly string[]) => Promise<ExitCode>;

interface ActionSpec {
  readonly act: Action;
  /** What `--format` may ask for; the first is the default. */
  readonly formats: readonly [string, ...string[]];
}

const PLAIN = ["table", "json"] as const;

const ACTIONS: Readonly<Record<string, ActionSpec>> = {
  add: { act: add, formats: PLAIN },
  import: { act: importAll, formats: PLAIN },
  list: { act: list, formats: PLAIN },
  query: { act: (catalogue, context, words) => query(catalogue, context, filterOf(context, words)), formats: ["table", "csv", "json"] },
  matrix: { act: matrix, formats: MATRIX_FORMATS },
  show: { act: show, formats: ["table", ...FORMATS] },
  export: { act: exportTo, formats: PLAIN },
  enqueue: { act: (_, context, words) => enqueue(context, words), formats: PLAIN },
  queue: { act: (_, context) => queue(context), formats: PLAIN },
};

/** `ajar catalogue ACTION …`: the store of reports. @throws AjarError STORE_UNUSABLE | STORE_TOO_NEW | BAD_OPTION | BAD_REPORT | NOT_FOUND */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, env, cwd } = context;
  const [name = "", ...words] = operands;
  const action = ACTIONS[name];
  if (action === undefined) {
    throw new AjarError("BAD_OPTION", "has to come first", { subject: name, hint: `Write ajar catalogue ${name}, then its options.` });
  }
  const format = options.text("format") ?? action.formats[0];
  if (!action.formats.includes(format)) {
    throw new AjarError("BAD_OPTION", `is not one of ${[...new Set(action.formats)].join(", ")}`, {
      subject: `ajar catalogue ${name} --format ${format}`,
    });
  }
  const catalogue = await openCatalogue({ env, cwd, file: options.text("catalogue") });
  try {
    return await action.act(catalogue, context, words);
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

/** Reports of whole folders and of JSON Lines; what cannot be read is passed over. */
async function importAll(catalogue: Catalogue, context: CommandContext, paths: readonly string[]): Promise<ExitCode> {
  if (paths.length === 0) throw missing("PATH", "Name folders, files of reports, JSON Lines, or - for JSON Lines on standard input.");
  const { importReports } = await import("../catalogue/import.ts");
  return importReports(catalogue, context, paths);
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
  const format = FORMATS.find((one) => one === context.options.text("format")) ?? "table";
  await context.stdout.write(await renderAs(format, [report], context, true));
  return EXIT.ok;
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

async function pageOf(catalogue: Catalogue, context: CommandContext, words: readonly string[]): ReturnType<Catalogue["list"]> {
  const { options } = context;
  const filter = filterOf(context, words);
  return catalogue.list({ filter, limit: Math.min(options.number("limit") ?? 50, MAX_PAGE), after: options.number("after") ?? null });
}

function missing(subject: string, hint: string): AjarError {
  return new AjarError("BAD_OPTION", "is missing", { subject, hint });
}
