// A sequence of pickles as the reading of a file.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScannedTensor } from "../../core/scan.ts";
import { isRangeEnd } from "../file-reader.ts";
import { hitOf } from "../rules.ts";
import type { PickleSequence } from "./sequence.ts";
import type { PickleSession } from "./session.ts";
import { listTensors, type PlacedTensor, storedTensors } from "./torch-list.ts";

/** Imports named in the metadata; the hits name those that matter. */
const MAX_IMPORTS_NAMED = 50;

/** Facts, hits and tensors of pickles that were run. */
export async function pickleReading(format: string, session: PickleSession, sequence: PickleSequence): Promise<FormatReading> {
  const tensors: PlacedTensor[] = [];
  for (const run of sequence.runs) {
    for (const tensor of await listTensors(session, run).catch(unnamed)) tensors.push(tensor);
  }
  const parameters = tensors.length === 0 ? null : tensors.reduce((sum, { elements }) => sum + elements, 0);
  return {
    format,
    risk: "executes-by-design",
    coverage: sequence.coverage,
    hits: [...sequence.hits, ...wordHits(session, sequence.hits), ...storedTensors(tensors).flatMap(outsideStorage)],
    tensors: tensors.map(plainTensor),
    parameters,
    metadata: metadataOf(sequence),
  };
}

/** Names that lie further back than an audit reads again: the tensors are left out, the scan says that it is partial. */
function unnamed(error: unknown): readonly PlacedTensor[] {
  if (error instanceof AjarError && isRangeEnd(error)) return [];
  throw error;
}

function plainTensor({ elements: _, storageBytes: __, parts, ...tensor }: PlacedTensor): ScannedTensor {
  return parts === undefined ? tensor : { ...tensor, parts: parts.map(plainTensor) };
}

/** What a tensor takes from its storage must be in it, or a loader reads past the end. */
function outsideStorage({ name, place, storageBytes }: PlacedTensor): readonly SafetyHit[] {
  if (place !== null && place.end <= storageBytes) return [];
  return [hitOf("PT01", { start: 0, end: 0, args: { tensor: name }, quote: name })];
}

/** Text that reads like code is worth a look only where nothing graver was found. */
function wordHits(session: PickleSession, hits: readonly SafetyHit[]): readonly SafetyHit[] {
  if (hits.some(({ severity }) => severity === "critical")) return [];
  return session.words.list.map(({ offset, length, quote }) =>
    hitOf("PK14", { start: offset, end: offset + length, args: { words: quote }, quote }),
  );
}

function metadataOf({ runs, count }: PickleSequence): ReadonlyMap<string, string> {
  const protocols = [...new Set(runs.map(({ machine }) => machine.protocol))].sort((a, b) => a - b);
  const imports = [...new Set(runs.flatMap(({ judge, machine }) => judge.names(machine)))].sort();
  const named = imports.slice(0, MAX_IMPORTS_NAMED).join(", ");
  const entries: [string, string][] = [
    ["pickles", String(count)],
    ["protocol", protocols.join(", ")],
    ["imports", imports.length > MAX_IMPORTS_NAMED ? `${named}, … (${imports.length})` : named],
  ];
  return new Map(entries.filter(([, value]) => value !== ""));
}
