// The data of a release inside an audit: each part measured while its source is open, all parts reported together.
import { availableParallelism } from "node:os";
import type { DataReport } from "../../core/dataset.ts";
import type { SourceInventory } from "../../core/inventory.ts";
import type { Source, SourceContext } from "../../core/source.ts";
import type { Rows } from "../../dataset/plan.ts";
import { dataReport, type FileOutcome } from "../../dataset/result.ts";
import { Tally, type TallyParts } from "../../dataset/tally.ts";
import { type Digests, describedDigests } from "./croissant.ts";
import { measureSource } from "./measure.ts";
import { patternIds, ruleInfos } from "./rule-infos.ts";

export interface PartData {
  readonly tally: TallyParts;
  readonly outcomes: readonly FileOutcome[];
  readonly digests: Digests;
}

const MAX_THREADS = 8;

/** @throws AjarError INTERRUPTED, and what listing throws */
export async function measurePart(
  source: Source,
  inventory: SourceInventory,
  rows: Rows,
  { signal, progress }: SourceContext,
): Promise<PartData> {
  const threads = Math.min(MAX_THREADS, availableParallelism());
  const { tally, outcomes } = await measureSource(source, { rows, threads, overlap: null, signal, progress });
  return { tally: tally.parts(), outcomes, digests: await describedDigests(source, inventory, signal) };
}

export function releaseData(parts: readonly PartData[], mode: Rows): DataReport {
  const tally = new Tally();
  for (const part of parts) tally.merge(part.tally);
  return dataReport(tally, {
    mode,
    outcomes: parts.flatMap(({ outcomes }) => outcomes),
    looked: patternIds(),
    overlap: null,
    infos: ruleInfos(),
  });
}
