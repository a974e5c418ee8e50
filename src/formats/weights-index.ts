// `*.index.json`: which shard holds which tensor (safetensors and PyTorch shards alike).
import { AjarError } from "../core/errors.ts";
import { isJsonObject, type JsonObject, parseJson } from "./json-reader.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";

export interface WeightsIndex {
  /** Tensor name -> file, beside the index. */
  readonly files: ReadonlyMap<string, string>;
  /** Tensors whose file is none of the folder, with that file; the first of them. */
  readonly unsafe: readonly (readonly [tensor: string, file: string])[];
  /** Tensors that the index places, in whatever file. */
  readonly tensors: number;
  /** Bytes of all tensors as stated, null when not. */
  readonly totalBytes: number | null;
  readonly problems: readonly FormatProblem[];
}

/** An index of a million tensors takes about 100 MB of text; none comes near. */
const MAX_TEXT = 64 * 1024 * 1024;
/** More of the same tells the reader nothing. */
const MAX_UNSAFE = 100;

/** Parses an index. Files that leave the folder are problems and are left out. @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | TRUNCATED */
export function parseWeightsIndex(text: string): WeightsIndex {
  if (text.length > MAX_TEXT) throw new AjarError("OVER_LIMIT", `index of ${text.length} characters is over the limit of ${MAX_TEXT}`);
  const problems = new ProblemList();
  const value = parseJson(text, { onDuplicate: (key, offset) => problems.add("index.duplicate-key", offset, { key }) });
  const map = isJsonObject(value) ? value.get("weight_map") : undefined;
  if (!isJsonObject(value) || !isJsonObject(map)) throw new AjarError("NOT_THIS_FORMAT", "index has no weight_map", { offset: 0 });
  const files = new Map<string, string>();
  const unsafe: (readonly [string, string])[] = [];
  // Neighbours lie in the same file: its name is checked once, and kept once.
  let known: string | null = null;
  for (const [tensor, file] of map) {
    if (typeof file === "string" && (file === known || staysInside(file))) {
      known = file === known ? known : file;
      files.set(tensor, known);
      continue;
    }
    problems.add("index.unsafe-file", 0, { tensor, file: String(file).slice(0, 200) });
    if (unsafe.length < MAX_UNSAFE) unsafe.push([tensor, String(file)]);
  }
  return { files, unsafe, tensors: map.size, totalBytes: totalOf(value), problems: problems.list };
}

function staysInside(file: string): boolean {
  return file !== "" && !/^[/\\]|^[A-Za-z]:|\0/u.test(file) && !file.split(/[/\\]/u).includes("..");
}

function totalOf(value: JsonObject): number | null {
  const metadata = value.get("metadata");
  const total = isJsonObject(metadata) ? metadata.get("total_size") : undefined;
  return typeof total === "number" && Number.isSafeInteger(total) && total >= 0 ? total : null;
}
