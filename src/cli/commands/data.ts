import type { DataReport } from "../../core/dataset.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { DataResult } from "../../reports/data/table.ts";
import type { CommandContext } from "../command.ts";
import { dataContext, referenceOf, rowsOf, threadsOf, withProgress } from "../data/targets.ts";
import { checkWritable, type Format, planOutput, writeWhole } from "../output.ts";
import { optionsFor } from "../render-as.ts";

/** `ajar data TARGET...`: what is in the data of a release; `find`, `merge` and `shard` as a first word are actions of their own. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const [first, ...rest] = context.operands;
  if (first === "find") return await (await import("../data/find.ts")).findInData(context, named(rest, "find"));
  const isQueued = first === "shard" && rest[0] === "report";
  if (first === "shard" && !isQueued) return await (await import("../data/shards.ts")).shardData(context, rest);
  if (context.options.has("emit-sql")) return await (await import("../data/sql.ts")).printSql(context, context.operands);
  const isMerge = first === "merge";
  const targets = isMerge ? named(rest, "merge") : isQueued ? rest.slice(1) : context.operands;
  const output = planOutput(context.options.text("format"), context.options.list("output"));
  for (const { format, path } of output.files) {
    checkFormat(format);
    checkWritable(path, context.cwd);
  }
  const report = await reportOf(context, targets, isMerge ? "merge" : isQueued ? "queue" : "targets");
  const view: DataResult = { targets: isMerge || isQueued ? sourcesOf(report) : targets, report };
  for (const { format, path } of output.files) writeWhole(path, context.cwd, await render(format, view, context, false));
  if (output.stdout !== null) await context.stdout.write(await render(output.stdout, view, context, true));
  return report.coverage.complete ? EXIT.ok : EXIT.incomplete;
}

/** Measured now, or made of parts that were measured elsewhere. */
async function reportOf(context: CommandContext, targets: readonly string[], from: "targets" | "merge" | "queue"): Promise<DataReport> {
  if (from === "targets") return await measured(context, targets);
  const { mergeData, queuedReport } = await import("../data/shards.ts");
  return await (from === "merge" ? mergeData : queuedReport)(context, targets);
}

function named(targets: readonly string[], action: string): readonly string[] {
  if (targets.length > 0) return targets;
  throw new AjarError("BAD_OPTION", "names nothing to work on", {
    subject: action,
    hint: "A folder of that name is written ./find, ./merge or ./shard.",
  });
}

function sourcesOf({ files }: DataReport): readonly string[] {
  return [...new Set(files.map(({ source }) => source))];
}

async function measured(context: CommandContext, targets: readonly string[]): Promise<DataReport> {
  const { options, cwd } = context;
  return await withProgress(context, async (progress) => {
    const { data } = await import("../../audit/data/data.ts");
    const { indexTestSets } = await import("../../audit/data/test-sets.ts");
    const sources = dataContext(context, progress);
    return await data({
      references: targets.map((target) => referenceOf(target, cwd)),
      rows: rowsOf(context),
      context: sources,
      overlap: await indexTestSets(
        options.list("against").map((target) => referenceOf(target, cwd)),
        sources,
      ),
      threads: threadsOf(context),
      include: options.list("include"),
      exclude: options.list("exclude"),
    });
  });
}

function checkFormat(format: Format): void {
  if (format === "table" || format === "json" || format === "markdown" || format === "html") return;
  throw new AjarError("BAD_OPTION", `data are not written as ${format}`, {
    subject: "--output",
    hint: "Use table, json, markdown or html.",
  });
}

async function render(format: Format, view: DataResult, context: CommandContext, toStdout: boolean): Promise<string> {
  checkFormat(format);
  const options = optionsFor(context, toStdout);
  if (context.options.flag("eu-summary") === true) return (await import("../../reports/data/eu-summary.ts")).renderEuSummary(view, options);
  if (format === "json") return (await import("../../reports/data/json.ts")).renderDataJson(view);
  if (format === "markdown") return (await import("../../reports/data/markdown.ts")).renderDataMarkdown(view, options);
  if (format === "html") return (await import("../../reports/data/html.ts")).renderDataHtml(view, options);
  return (await import("../../reports/data/table.ts")).renderDataTable(view, options);
}
