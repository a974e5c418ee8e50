// Parents that configurations name: what weights were loaded from, adapted to, merged or quantised from.
import type { Relation } from "../../core/chain.ts";
import type { RelationFact } from "../../core/fact.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { Document } from "../../documents/document.ts";
import { readYamlMap, type YamlMap } from "../../documents/front-matter.ts";
import type { DetectorContext } from "../detector.ts";
import { readJson } from "./json.ts";
import { linesEvidence, pointerEvidence } from "./observe.ts";

/** Parts of a composed model that have configurations of their own; each may come from elsewhere. */
const PARTS = ["", "/text_config", "/vision_config", "/audio_config", "/llm_config", "/language_config", "/decoder", "/encoder"];

/**
 * Where a configuration says its weights came from: `_name_or_path` (transformers), `base_model_name_or_path` (PEFT),
 * `model_name_or_path` (GPTQ tools). A path on somebody's disk is kept as stated: it is a trace, not a name.
 */
export function configuredIn(context: DetectorContext, artifact: Artifact, detector: string): readonly RelationFact[] {
  if (/\.ya?ml$/iu.test(artifact.path)) return mergedIn(context, artifact, detector);
  const json = readJson(artifact.text ?? "");
  return keysOf(artifact.path, (pointer) => json.at(pointer)).flatMap(([pointer, relation]) => {
    const target = json.at(pointer);
    if (typeof target !== "string" || target.trim() === "" || /^\.?\/?$/u.test(target.trim())) return [];
    const evidence = [pointerEvidence(context, artifact, pointer, `${pointer.slice(1)}: ${target}`)] as const;
    return [{ kind: "relation", relation, target: target.trim(), evidence, detector } as const];
  });
}

function keysOf(path: string, at: (pointer: string) => unknown): readonly (readonly [string, Relation])[] {
  if (/adapter_config\.json$/iu.test(path)) return [["/base_model_name_or_path", "adapter"]];
  if (/quanti[sz]e_config\.json$|quant_config\.json$/iu.test(path)) return [["/model_name_or_path", "quantized"]];
  const relation = typeof at("/quantization_config") === "object" && at("/quantization_config") !== null ? "quantized" : "base-model";
  return PARTS.map((part) => [`${part}/_name_or_path`, relation] as const);
}

/** Longest merge configuration read; they are pages. */
const MAX_MERGE_CHARS = 64 * 1024;
const MAX_MODELS = 50;

function mergedIn(context: DetectorContext, artifact: Artifact, detector: string): readonly RelationFact[] {
  const text = artifact.text ?? "";
  const merge = text.length > MAX_MERGE_CHARS || !looksLikeMerge(text) ? null : readYamlMap(text, 0);
  return merge === null ? [] : mergeFacts(context, artifact, merge, detector);
}

/** Merge configurations shown in a card: mergekit writes its own into the card that it makes. */
export function mergesShownIn(context: DetectorContext, artifact: Artifact, document: Document, detector: string): readonly RelationFact[] {
  return document.blocks.flatMap((block) => {
    if (block.kind !== "code" || block.text.length > MAX_MERGE_CHARS || !looksLikeMerge(block.text)) return [];
    const merge = readYamlMap(block.text, block.startLine);
    return merge === null ? [] : mergeFacts(context, artifact, merge, detector);
  });
}

/** `merge_method` is the one key that every mergekit configuration has. https://github.com/arcee-ai/mergekit#merge-configuration */
function looksLikeMerge(text: string): boolean {
  return /^merge_method[ \t]*:/mu.test(text);
}

type Path = readonly (string | number)[];

function mergeFacts(context: DetectorContext, artifact: Artifact, merge: YamlMap, detector: string): readonly RelationFact[] {
  return modelsIn(merge.data).flatMap(({ path, value }) => {
    const lines = merge.linesOf(path) ?? { start: merge.startLine, end: merge.endLine };
    const evidence = [linesEvidence(context, artifact, lines, `${String(path.at(-1))}: ${value}`, "config")] as const;
    // `model+adapter` applies an adapter first: both are parents.
    const targets = value.split("+").map((target) => target.trim());
    return targets
      .filter((target) => target !== "")
      .map((target) => ({ kind: "relation", relation: "merge", target, evidence, detector }) as const);
  });
}

/** `base_model`, `models[].model`, `slices[].sources[].model` and the `base_model` of slices. */
function modelsIn(data: unknown): readonly { readonly path: Path; readonly value: string }[] {
  const found: { path: Path; value: string }[] = [];
  const note = (path: Path, value: unknown): void => {
    if (typeof value === "string" && value.trim() !== "" && found.length < MAX_MODELS) found.push({ path, value: value.trim() });
  };
  const root = fields(data);
  note(["base_model"], root["base_model"]);
  list(root["models"]).forEach((entry, at) => void note(["models", at, "model"], fields(entry)["model"]));
  list(root["slices"]).forEach((slice, at) => {
    note(["slices", at, "base_model"], fields(slice)["base_model"]);
    list(fields(slice)["sources"]).forEach((source, nth) => void note(["slices", at, "sources", nth, "model"], fields(source)["model"]));
  });
  return found;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 1_000) : [];
}
