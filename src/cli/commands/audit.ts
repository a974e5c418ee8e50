import { AjarError, type ExitCode } from "../../core/errors.ts";
import type { PolicyReport, Report } from "../../core/report.ts";
import type { CommandContext } from "../command.ts";
import { type Configured, configure } from "../configuration.ts";
import { exitCodeOf, worstOf } from "../exit-code.ts";
import { asAjarError, type ErrorObject, errorObject, reportFailure } from "../failure.ts";
import { checkWritable, type Format, planOutput, writeWhole } from "../output.ts";
import { exitCodeOfPolicy, policyFrom } from "../policy.ts";
import { startProgress } from "../progress.ts";
import { renderAs } from "../render-as.ts";
import { auditRequests, type PlannedAudit } from "../requests.ts";
import { type Review, reviewFrom } from "../review.ts";

/** `ajar audit TARGET`. */
export async function run(given: CommandContext): Promise<ExitCode> {
  const configured = await configure(given);
  const { context } = configured;
  try {
    return await auditAll(configured);
  } catch (failure) {
    // JSON may have been asked for in the configuration, which the caller has not read.
    return await reportFailure(failure, { ...context, json: context.options.text("format") === "json" });
  }
}

async function auditAll(configured: Configured): Promise<ExitCode> {
  const { context } = configured;
  const { options } = context;
  const output = planOutput(options.text("format"), options.list("output"));
  for (const file of output.files) checkWritable(file.path, context.cwd);
  const review = await reviewFrom(context);
  const planned = await auditRequests(configured);
  const targets = [...configured.parts, ...planned].map(({ reference }) => reference);
  const judge = await policyFrom(context, targets);
  const results: (Report | ErrorObject)[] = [];
  const codes: ExitCode[] = [];
  const isList = context.operands[0] === "-";
  for (const plan of planned) {
    const result = await auditOne(plan, { review, judge }, context, !isList);
    results.push(result.value);
    codes.push(result.code);
  }
  context.signal.throwIfAborted();
  for (const { format, path } of output.files) writeWhole(path, context.cwd, await renderAll(results, isList, format, context, false));
  if (output.stdout !== null) await context.stdout.write(await renderAll(results, isList, output.stdout, context, true));
  return worstOf(codes);
}

interface AuditResult {
  readonly value: Report | ErrorObject;
  readonly code: ExitCode;
}

/** What the reader brings along: decisions about findings, and a policy. */
interface Opinions {
  readonly review: Review;
  readonly judge: Awaited<ReturnType<typeof policyFrom>>;
}

function withPolicy({ evidence, ...report }: Report, policy: PolicyReport): Report {
  return { ...report, policy, evidence };
}

/** One release. Alone, its failure is the command's; in a list, the others still get their turn. */
async function auditOne(plan: PlannedAudit, { review, judge }: Opinions, context: CommandContext, alone: boolean): Promise<AuditResult> {
  const { options, env, stderr, signal } = context;
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const audited = await plan.run(progress.show);
    signal.throwIfAborted();
    progress.end();
    const reviewed = await review(audited);
    const policy = await judge?.(reviewed);
    const report = policy === undefined ? reviewed : withPolicy(reviewed, policy);
    return { value: report, code: worstOf([exitCodeOf(report, options.text("fail-on") ?? "critical"), exitCodeOfPolicy(policy)]) };
  } catch (failure) {
    progress.end();
    if (alone || signal.aborted) throw failure;
    const code = await reportFailure(failure, { ...context, json: false });
    return { value: errorObject(asAjarError(failure, false)), code };
  } finally {
    progress.end();
  }
}

async function renderAll(
  results: readonly (Report | ErrorObject)[],
  isList: boolean,
  format: Format,
  context: CommandContext,
  toStdout: boolean,
): Promise<string> {
  if (isList && format === "json") {
    const { toJson, withSchema } = await import("../../reports/json.ts");
    return toJson(results.map((result) => ("error" in result ? result : withSchema(result))));
  }
  const reports = results.filter((result): result is Report => !("error" in result));
  const [only] = reports;
  if (isList) return renderAs(format, reports, context, toStdout);
  if (only === undefined) throw new AjarError("BUG", "an audit gave no report");
  return renderAs(format, [only], context, toStdout);
}
