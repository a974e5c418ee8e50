import type { Report } from "../core/report.ts";
import type { CommandContext } from "./command.ts";
import type { Format } from "./output.ts";
import { columnsOf, wantsColor } from "./terminal.ts";

/** A report in one format; files get neither colour nor the terminal's width, so that they are the same everywhere. */
export async function renderAs(format: Format, report: Report, context: CommandContext, toStdout: boolean): Promise<string> {
  const { render } = format === "json" ? await import("../reports/json.ts") : await import("../reports/table.ts");
  return render(report, {
    language: context.language,
    verbose: context.options.flag("verbose") === true,
    color: toStdout && wantsColor(context, context.stdout),
    width: columnsOf(toStdout ? context.stdout : { ...context.stdout, isTTY: false }),
  });
}
