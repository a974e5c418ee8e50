// The tensors of each file, by the same readers that scan for hazards. Headers only; weights are not touched here.
import { AjarError } from "../core/errors.ts";
import type { FileReference, FileScan, FormatReading } from "../core/scan.ts";
import type { ByteReader, Source, SourceEntry } from "../core/source.ts";
import { PrefixReader } from "../formats/prefix-reader.ts";
import { scanFile } from "../safety/dispatch.ts";
import { planTensors, type TensorPlan } from "./planned.ts";

export interface WeightFile {
  readonly path: string;
  readonly format: string;
  /** All of it was understood. */
  readonly isWhole: boolean;
  readonly plan: TensorPlan;
}

export interface WeightFiles {
  /** Files that hold or describe tensors, in the order of the listing. */
  readonly files: readonly WeightFile[];
  /** Files that say which others belong to one model: path -> what they name. */
  readonly indexes: ReadonlyMap<string, readonly FileReference[]>;
}

/** Enough to tell text from anything that holds tensors. */
const PROBE_BYTES = 512;
const INDEX = /\.index\.json$/iu;

/** Reads the headers of all readable entries. A file that cannot be read has no tensors here; hashing it will say why. */
export async function readWeights(source: Source, entries: readonly SourceEntry[], signal: AbortSignal): Promise<WeightFiles> {
  const files: WeightFile[] = [];
  const indexes = new Map<string, readonly FileReference[]>();
  for (const entry of entries) {
    const scan = await scanned(source, entry, signal);
    if (scan === null) continue;
    const reading = bestOf(scan);
    if (reading === null) continue;
    if (reading.format === "weights-index") indexes.set(entry.path, reading.references ?? []);
    if (reading.tensors.length === 0) continue;
    const isWhole = reading.coverage.state === "full";
    files.push({ path: entry.path, format: reading.format, isWhole, plan: planTensors(reading, scan.sizeBytes) });
  }
  return { files, indexes };
}

/** The reading that understood most and knows tensors. */
function bestOf({ readings }: FileScan): FormatReading | null {
  return readings.find(({ tensors, format }) => tensors.length > 0 || format === "weights-index") ?? null;
}

async function scanned(source: Source, entry: SourceEntry, signal: AbortSignal): Promise<FileScan | null> {
  const { path, sizeBytes, content } = entry;
  if (content !== "readable" || sizeBytes === null || sizeBytes === 0) return null;
  const reader = new PrefixReader(entryReader(source, path, sizeBytes));
  try {
    if (!INDEX.test(path) && isText((await reader.prefix()).subarray(0, PROBE_BYTES))) return null;
    return await scanFile(path, reader, { effort: "ranges", strict: false, signal, tensorsOnly: true });
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED" && error.code !== "BUG") return null;
    throw error;
  }
}

/** An entry of a source as a file. */
export function entryReader(source: Source, path: string, sizeBytes: number): ByteReader {
  return { sizeBytes, read: (start, length) => source.read(path, { start, length }) };
}

/** No format that holds tensors begins with printable characters alone. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);
}
