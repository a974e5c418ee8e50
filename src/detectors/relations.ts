import type { RelationFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { FrontMatter } from "../documents/document.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, passageEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith, passagesOf } from "./support/passages.ts";
import { proseRelation } from "./support/relation-rules.ts";
import { namesRelease, releaseNames } from "./support/release-names.ts";

type Relation = RelationFact["relation"];

/** Relations that the hub's `base_model_relation` names. */
const HUB_RELATIONS: Readonly<Record<string, Relation>> = {
  finetune: "finetune",
  adapter: "adapter",
  merge: "merge",
  quantized: "quantized",
};

/** Targets kept per document and relation; a card with more is a catalogue. */
const MAX_TARGETS = 50;

/** What the release is made from: base models, merges, adapters, quantised or distilled parents, data sets. */
export const detector: Detector = {
  id: "relations",
  version: 1,
  async detect(context) {
    const names = releaseNames(context);
    const cards = artifactsWith(context, ["readme", "model-card", "data-card"]);
    const declared = cards.flatMap((artifact) => declaredIn(context, artifact));
    const configured = artifactsWith(context, ["config"]).flatMap((artifact) => configuredIn(context, artifact));
    const hosted = artifactsWith(context, ["host-record"]).flatMap((artifact) => hostedIn(context, artifact));
    const told = cards.flatMap((artifact) => toldIn(context, artifact, names));
    return { facts: distinct([...declared, ...configured, ...hosted, ...told]), findings: [] };
  },
};

function distinct(facts: readonly RelationFact[]): readonly RelationFact[] {
  const seen = new Set<string>();
  return facts.filter(({ relation, target, evidence }) => {
    const key = `${relation}\0${target.toLowerCase()}\0${evidence[0].path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** `base_model`, `base_model_relation` and `datasets` in a card's front matter. */
function declaredIn(context: DetectorContext, artifact: Artifact): readonly RelationFact[] {
  const front = context.document(artifact)?.frontMatter;
  if (front === null || front === undefined) return [];
  const bases = valuesOf(front, "base_model");
  const relation = baseRelation(front, bases.length);
  const isDataset = artifact.roles.includes("data-card") && !artifact.roles.includes("model-card");
  const sources = isDataset
    ? valuesOf(front, "source_datasets").filter(({ value }) => !/^(?:original|extended)$/iu.test(value))
    : valuesOf(front, "datasets");
  const fact = (kind: Relation, { value, path }: Declared): RelationFact => {
    const lines = front.linesOf(path) ?? { start: front.startLine, end: front.endLine };
    const evidence = [linesEvidence(context, artifact, lines, `${String(path[0])}: ${value}`, "front-matter")] as const;
    return { kind: "relation", relation: kind, target: value, evidence, detector: detectorName(detector) };
  };
  return [...bases.map((base) => fact(relation, base)), ...sources.map((data) => fact("dataset", data))];
}

function baseRelation(front: FrontMatter, bases: number): Relation {
  const stated = front.data["base_model_relation"];
  if (typeof stated === "string" && Object.hasOwn(HUB_RELATIONS, stated)) return HUB_RELATIONS[stated] ?? "base-model";
  // The hub's own reading: several bases without a relation are a merge.
  const tags = valuesOf(front, "tags").map(({ value }) => value.toLowerCase());
  if (bases > 1 && tags.some((tag) => tag === "merge" || tag === "mergekit")) return "merge";
  return "base-model";
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

/** Where a config says it started from. A path on somebody's disk is kept as stated: it is a trace, not a name. */
function configuredIn(context: DetectorContext, artifact: Artifact): readonly RelationFact[] {
  const json = readJson(artifact.text ?? "");
  const keys: readonly (readonly [string, Relation])[] = /adapter_config\.json$/u.test(artifact.path)
    ? [["/base_model_name_or_path", "adapter"]]
    : [["/_name_or_path", "base-model"]];
  return keys.flatMap(([pointer, relation]) => {
    const target = json.at(pointer);
    if (typeof target !== "string" || target.trim() === "" || target === "." || target === "./") return [];
    const evidence = [pointerEvidence(context, artifact, pointer, `${pointer.slice(1)}: ${target}`)] as const;
    return [{ kind: "relation", relation, target: target.trim(), evidence, detector: detectorName(detector) } as const];
  });
}

/** The host's record of declared parents: tags such as `base_model:finetune:owner/name` and `dataset:owner/name`. */
function hostedIn(context: DetectorContext, artifact: Artifact): readonly RelationFact[] {
  const tags = readJson(artifact.text ?? "").at("/tags");
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown, at) => {
    const match =
      typeof tag === "string" ? /^(?:base_model:(?:(finetune|adapter|merge|quantized):)?|(dataset):)([^:\s]{1,200})$/u.exec(tag) : null;
    if (match === null) return [];
    const relation: Relation = match[2] === undefined ? (HUB_RELATIONS[match[1] ?? ""] ?? "base-model") : "dataset";
    const evidence = [pointerEvidence(context, artifact, `/tags/${at}`, String(tag), "host-record")] as const;
    return [{ kind: "relation", relation, target: match[3] ?? "", evidence, detector: detectorName(detector) } as const];
  });
}

/** Sentences such as "fine-tuned from X": about this release, not about others and not instructions. */
function toldIn(context: DetectorContext, artifact: Artifact, names: ReadonlySet<string>): readonly RelationFact[] {
  const links = context.document(artifact)?.links ?? [];
  return passagesOf(context, artifact).flatMap((passage) => {
    if (passage.kind === "code" || passage.kind === "heading") return [];
    const told = proseRelation(passage.text);
    if (told === null) return [];
    const { relation, name, subject } = told;
    if (!namesRelease(subject, names) && !/\b(?:this|the|our|it|we|is|was|were|are)\b|模型|我们|我們|本/iu.test(subject)) return [];
    const link = links.find(
      ({ line, text }) => line >= passage.startLine && line <= passage.endLine && text !== "" && name.startsWith(text),
    );
    const id = /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/([\w.-]+\/[\w.-]+)\/?$/u.exec(link?.url ?? "")?.[1];
    return [
      {
        kind: "relation",
        relation,
        target: id ?? link?.url ?? name,
        evidence: [passageEvidence(context, passage)],
        detector: detectorName(detector),
      } as const,
    ];
  });
}
