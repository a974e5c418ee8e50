// Parents that a card's front matter and the host's record name in fields made for it.
import type { Relation } from "../../core/chain.ts";
import type { RelationFact } from "../../core/fact.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { FrontMatter } from "../../documents/document.ts";
import type { DetectorContext } from "../detector.ts";
import { readJson } from "./json.ts";
import { linesEvidence, pointerEvidence } from "./observe.ts";

/** Words of the hub's `base_model_relation`. https://huggingface.co/docs/hub/model-cards#specifying-a-base-model */
const HUB_RELATIONS: Readonly<Record<string, Relation>> = {
  finetune: "finetune",
  adapter: "adapter",
  merge: "merge",
  quantized: "quantized",
};

/** Targets kept per document and key; a card with more is a catalogue. */
const MAX_TARGETS = 50;

/** `base_model`, `base_model_relation`, `datasets`, `source_datasets` and `tags` in a card's front matter. */
export function declaredIn(context: DetectorContext, artifact: Artifact, detector: string): readonly RelationFact[] {
  const front = context.document(artifact)?.frontMatter;
  if (front === null || front === undefined) return [];
  const bases = valuesOf(front, "base_model");
  const relation = baseRelation(front, bases.length);
  const isDataset = artifact.roles.includes("data-card") && !artifact.roles.includes("model-card");
  const data = isDataset
    ? valuesOf(front, "source_datasets").filter(({ value }) => !/^(?:original|extended)$/iu.test(value))
    : valuesOf(front, "datasets");
  const fact = (kind: Relation, { value, path }: Declared, target = value): RelationFact => {
    const lines = front.linesOf(path) ?? { start: front.startLine, end: front.endLine };
    const evidence = [linesEvidence(context, artifact, lines, `${String(path[0])}: ${value}`, "front-matter")] as const;
    return { kind: "relation", relation: kind, target, evidence, detector };
  };
  const tagged = valuesOf(front, "tags").flatMap((tag) => {
    const read = readTag(tag.value);
    return read === null ? [] : [fact(read.relation, tag, read.target)];
  });
  return [
    ...bases.map((base) => fact(relation, base)),
    // `extended|other-name` is the data set card's way of naming what it extends.
    ...data.map((set) => fact(isDataset ? "source-data" : "dataset", set, set.value.replace(/^extended\|/u, ""))),
    ...tagged,
  ];
}

const QUANTIZED = /^(?:gguf|ggml|gptq|awq|exl2|exl3|bitsandbytes|(?:[2-8]-?bit)|int[48]|fp8|quanti[sz]ed)$/u;

/** The hub's own reading where the card does not say: several bases are a merge, an adapter library makes an adapter. */
function baseRelation(front: FrontMatter, bases: number): Relation {
  const stated = front.data["base_model_relation"];
  if (typeof stated === "string" && Object.hasOwn(HUB_RELATIONS, stated)) return HUB_RELATIONS[stated] ?? "base-model";
  const tags = valuesOf(front, "tags").map(({ value }) => value.toLowerCase());
  const library = front.data["library_name"];
  if (bases > 1 && tags.some((tag) => tag === "merge" || tag === "mergekit")) return "merge";
  if (library === "peft" || library === "adapter-transformers" || tags.includes("lora")) return "adapter";
  return library === "gguf" || tags.some((tag) => QUANTIZED.test(tag)) ? "quantized" : "base-model";
}

interface Declared {
  readonly value: string;
  readonly path: readonly (string | number)[];
}

function valuesOf(front: FrontMatter, key: string): readonly Declared[] {
  const value = front.data[key];
  if (typeof value === "string") return value.trim() === "" ? [] : [{ value: value.trim(), path: [key] }];
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, MAX_TARGETS)
    .flatMap((item: unknown, at) => (typeof item === "string" && item.trim() !== "" ? [{ value: item.trim(), path: [key, at] }] : []));
}

const TAG = /^(?:base_model:(?:(finetune|adapter|merge|quantized):)?|(dataset):)([^:\s]{1,200})$/u;

/** Tags such as `base_model:finetune:owner/name` and `dataset:owner/name`. */
function readTag(tag: string): { readonly relation: Relation; readonly target: string } | null {
  const match = TAG.exec(tag);
  if (match === null) return null;
  return { relation: match[2] === undefined ? (HUB_RELATIONS[match[1] ?? ""] ?? "base-model") : "dataset", target: match[3] ?? "" };
}

/** The host's record of declared parents, in its tags or beside them. */
export function hostedIn(context: DetectorContext, artifact: Artifact, detector: string): readonly RelationFact[] {
  const record = readJson(artifact.text ?? "");
  const fact = (relation: Relation, target: string, pointer: string, quote: string): RelationFact => {
    const evidence = [pointerEvidence(context, artifact, pointer, quote, "host-record")] as const;
    return { kind: "relation", relation, target, evidence, detector };
  };
  const tags = listAt(record.at("/tags")).flatMap((tag, at) => {
    const read = typeof tag === "string" ? readTag(tag) : null;
    // The host tags a model both with its relation and without.
    const isRepeated = read?.relation === "base-model" && listAt(record.at("/tags")).some((other) => isRelated(other, read.target));
    return read === null || isRepeated ? [] : [fact(read.relation, read.target, `/tags/${at}`, String(tag))];
  });
  if (tags.some(({ relation }) => relation !== "dataset")) return tags;
  const stated = record.at("/baseModels/relation");
  const relation =
    typeof stated === "string" && Object.hasOwn(HUB_RELATIONS, stated) ? (HUB_RELATIONS[stated] ?? "base-model") : "base-model";
  const models = listAt(record.at("/baseModels/models")).flatMap((model, at) =>
    typeof model === "string" && model !== "" ? [fact(relation, model, `/baseModels/models/${at}`, model)] : [],
  );
  return [...tags, ...models];
}

function isRelated(tag: unknown, target: string): boolean {
  const read = typeof tag === "string" ? readTag(tag) : null;
  return read !== null && read.target === target && read.relation !== "base-model" && read.relation !== "dataset";
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_TAGS) : [];
}

/** The host gives a popular model some dozens of tags. */
const MAX_TAGS = 1_000;
