import { matrixOf } from "../../comparison/matrix.ts";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import type { Report } from "../../core/report.ts";
import { MATRIX_FORMATS, renderMatrix } from "../../reports/matrix.ts";
import type { CommandContext } from "../command.ts";
import { checkWritable, writeWhole } from "../output.ts";
import { optionsFor } from "../render-as.ts";
import { savedReports } from "../saved.ts";

/** `ajar compare A B C…`: saved reports side by side. @throws AjarError BAD_REPORT | OUTPUT_UNWRITABLE */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, cwd, stdout } = context;
  const file = options.list("output").at(-1);
  if (file !== undefined) checkWritable(file, cwd);
  const reports: Report[] = [];
  for (const operand of operands) reports.push(...(await savedReports(operand, context)));
  const format = MATRIX_FORMATS.find((id) => id === options.text("format")) ?? formatOf(file) ?? "table";
  const text = renderMatrix(matrixOf(reports), format, optionsFor(context, file === undefined));
  if (file === undefined) await stdout.write(text);
  else writeWhole(file, cwd, text);
  return reports.every(({ coverage }) => coverage.complete) ? EXIT.ok : EXIT.incomplete;
}

const ENDINGS: Readonly<Record<string, (typeof MATRIX_FORMATS)[number]>> = { csv: "csv", html: "html", json: "json", md: "markdown" };

function formatOf(file: string | undefined): (typeof MATRIX_FORMATS)[number] | undefined {
  return ENDINGS[/\.([a-z]+)$/iu.exec(file ?? "")?.[1]?.toLowerCase() ?? ""];
}
