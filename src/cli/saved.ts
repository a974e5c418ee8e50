import type { Report } from "../core/report.ts";
import { MAX_REPORT_BYTES, readReports } from "../reports/read-report.ts";
import type { CommandContext } from "./command.ts";
import { type InputRules, readInput } from "./input.ts";

const INPUT: InputRules = {
  limitBytes: MAX_REPORT_BYTES,
  hints: {
    folder: "Name the report in it, or run ajar audit on the folder.",
    large: "This is not a report of one release.",
    missing: "Check the name; ajar audit TARGET -f json writes a report.",
  },
};

/** The reports in a file that `ajar audit -f json` wrote, or on standard input for `-`. @throws AjarError BAD_REPORT | NOT_FOUND | UNREADABLE */
export async function savedReports(file: string, context: CommandContext): Promise<readonly [Report, ...Report[]]> {
  return readReports(await readSaved(file, context), file);
}

/** The text of such a file, unread. @throws AjarError NOT_FOUND | UNREADABLE | OVER_LIMIT */
export function readSaved(file: string, context: Pick<CommandContext, "cwd" | "readStdin">): Promise<string> {
  return readInput(file, context, INPUT);
}
