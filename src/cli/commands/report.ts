import { EXIT, type ExitCode } from "../../core/errors.ts";
import type { CommandContext } from "../command.ts";
import { checkWritable, planOutput, writeWhole } from "../output.ts";
import { renderAs } from "../render-as.ts";
import { savedReports } from "../saved.ts";

/** `ajar report FILE`: a saved report in other formats; nothing is audited again. @throws AjarError BAD_REPORT | OUTPUT_UNWRITABLE */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { options, operands, cwd, stdout } = context;
  const output = planOutput(options.text("format"), options.list("output"));
  for (const file of output.files) checkWritable(file.path, cwd);
  const reports = await savedReports(operands[0] ?? "-", context);
  const files: { readonly path: string; readonly text: string }[] = [];
  for (const { format, path } of output.files) files.push({ path, text: await renderAs(format, reports, context, false) });
  for (const { path, text } of files) writeWhole(path, cwd, text);
  if (output.stdout !== null) await stdout.write(await renderAs(output.stdout, reports, context, true));
  return EXIT.ok;
}
