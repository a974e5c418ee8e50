import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { AjarError, type ExitCode } from "../../core/errors.ts";
import type { ScanReport } from "../../core/scan.ts";
import type { CommandContext } from "../command.ts";
import { exitCodeOf } from "../exit-code.ts";
import { checkWritable, type Format, planOutput, writeWhole } from "../output.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { sourceContext } from "../requests.ts";

/** More threads than this only wait for the disk. */
const MAX_JOBS = 8;

/** `ajar scan PATH…`: what loading the files can do. @throws AjarError */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, cwd, stdout, stderr, env, signal } = context;
  const output = planOutput(options.text("format"), options.list("output"));
  for (const { format, path } of output.files) {
    checkFormat(format);
    checkWritable(path, cwd);
  }
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const { scan } = await import("../../audit/scan/scan.ts");
    const report = await scan({
      references: context.operands.map((operand) => referenceOf(operand, cwd)),
      context: scanContext(context, progress.show),
      strict: options.flag("strict") === true,
      jobs: options.number("jobs") ?? Math.min(MAX_JOBS, availableParallelism()),
      include: options.list("include"),
      exclude: options.list("exclude"),
    });
    signal.throwIfAborted();
    progress.end();
    for (const { format, path } of output.files) writeWhole(path, cwd, await render(format, report, context, false));
    if (output.stdout !== null) await stdout.write(await render(output.stdout, report, context, true));
    return exitCodeOf(report, options.text("fail-on") ?? "critical");
  } finally {
    progress.end();
  }
}

/** A local file is scanned as it lies, an archive too: what is odd about the archive itself must be seen. */
function referenceOf(operand: string, cwd: string): string {
  const path = resolve(cwd, operand);
  const isFile = !operand.includes("\0") && existsSync(path) && statSync(path).isFile();
  return isFile ? `file:${operand}` : operand;
}

/** Files are read to their end, however large, and archives in them by the scan itself. */
function scanContext(context: CommandContext, progress: (message: string) => void): ReturnType<typeof sourceContext> {
  const base = sourceContext(context, progress);
  return { ...base, limits: { ...base.limits, maxBytes: Number.MAX_SAFE_INTEGER, maxArchiveDepth: 0 } };
}

function checkFormat(format: Format): void {
  if (format === "table" || format === "json") return;
  throw new AjarError("BAD_OPTION", `a scan is not written as ${format}`, { subject: "--output", hint: "Use table or json." });
}

async function render(format: Format, report: ScanReport, context: CommandContext, toStdout: boolean): Promise<string> {
  checkFormat(format);
  if (format === "json") return (await import("../../reports/scan/json.ts")).renderScanJson(report);
  return (await import("../../reports/scan/table.ts")).renderScanTable(report, optionsFor(context, toStdout));
}
