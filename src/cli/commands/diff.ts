import { diffReports } from "../../comparison/diff.ts";
import { AjarError, EXIT, type ExitCode } from "../../core/errors.ts";
import { differenceJson, differenceMarkdown, differenceTable } from "../../reports/differences.ts";
import type { CommandContext } from "../command.ts";
import { optionsFor } from "../render-as.ts";
import { savedReports } from "../saved.ts";

/** `ajar diff OLD NEW`: what changed between two saved reports. @throws AjarError BAD_OPTION | BAD_REPORT */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, stdout } = context;
  const [old = "", latest = ""] = operands;
  if (old === "-" && latest === "-") {
    throw new AjarError("BAD_OPTION", "standard input holds one report", { subject: "-", hint: "Name a file for one of the two." });
  }
  const [[before], [after]] = [await savedReports(old, context), await savedReports(latest, context)];
  const difference = diffReports(before, after);
  const format = options.text("format") ?? "table";
  const render = format === "json" ? differenceJson : format === "markdown" ? differenceMarkdown : differenceTable;
  await stdout.write(render(difference, optionsFor(context, true)));
  const isWorse = difference.changes.some(({ direction }) => direction === "worse");
  const failOn = options.text("fail-on");
  if ((failOn === "worse" && isWorse) || (failOn === "changed" && difference.changes.length > 0)) return EXIT.policy;
  return after.coverage.complete ? EXIT.ok : EXIT.incomplete;
}
