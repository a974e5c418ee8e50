import { EXIT, type ExitCode } from "../../core/errors.ts";
import { MAX_REPORT_BYTES, readReports } from "../../reports/read-report.ts";
import type { CommandContext } from "../command.ts";
import { type InputRules, readInput } from "../input.ts";
import { checkWritable, planOutput, writeWhole } from "../output.ts";
import { renderAs } from "../render-as.ts";

const INPUT: InputRules = {
  limitBytes: MAX_REPORT_BYTES,
  hints: {
    folder: "Name the report in it, or run ajar audit on the folder.",
    large: "This is not a report of one release.",
    missing: "Check the name, or pipe the report in: ajar audit TARGET -f json | ajar report - -f html",
  },
};

/** `ajar report FILE`: a saved report in other formats; nothing is audited again. @throws AjarError BAD_REPORT | OUTPUT_UNWRITABLE */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, operands, cwd, stdout } = context;
  const output = planOutput(options.text("format"), options.list("output"));
  for (const file of output.files) checkWritable(file.path, cwd);
  const file = operands[0] ?? "-";
  const reports = readReports(await readInput(file, context, INPUT), file);
  const files: { readonly path: string; readonly text: string }[] = [];
  for (const { format, path } of output.files) files.push({ path, text: await renderAs(format, reports, context, false) });
  for (const { path, text } of files) writeWhole(path, cwd, text);
  if (output.stdout !== null) await stdout.write(await renderAs(output.stdout, reports, context, true));
  return EXIT.ok;
}
