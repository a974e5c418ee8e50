import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { DataResult } from "../../reports/data/table.ts";
import type { CommandContext } from "../command.ts";
import { checkWritable, type Format, planOutput, writeWhole } from "../output.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { sourceContext } from "../requests.ts";

/** More threads only wait for the disk. */
const MAX_THREADS = 8;

/** `ajar data TARGET...`: what is in the data of a release. */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, cwd, env, stderr, stdout, signal } = context;
  const output = planOutput(options.text("format"), options.list("output"));
  for (const { format, path } of output.files) {
    checkFormat(format);
    checkWritable(path, cwd);
  }
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const { data } = await import("../../audit/data/data.ts");
    const report = await data({
      references: operands.map((operand) => referenceOf(operand, cwd)),
      rows: options.text("rows") === "full" ? "full" : "sample",
      context: dataContext(context, progress.show),
      overlap: null,
      threads: options.number("jobs") ?? Math.min(MAX_THREADS, availableParallelism()),
      include: options.list("include"),
      exclude: options.list("exclude"),
    });
    signal.throwIfAborted();
    progress.end();
    const view: DataResult = { targets: operands, report };
    for (const { format, path } of output.files) writeWhole(path, cwd, await render(format, view, context, false));
    if (output.stdout !== null) await stdout.write(await render(output.stdout, view, context, true));
    return report.coverage.complete ? EXIT.ok : EXIT.incomplete;
  } finally {
    progress.end();
  }
}

/** A data file is read as it lies, a packed one too: `a.jsonl.gz` is no archive of a release. */
function referenceOf(operand: string, cwd: string): string {
  const path = resolve(cwd, operand);
  const isFile = !operand.includes("\0") && existsSync(path) && statSync(path).isFile();
  return isFile && !/\.(?:zip|tar|tgz|whl|tar\.\w+)$/iu.test(operand) ? `file:${operand}` : operand;
}

/** Data are read to their end, however large. */
function dataContext(context: CommandContext, progress: (message: string) => void): ReturnType<typeof sourceContext> {
  const base = sourceContext(context, progress);
  const maxBytes = context.options.number("max-bytes") ?? Number.MAX_SAFE_INTEGER;
  return { ...base, limits: { ...base.limits, maxBytes } };
}

function checkFormat(format: Format): void {
  if (format === "table" || format === "json" || format === "markdown") return;
  throw new AjarError("BAD_OPTION", `data are not written as ${format}`, { subject: "--output", hint: "Use table, json or markdown." });
}

async function render(format: Format, view: DataResult, context: CommandContext, toStdout: boolean): Promise<string> {
  checkFormat(format);
  const options = optionsFor(context, toStdout);
  if (format === "json") return (await import("../../reports/data/json.ts")).renderDataJson(view);
  if (format === "markdown") return (await import("../../reports/data/markdown.ts")).renderDataMarkdown(view, options);
  return (await import("../../reports/data/table.ts")).renderDataTable(view, options);
}
