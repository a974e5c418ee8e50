// A command that works on a report takes a saved one, or audits the target that is named.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import type { CommandContext } from "./command.ts";
import { configure } from "./configuration.ts";
import { startProgress } from "./progress.ts";
import { auditRequests } from "./requests.ts";
import { savedReports } from "./saved.ts";

export interface ReleaseReport {
  readonly context: CommandContext;
  /** References that are audited; empty for a saved report. */
  readonly targets: readonly string[];
  /** @throws AjarError BAD_REPORT, or whatever the audit throws */
  readonly read: () => Promise<Report>;
}

/** `-` and a file that ends in .json are saved reports, everything else is a target. @throws AjarError BAD_OPTION | BAD_CONFIG */
export async function reportFor(given: CommandContext): Promise<ReleaseReport> {
  const [operand = ""] = given.operands;
  if (isSaved(operand, given.cwd)) return { context: given, targets: [], read: () => onlyReport(operand, given) };
  const configured = await configure(given);
  const [plan] = await auditRequests(configured);
  if (plan === undefined) throw new AjarError("BUG", "no audit was planned");
  const { context, parts } = configured;
  return { context, targets: parts.map(({ reference }) => reference), read: () => audited(context, plan.run) };
}

function isSaved(operand: string, cwd: string): boolean {
  if (operand === "-") return true;
  if (!operand.endsWith(".json") || operand.includes("\0")) return false;
  return statSync(resolve(cwd, operand), { throwIfNoEntry: false })?.isFile() === true;
}

async function onlyReport(file: string, context: CommandContext): Promise<Report> {
  const [report, ...others] = await savedReports(file, context);
  if (others.length === 0) return report;
  throw new AjarError("BAD_REPORT", `holds ${others.length + 1} reports`, { subject: file, hint: "Give the report of one release." });
}

async function audited(
  { options, env, stderr, signal }: CommandContext,
  run: (progress: (message: string) => void) => Promise<Report>,
): Promise<Report> {
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const report = await run(progress.show);
    signal.throwIfAborted();
    return report;
  } finally {
    progress.end();
  }
}
