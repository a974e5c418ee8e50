import { recheck } from "../../audit/recheck.ts";
import { cellsByEvidence } from "../../comparison/cells.ts";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import { type RecheckView, recheckJson, recheckTable } from "../../reports/recheck.ts";
import type { CommandContext } from "../command.ts";
import { startProgress } from "../progress.ts";
import { optionsFor } from "../render-as.ts";
import { sourceContext } from "../requests.ts";
import { savedReports } from "../saved.ts";

/** `ajar recheck REPORT`: is each piece of evidence still there, unchanged? @throws AjarError BAD_REPORT */
export async function run(context: CommandContext): Promise<ExitCode> {
  const { operands, options, stderr, stdout } = context;
  const [report] = await savedReports(operands[0] ?? "-", context);
  const progress = startProgress(stderr, options.flag("progress") !== false);
  try {
    const { items, unreachable } = await recheck(report, sourceContext(context, progress.show));
    const cells = cellsByEvidence(report);
    const view: RecheckView = {
      target: report.target.ref,
      items: items.map(({ evidence, state }) => ({ evidence, state, cells: cells.get(evidence.id) ?? [] })),
      unreachable,
    };
    progress.end();
    await stdout.write(options.text("format") === "json" ? recheckJson(view) : recheckTable(view, optionsFor(context, true)));
    return exitCode(view);
  } finally {
    progress.end();
  }
}

/** 1: some evidence no longer stands. 3: some could not be looked at. */
function exitCode({ items }: RecheckView): ExitCode {
  if (items.some(({ state }) => state === "gone" || state === "changed" || state === "search-again")) return EXIT.policy;
  return items.some(({ state }) => state === "unknown") ? EXIT.incomplete : EXIT.ok;
}
