// torch.save before 1.6, and with _use_new_zipfile_serialization=False (torch/serialization.py, _legacy_save): five pickles
// (magic number, protocol, system, object, keys of storages), then each storage as its length and its bytes.
import type { FormatReading, SafetyHit, ScannedTensor } from "../../core/scan.ts";
import { FULL, worstCoverage } from "../combine.ts";
import { pickleReading } from "../pickle/reading.ts";
import { scanRest } from "../pickle/sequence.ts";
import { type PickleRun, PickleSession } from "../pickle/session.ts";
import { isLegacyTorch, type LegacyStorages, readStorages } from "../pickle/torch-legacy.ts";
import { storedTensors } from "../pickle/torch-list.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const PICKLES = 5;

export const scanner: Scanner = {
  id: "pytorch-legacy",
  risk: "executes-by-design",
  claims: ({ head }) => isLegacyTorch(head),
  async scan(reader, context): Promise<FormatReading> {
    const session = new PickleSession(reader, context);
    const runs: PickleRun[] = [];
    const texts: { readonly kind: number; readonly ref: number }[] = [];
    let at = 0;
    for (let count = 0; count < PICKLES && at < reader.sizeBytes; count += 1) {
      const run = await session.run(at, count === PICKLES - 1 ? { texts } : {});
      runs.push(run);
      at = run.end;
      if (run.state !== "stopped") break;
    }
    const reading = await pickleReading("pytorch-legacy", session, {
      runs,
      count: runs.length,
      hits: runs.flatMap(({ hits }) => hits),
      coverage: worstCoverage(runs.map(({ coverage }) => coverage)),
    });
    const isWhole = runs.length === PICKLES && runs.at(-1)?.state === "stopped";
    const storages = isWhole ? await readStorages(session, at, texts, runs[3]) : null;
    const rest = await scanRest(session, storages?.end ?? at, context, isWhole);
    const missing =
      runs.length < PICKLES ? ({ state: "partial", code: "truncated", detail: "storages are missing", offset: at } as const) : FULL;
    return {
      ...reading,
      coverage: worstCoverage([reading.coverage, missing, rest.coverage, storages?.coverage ?? FULL]),
      hits: [...reading.hits, ...rest.hits, ...(storages === null ? [] : outside(reading.tensors, storages))],
      tensors: reading.tensors.map((tensor) => inFile(tensor, storages)),
    };
  },
};

/** Places counted from the start of the file. */
function inFile(tensor: ScannedTensor, storages: LegacyStorages | null): ScannedTensor {
  const { member = "", place, parts, ...rest } = tensor;
  const storage = storages?.byKey.get(member);
  const moved = storage === undefined || place === null ? null : { start: storage.start + place.start, end: storage.start + place.end };
  return { ...rest, place: moved, ...(parts === undefined ? {} : { parts: parts.map((part) => inFile(part, storages)) }) };
}

function outside(tensors: readonly ScannedTensor[], storages: LegacyStorages): readonly SafetyHit[] {
  return storedTensors(tensors).flatMap(({ name, member = "", place }) => {
    const storage = storages.byKey.get(member);
    if (storage !== undefined && place !== null && storage.start + place.end <= storage.end) return [];
    const at = storage?.start ?? storages.end;
    return [hitOf("PT01", { start: at, end: storage?.end ?? at, args: { tensor: name }, quote: name })];
  });
}
