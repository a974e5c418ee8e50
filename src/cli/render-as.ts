import type { Report } from "../core/report.ts";
import { renderReports } from "../reports/render-report.ts";
import type { ReportOptions } from "../reports/report-options.ts";
import type { CommandContext } from "./command.ts";
import type { Format } from "./output.ts";
import { columnsOf, wantsColor } from "./terminal.ts";

/** Reports in one format; files get neither colour nor the terminal's width, so that they are the same everywhere. */
export async function renderAs(format: Format, reports: readonly Report[], context: CommandContext, toStdout: boolean): Promise<string> {
  return renderReports(reports, format, optionsFor(context, toStdout));
}

/** How a command's output is rendered for its reader. */
export function optionsFor(context: CommandContext, toStdout: boolean): ReportOptions {
  return {
    language: context.language,
    showSetAside: context.options.flag("show-suppressed") === true,
    verbose: context.options.flag("verbose") === true,
    color: toStdout && wantsColor(context, context.stdout),
    ...createdFrom(context.env["SOURCE_DATE_EPOCH"]),
    width: columnsOf(toStdout ? context.stdout : { ...context.stdout, isTTY: false }),
  };
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function createdFrom(epoch: string | undefined): Pick<ReportOptions, "created"> | undefined {
  if (epoch === undefined || !/^\d{1,11}$/u.test(epoch)) return undefined;
  return { created: new Date(Number(epoch) * 1000).toISOString().replace(/\.\d+Z$/u, "Z") };
}
