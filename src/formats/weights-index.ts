// `*.index.json`: which shard holds which tensor (safetensors and PyTorch shards alike).
import { AjarError } from "../core/errors.ts";
import { isJsonObject, type JsonObject, parseJson } from "./json-reader.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";

export interface WeightsIndex {
  /** Tensor name -> file, beside the index. */
  readonly files: ReadonlyMap<string, string>;
  /** Bytes of all tensors as stated, null when not. */
  readonly totalBytes: number | null;
  readonly problems: readonly FormatProblem[];
}

/** An index of a million tensors takes about 100 MB of text; none comes near. */
const MAX_TEXT = 64 * 1024 * 1024;

/** Parses an index. Files that leave the folder are problems and are left out. @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | TRUNCATED */
export function parseWeightsIndex(text: string): WeightsIndex {
  if (text.length > MAX_TEXT) throw new AjarError("OVER_LIMIT", `index of ${text.length} characters is over the limit of ${MAX_TEXT}`);
  const problems = new ProblemList();
  const value = parseJson(text, { onDuplicate: (key, offset) => problems.add("index.duplicate-key", offset, { key }) });
  const map = isJsonObject(value) ? value.get("weight_map") : undefined;
  if (!isJsonObject(value) || !isJsonObject(map)) throw new AjarError("NOT_THIS_FORMAT", "index has no weight_map", { offset: 0 });
  return { files: filesOf(map, problems), totalBytes: totalOf(value), problems: problems.list };
}

function filesOf(map: JsonObject, problems: ProblemList): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [tensor, file] of map) {
    if (typeof file !== "string" || !staysInside(file)) problems.add("index.unsafe-file", 0, { tensor, file: String(file).slice(0, 200) });
    else files.set(tensor, file);
  }
  return files;
}

function staysInside(file: string): boolean {
  return file !== "" && !/^[/\\]|^[A-Za-z]:|\0/u.test(file) && !file.split(/[/\\]/u).includes("..");
}

function totalOf(value: JsonObject): number | null {
  const metadata = value.get("metadata");
  const total = isJsonObject(metadata) ? metadata.get("total_size") : undefined;
  return typeof total === "number" && Number.isSafeInteger(total) && total >= 0 ? total : null;
}
