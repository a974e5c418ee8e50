// What the host says of a repository, cut down to what only a change of the repository changes:
// two audits of one commit must give the same bytes, so likes, downloads and dates stay out.
import { compareText } from "../core/text.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Front matter is a few levels deep; deeper nesting is somebody's joke. */
const MAX_DEPTH = 32;
/** Tags that speak of the host's services and not of the repository. */
const SERVICE_TAG = /^(?:region:|deploy:|inference(?:$|-)|text-(?:generation|embeddings)-inference$|(?:endpoints|autotrain)_compatible$)/u;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
}

export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The record as UTF-8 JSON, keys sorted, one line per value. */
export function stableRecord(info: JsonObject, kind: string, refs: unknown = null): Uint8Array {
  const card = asObject(info["cardData"]);
  const tags = Array.isArray(info["tags"]) ? info["tags"].filter((tag): tag is string => typeof tag === "string") : [];
  const record = {
    kind,
    id: info["id"],
    sha: info["sha"],
    author: info["author"],
    gated: info["gated"] ?? false,
    private: info["private"] ?? false,
    disabled: info["disabled"] ?? false,
    libraryName: info["library_name"],
    pipelineTag: info["pipeline_tag"],
    license: card?.["license"] ?? tags.find((tag) => tag.startsWith("license:"))?.slice("license:".length),
    baseModels: baseModels(info["baseModels"]),
    safetensors: parameterTotal(info["safetensors"]),
    gguf: parameterTotal(info["gguf"]),
    tags: [...new Set(tags.filter((tag) => !SERVICE_TAG.test(tag)))].sort(compareText),
    cardData: card ?? undefined,
    refs: refs ?? undefined,
  };
  return jsonBytes(record);
}

/** Any JSON value as UTF-8 text with sorted keys. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(sorted(value, 0), null, 2)}\n`);
}

function sorted(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  // A Map and fromEntries: a hostile `__proto__` key stays a plain key.
  const pairs = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(pairs.map(([key, item]) => [key, sorted(item, depth + 1)]));
}

/** Parameters as the host counted them in the files of this commit. */
function parameterTotal(value: unknown): { readonly total: number } | undefined {
  const total = asObject(value)?.["total"];
  return typeof total === "number" && Number.isSafeInteger(total) && total > 0 ? { total } : undefined;
}

function baseModels(value: unknown): unknown {
  const stated = asObject(value);
  if (stated === null) return undefined;
  const models = Array.isArray(stated["models"]) ? stated["models"] : [];
  const ids = models.map((model) => asText(asObject(model)?.["id"])).filter((id) => id !== null);
  return { relation: stated["relation"], models: ids.sort(compareText) };
}
