// JSON configurations that name code or templates: `auto_map` and `trust_remote_code` (RP01), chat templates (JJ).
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { isJsonArray, isJsonObject, JsonReader, type JsonValue } from "../../formats/json-reader.ts";
import { FULL } from "../combine.ts";
import { judgeTemplate } from "../jinja/judge.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";

const MAX_HITS = 1000;
const NAME =
  /(?:^|[/!])(?:config|tokenizer_config|chat_template|processor_config|preprocessor_config|generation_config|image_processor_config)\.json$/iu;
const WORDS = /"(?:auto_map|trust_remote_code|chat_template)"/u;
/** As tokenizer.json, which is larger and holds neither. */
const MAX_BYTES = 64 * 1024 * 1024;

function isConfig({ path, head }: FileView): boolean {
  const start = head.findIndex((byte) => byte > 0x20);
  return (
    head[start] === 0x7b && (NAME.test(path) || WORDS.test(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1")))
  );
}

export const scanner: Scanner = {
  id: "model-config",
  risk: "may-execute",
  quiet: true,
  claims: isConfig,
  async scan(reader, { path }): Promise<FormatReading> {
    if (reader.sizeBytes > MAX_BYTES) throw new AjarError("OVER_LIMIT", "a configuration of more than 64 MiB", { offset: 0 });
    const text = new TextDecoder().decode(await reader.read(0, reader.sizeBytes));
    const json = new JsonReader(text, { nonFinite: true });
    const value = json.value();
    json.end();
    const name = path.slice(path.lastIndexOf("/") + 1);
    const hits = isJsonObject(value) ? [...codeHits(value, text), ...templateHits(value, text, name)] : [];
    return {
      format: "json",
      risk: hits.length > 0 ? "may-execute" : "cannot-execute",
      coverage: FULL,
      hits,
      tensors: [],
      parameters: null,
      metadata: new Map(),
    };
  },
};

/** Bytes of a key's line in the file: where a person finds it. */
function placeOf(text: string, key: string): { readonly start: number; readonly end: number } {
  const at = Math.max(0, text.indexOf(`"${key}"`));
  const start = Buffer.byteLength(text.slice(0, at));
  return { start, end: start + key.length + 2 };
}

/** `Class` of a file here, or `owner/name--file.Class` of another repository (transformers, dynamic_module_utils.py). */
function codeHits(config: ReadonlyMap<string, JsonValue>, text: string): readonly SafetyHit[] {
  const hits: SafetyHit[] = [];
  const map = config.get("auto_map");
  const values = isJsonObject(map) ? [...map.values()].flatMap((value) => (isJsonArray(value) ? value : [value])) : [];
  const mapPlace = placeOf(text, "auto_map");
  for (const value of new Set(values)) {
    if (typeof value !== "string" || value === "" || hits.length >= MAX_HITS) continue;
    const [repository, code] = value.includes("--") ? value.split("--", 2) : [null, value];
    const place = { ...mapPlace, args: { code: code ?? value, repository: repository ?? "" }, quote: value };
    hits.push(hitOf("RP01", repository === null ? place : { ...place, variant: "foreign", severity: "critical" }));
  }
  if (config.get("trust_remote_code") === true) hits.push(hitOf("RP01", { ...placeOf(text, "trust_remote_code"), variant: "trust" }));
  return hits;
}

/** One template, or several by name. */
function templateHits(config: ReadonlyMap<string, JsonValue>, text: string, file: string): readonly SafetyHit[] {
  const template = config.get("chat_template");
  const named: (readonly [string, string])[] = [];
  if (typeof template === "string") named.push([file, template]);
  if (isJsonObject(template)) for (const [name, source] of template) if (typeof source === "string") named.push([name, source]);
  for (const entry of isJsonArray(template) ? template : []) {
    const [name, source] = isJsonObject(entry) ? [entry.get("name"), entry.get("template")] : [];
    if (typeof source === "string") named.push([String(name), source]);
  }
  const place = placeOf(text, "chat_template");
  return named.flatMap(([name, source]) => judgeTemplate(source, { ...place, name }));
}
