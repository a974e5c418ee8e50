// `--overrides` of `ajar use`: read before the work starts, applied to the report, and told where a day has passed.
import type { Report } from "../core/report.ts";
import { text } from "../reports/messages.ts";
import type { Decisions } from "../use/use.ts";
import type { CommandContext } from "./command.ts";
import { readTrusted } from "./trusted-file.ts";

const NONE: Decisions = { holding: [], expired: [] };

/** Reads what the command line names. @throws AjarError BAD_CONFIG | BAD_OPTION */
export async function overridesFrom(
  context: CommandContext,
  targets: readonly string[],
): Promise<(report: Report, today: string) => Promise<Decisions>> {
  const file = context.options.text("overrides");
  if (file === undefined) return async () => NONE;
  const { readOverrides } = await import("../review/overrides.ts");
  const decide = readOverrides(await readTrusted("overrides", file, context, targets), file);
  return async (report, today) => {
    const decisions = decide(report.target.digest, today);
    for (const { id, until, by } of decisions.expired) {
      await context.stderr.write(`ajar: ${text({ id: "uses.expired", args: { id, until, by } }, context.language)}\n`);
    }
    return decisions;
  };
}
