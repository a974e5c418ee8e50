// `--baseline` and `--ignore-file` of an audit: files are read before the work starts, and applied after it.
import { AjarError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { text } from "../reports/messages.ts";
import type { CommandContext } from "./command.ts";
import { type InputRules, readInput } from "./input.ts";

const INPUT: InputRules = {
  limitBytes: 1024 ** 2,
  hints: { folder: "Name the YAML file.", large: "This is not an ignore file.", missing: "Check the name. docs/review.md has the form." },
};

/** Marks the findings of a report, and tells of decisions that ran out. */
export type Review = (report: Report) => Promise<Report>;

/** Reads what the command line names. @throws AjarError BAD_CONFIG | BAD_REPORT | BAD_OPTION */
export async function reviewFrom(context: CommandContext): Promise<Review> {
  const { options } = context;
  const baselineFile = options.text("baseline");
  const ignoreFile = options.text("ignore-file");
  if (baselineFile === undefined && ignoreFile === undefined) return async (report) => report;
  // Checking a saved report's shape takes a library as large as the audit: loaded only where a report is named.
  const { savedReports } = await import("./saved.ts");
  const baseline = baselineFile === undefined ? null : (await savedReports(baselineFile, context))[0];
  const { setAside } = await import("../review/set-aside.ts");
  const { readSuppressions } = await import("../review/suppressions.ts");
  const suppressions = ignoreFile === undefined ? [] : readSuppressions(await readInput(ignoreFile, context, INPUT), ignoreFile);
  const today = dayOf(context);
  return async (report) => {
    const reviewed = setAside(report, baseline, suppressions, today);
    for (const { id, until, by } of reviewed.expired) await warn("review.expired", { id, until, by }, context);
    for (const { id } of reviewed.unused) await warn("review.unused", { id }, context);
    return reviewed.report;
  };
}

async function warn(id: string, args: Record<string, string>, { stderr, language }: CommandContext): Promise<void> {
  await stderr.write(`ajar: ${text({ id, args }, language)}\n`);
}

/** The day that decisions are held against: `--as-of`, else today in UTC. */
export function dayOf({ options, now }: Pick<CommandContext, "options" | "now">): string {
  const asked = options.text("as-of");
  if (asked === undefined) return now().toISOString().slice(0, 10);
  if (/^\d{4}-\d{2}-\d{2}$/u.test(asked) && !Number.isNaN(Date.parse(asked))) return asked;
  throw new AjarError("BAD_OPTION", "is not a day", { subject: `--as-of ${asked}`, hint: "Write it as YYYY-MM-DD." });
}
