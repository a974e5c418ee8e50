// Few data are measured in this thread. Loaded only then: where threads measure, this one needs neither patterns nor languages.
import { AjarError } from "../../core/errors.ts";
import { Measurer } from "../../dataset/measure.ts";
import { measureShare, type ShareOutcome } from "../../dataset/measure-file.ts";
import type { Tally } from "../../dataset/tally.ts";
import type { DataOptions, OpenedData } from "./measure.ts";
import { dataPatterns } from "./patterns.ts";

/** @throws AjarError INTERRUPTED */
export async function measureHere(
  files: readonly OpenedData[],
  results: ShareOutcome[][],
  tally: Tally,
  options: DataOptions,
): Promise<void> {
  const measurer = new Measurer(tally, { patterns: dataPatterns(), overlap: options.overlap });
  for (const [at, { reader, name, entry, opened, plan }] of files.entries()) {
    for (const [index, share] of plan.shares.entries()) {
      if (options.signal.aborted) throw new AjarError("INTERRUPTED", "the audit was interrupted");
      options.progress(`reading ${entry.path} (${index + 1}/${plan.shares.length})`);
      if (opened === null) continue;
      const outcome = await measureShare(reader, name, entry, opened, share, measurer);
      results[at]?.splice(index, 1, outcome);
    }
  }
}
