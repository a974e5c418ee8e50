// What one file says of others, held against what is there: external weights, shards of an index, parts of a split model.
import type { FileReference, FileScan, FormatReading, SafetyHit } from "../core/scan.ts";
import type { ContentState } from "../core/source.ts";
import { FULL } from "./combine.ts";
import { resolvePath } from "./paths.ts";
import { hitOf } from "./rules.ts";

/** A file of the release as its listing has it, with its scan where it was scanned. */
export interface ListedFile {
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly content: ContentState;
  /** Where a link or a submodule leads. */
  readonly target?: string;
  readonly scan: FileScan | null;
}

/** The rule that judges references, by the format of the file that makes them. */
const RULE: Readonly<Record<string, string>> = {
  onnx: "ON01",
  "weights-index": "IX01",
  gguf: "GG01",
  coreml: "CM01",
  mlpackage: "CM01",
  openvino: "OV01",
};

/** Hits by the path of the file that makes the reference. `listingComplete`: what is not listed is not there. */
export function crossFileHits(files: readonly ListedFile[], listingComplete: boolean): ReadonlyMap<string, readonly SafetyHit[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = foldersOf(files);
  const found = new Map<string, readonly SafetyHit[]>();
  for (const { path, scan } of files) {
    const hits = (scan?.readings ?? []).flatMap((reading) => {
      const rule = RULE[reading.format];
      if (rule === undefined) return [];
      const lookup: Lookup = { from: path, rule, byPath, folders, listingComplete };
      return (reading.references ?? []).flatMap((reference) => hitsOf(reference, lookup));
    });
    if (hits.length > 0) found.set(path, hits);
  }
  return found;
}

/**
 * Files that are nothing but bytes of another: external weights of a model that was understood. By themselves they are
 * unknown content; together with that model they are accounted for. New scans by path.
 */
export function rawWeights(files: readonly ListedFile[]): ReadonlyMap<string, FileScan> {
  const unknown = new Map(files.filter(({ scan }) => scan?.readings.length === 0).map(({ path, scan }) => [path, scan]));
  const raw = new Map<string, FileScan>();
  for (const { path, scan } of files) {
    const understood = (scan?.readings ?? []).filter(({ coverage }) => coverage.state === "full");
    // Only who says how long a file must be reads it as bare bytes.
    for (const reference of understood.flatMap(({ references }) => references ?? []).filter(({ minBytes }) => minBytes !== null)) {
      const target = resolvePath(path, reference.path);
      const bare = target === null ? undefined : unknown.get(target);
      if (target !== null && bare != null && !raw.has(target)) raw.set(target, accountedFor(bare, path));
    }
  }
  return raw;
}

function accountedFor(scan: FileScan, by: string): FileScan {
  const reading: FormatReading = {
    format: "raw-weights",
    risk: "cannot-execute",
    coverage: FULL,
    hits: [],
    tensors: [],
    parameters: null,
    metadata: new Map([["weights-of", by]]),
  };
  return { ...scan, readings: [reading], risk: reading.risk, coverage: FULL };
}

interface Lookup {
  readonly from: string;
  readonly rule: string;
  readonly byPath: ReadonlyMap<string, ListedFile>;
  /** A reference may mean all that is in one. */
  readonly folders: ReadonlySet<string>;
  readonly listingComplete: boolean;
}

function foldersOf(files: readonly ListedFile[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let at = path.lastIndexOf("/"); at > 0 && !folders.has(path.slice(0, at)); at = path.lastIndexOf("/", at - 1))
      folders.add(path.slice(0, at));
  }
  return folders;
}

function hitsOf(reference: FileReference, { from, rule, byPath, folders, listingComplete }: Lookup): readonly SafetyHit[] {
  const { start, end, minBytes, tensors } = reference;
  const place = { start, end, quote: reference.path };
  const file = reference.path.slice(0, 200);
  const path = resolvePath(from, reference.path);
  const target = path === null ? undefined : byPath.get(path);
  if (target === undefined) {
    // Outside the release: the reading itself has said so.
    if (path === null || !listingComplete || folders.has(path)) return [];
    return [hitOf(rule, { ...place, variant: "missing", args: { file }, severity: "low" })];
  }
  if (target.content === "symlink") return [hitOf(rule, { ...place, variant: "symlink", args: { file }, severity: "high" })];
  const hits: SafetyHit[] = [];
  if (minBytes !== null && target.sizeBytes !== null && target.sizeBytes < minBytes) {
    hits.push(hitOf(rule, { ...place, variant: "short", args: { file, bytes: minBytes, size: target.sizeBytes }, severity: "medium" }));
  }
  const lacking = missingTensors(tensors ?? [], target);
  if (lacking.length > 0) {
    const args = { file, tensor: (lacking[0] ?? "").slice(0, 100), count: lacking.length };
    hits.push(hitOf(rule, { ...place, variant: "lacks", args, severity: "medium" }));
  }
  return hits;
}

/** Names that a file, understood in full, does not hold. */
function missingTensors(names: readonly string[], { scan }: ListedFile): readonly string[] {
  const reading = scan?.readings.find(({ coverage, tensors }) => coverage.state === "full" && tensors.length > 0);
  if (reading === undefined || names.length === 0) return [];
  const held = new Set(reading.tensors.map(({ name }) => name));
  return names.filter((name) => !held.has(name));
}
