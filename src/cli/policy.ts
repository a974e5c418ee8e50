// `--policy` of audit and use: read and compiled before the work starts, applied to the report, exit 1 where it denies.
import { EXIT, type ExitCode } from "../core/errors.ts";
import type { PolicyReport, Report } from "../core/report.ts";
import { USES } from "../core/terms.ts";
import type { Asked } from "../core/use.ts";
import { termsOf } from "../licenses/terms/terms.ts";
import { text } from "../reports/messages.ts";
import { answerUse, type Decisions } from "../use/use.ts";
import type { CommandContext } from "./command.ts";
import { dayOf } from "./review.ts";
import { readTrusted } from "./trusted-file.ts";

/** What was asked beside the policy; an audit asks nothing. */
interface Question {
  readonly asked: Asked;
  readonly decisions: Decisions;
}

type Judge = (report: Report, question?: Question) => Promise<PolicyReport>;

/** Null without `--policy`: nothing of it is even loaded. @throws AjarError BAD_CONFIG | BAD_OPTION */
export async function policyFrom(context: CommandContext, targets: readonly string[]): Promise<Judge | null> {
  const file = context.options.text("policy");
  if (file === undefined) return null;
  const { readPolicy, judge } = await import("../policy/policy.ts");
  const { viewOf } = await import("../policy/view.ts");
  const policy = readPolicy(await readTrusted("policy", file, context, targets), file);
  const today = dayOf(context);
  const plain: Question = { asked: { uses: USES, asOf: today }, decisions: { holding: [], expired: [] } };
  return async (report, { asked, decisions } = plain) => {
    const every = answerUse(report, { ...asked, uses: USES }, termsOf, decisions);
    const judged = judge(policy, viewOf(report, { ...every, asked }, termsOf), report.target, today);
    for (const { rule, by, until } of judged.expired) {
      await context.stderr.write(`ajar: ${text({ id: "policy.expired", args: { rule, by, until } }, context.language)}\n`);
    }
    return judged.report;
  };
}

/** 1 when a policy denies, 3 when it sends to review, else 0. */
export function exitCodeOfPolicy(policy: PolicyReport | undefined): ExitCode {
  if (policy?.result === "deny") return EXIT.policy;
  return policy?.result === "review" ? EXIT.incomplete : EXIT.ok;
}
