// TensorFlow.js `model.json`: the list of weight files and what they hold (tfjs-core, io/types.ts).
import { AjarError } from "../core/errors.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from "./json-reader.ts";
import { elementsOf } from "./tensor.ts";

export interface TfjsModel {
  /** `layers-model` or `graph-model`; empty when not stated. */
  readonly format: string;
  readonly generatedBy: string;
  readonly convertedBy: string;
  /** Weight files, relative to model.json. */
  readonly files: readonly string[];
  readonly weights: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[];
  readonly parameters: number;
}

const MAX_TEXT = 64 * 1024 * 1024;

/** @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | TRUNCATED */
export function parseTfjsModel(text: string): TfjsModel {
  if (text.length > MAX_TEXT) throw new AjarError("OVER_LIMIT", `model.json of ${text.length} characters is over the limit of ${MAX_TEXT}`);
  const model = parseJson(text);
  const manifest = isJsonObject(model) ? model.get("weightsManifest") : undefined;
  if (!isJsonObject(model) || !isJsonArray(manifest))
    throw new AjarError("NOT_THIS_FORMAT", "model.json has no weightsManifest", { offset: 0 });
  const groups = manifest.filter((group): group is JsonObject => isJsonObject(group));
  const weights = groups.flatMap((group) => itemsOf(group.get("weights")).map(weightOf));
  return {
    format: textOf(model.get("format")),
    generatedBy: textOf(model.get("generatedBy")),
    convertedBy: textOf(model.get("convertedBy")),
    files: groups.flatMap((group) => itemsOf(group.get("paths")).map(textOf)),
    weights,
    parameters: weights.reduce((sum, weight) => sum + elementsOf(weight.shape, 0), 0),
  };
}

function weightOf(value: JsonValue): TfjsModel["weights"][number] {
  const weight = isJsonObject(value) ? value : new Map<string, JsonValue>();
  const shape = itemsOf(weight.get("shape")).map((item) => {
    if (typeof item === "number" && Number.isSafeInteger(item) && item >= 0) return item;
    throw new AjarError("INCONSISTENT", "model.json holds a weight without a shape", { offset: 0 });
  });
  return { name: textOf(weight.get("name")), dtype: textOf(weight.get("dtype")), shape };
}

function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
