// Many reports into the catalogue at once. What cannot be read is passed over and counted; what is there already is found again,
// so that an import that was interrupted goes on when it is run again.
import type { Catalogue } from "../../catalogue/store.ts";
import { AjarError, type ErrorCode, EXIT, type ExitCode } from "../../core/errors.ts";
import { toJson } from "../../reports/json.ts";
import { text } from "../../reports/messages.ts";
import { readEachReport } from "../../reports/read-report.ts";
import type { CommandContext } from "../command.ts";
import { failureLine } from "../failure.ts";
import { startProgress } from "../progress.ts";
import { type SavedText, savedTexts } from "./saved-texts.ts";

/** Reports that were passed over and are told one by one; the rest is counted. */
const MOST_TOLD = 20;

interface Tally {
  added: number;
  known: number;
  readonly skipped: Map<ErrorCode, number>;
}

/** `ajar catalogue import PATH…`. Exit code 3 when something was passed over. @throws AjarError BAD_OPTION | NOT_FOUND | INTERRUPTED */
export async function importReports(catalogue: Catalogue, context: CommandContext, paths: readonly string[]): Promise<ExitCode> {
  const tally: Tally = { added: 0, known: 0, skipped: new Map() };
  const progress = startProgress(context.stderr, true);
  try {
    for (const path of paths) {
      for await (const found of savedTexts(path, context)) {
        if (context.signal.aborted) throw new AjarError("INTERRUPTED", "stopped; what was imported stays");
        await importOne(found, catalogue, context, tally);
        progress.show(`${found.place}: ${tally.added} + ${tally.known}`);
      }
    }
  } finally {
    progress.end();
  }
  await tell(tally, context);
  return tally.skipped.size === 0 ? EXIT.ok : EXIT.incomplete;
}

async function importOne(found: SavedText, catalogue: Catalogue, context: CommandContext, tally: Tally): Promise<void> {
  const items = found.json === null ? [found.error] : readEachReport(found.json, found.place);
  for (const item of items) {
    if (item instanceof AjarError) await skip(found.place, item, context, tally);
    else if ((await catalogue.add(item, context.now().toISOString())).isNew) tally.added += 1;
    else tally.known += 1;
  }
}

async function skip(place: string, error: AjarError, context: CommandContext, { skipped }: Tally): Promise<void> {
  if (total(skipped) < MOST_TOLD) await context.stderr.write(await failureLine(error, place, context.language));
  skipped.set(error.code, (skipped.get(error.code) ?? 0) + 1);
}

async function tell({ added, known, skipped }: Tally, { options, stdout, stderr, language }: CommandContext): Promise<void> {
  const args = { added, known, skipped: total(skipped) };
  await stderr.write(`${text({ id: "catalogue.imported", args }, language)}\n`);
  if (total(skipped) > MOST_TOLD)
    await stderr.write(`${text({ id: "catalogue.untold", args: { count: total(skipped) - MOST_TOLD } }, language)}\n`);
  if (options.text("format") === "json") await stdout.write(toJson({ added, known, skipped: Object.fromEntries([...skipped].sort()) }));
}

function total(skipped: ReadonlyMap<ErrorCode, number>): number {
  return [...skipped.values()].reduce((sum, count) => sum + count, 0);
}
