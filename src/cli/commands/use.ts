import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import type { PolicyReport } from "../../core/report.ts";
import type { UseReport } from "../../core/use.ts";
import { termsOf } from "../../licenses/terms/terms.ts";
import { answerUse } from "../../use/use.ts";
import { askedFrom } from "../asked.ts";
import type { CommandContext } from "../command.ts";
import { worstOf } from "../exit-code.ts";
import { reportFailure } from "../failure.ts";
import { noticesFrom } from "../notices.ts";
import { checkWritable, type Format, planOutput, writeWhole } from "../output.ts";
import { overridesFrom } from "../overrides.ts";
import { exitCodeOfPolicy, policyFrom } from "../policy.ts";
import { reportFor } from "../release-report.ts";
import { optionsFor } from "../render-as.ts";

/** `ajar use TARGET|REPORT.json`: may somebody do this with the release, by which clauses, and what follows. @throws AjarError */
export async function run(given: CommandContext): Promise<ExitCode> {
  const release = await reportFor(given);
  const { context } = release;
  try {
    return await use(context, release);
  } catch (failure) {
    // JSON may have been asked for in the configuration, which the caller has not read.
    return await reportFailure(failure, { ...context, json: context.options.text("format") === "json" });
  }
}

async function use(context: CommandContext, release: Awaited<ReturnType<typeof reportFor>>): Promise<ExitCode> {
  const { options, cwd } = context;
  const asked = askedFrom(context);
  const output = planOutput(options.text("format"), options.list("output"));
  for (const { format, path } of output.files) {
    checkFormat(format);
    checkWritable(path, cwd);
  }
  const decide = await overridesFrom(context, release.targets);
  const ship = noticesFrom(context);
  const judge = await policyFrom(context, release.targets);
  const report = await release.read();
  const decisions = await decide(report, asked.asOf);
  const policy = await judge?.(report, { asked, decisions });
  const answered = answerUse(report, asked, termsOf, decisions);
  const answer = policy === undefined ? answered : withPolicy(answered, policy);
  context.signal.throwIfAborted();
  const shipped = await ship?.(report, asked, decisions);
  for (const { format, path } of output.files) writeWhole(path, cwd, await render(format, answer, context, false));
  if (output.stdout !== null) await context.stdout.write(await render(output.stdout, answer, context, true));
  const isLacking = shipped !== undefined && !shipped.isWhole;
  return worstOf([exitCodeOfUse(answer), exitCodeOfPolicy(policy), isLacking ? EXIT.incomplete : EXIT.ok]);
}

function withPolicy({ evidence, ...answer }: UseReport, policy: PolicyReport): UseReport {
  return { ...answer, policy, evidence };
}

/** 1 when a use that was asked for is not allowed, 3 when a person must look or the audit is incomplete, else 0. */
function exitCodeOfUse({ answers, coverage }: UseReport): ExitCode {
  if (answers.some(({ answer }) => answer === "not-allowed")) return EXIT.policy;
  return coverage.complete && answers.every(({ answer }) => answer === "allowed") ? EXIT.ok : EXIT.incomplete;
}

function checkFormat(format: Format): void {
  if (format === "table" || format === "json") return;
  throw new AjarError("BAD_OPTION", `an answer is not written as ${format}`, { subject: "--output", hint: "Use table or json." });
}

async function render(format: Format, answer: UseReport, context: CommandContext, toStdout: boolean): Promise<string> {
  checkFormat(format);
  if (format === "json") return (await import("../../reports/use/json.ts")).renderUseJson(answer);
  return (await import("../../reports/use/table.ts")).renderUseTable(answer, optionsFor(context, toStdout));
}
