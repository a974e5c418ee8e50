// What weight files say they were made from, in their own headers.
import type { Relation } from "../../core/chain.ts";
import { type Evidence, quoteOf } from "../../core/evidence.ts";
import type { RelationFact } from "../../core/fact.ts";
import { compareText } from "../../core/text.ts";
import { targetOfUrl } from "./relation-targets.ts";
import { cap, type HeaderFactsContext, statedEvidence } from "./weights-headers-facts.ts";
import type { Stated, WeightsHeader } from "./weights-headers-read.ts";

/** Parents and data sets named in the metadata of GGUF and safetensors files, each with the places that name it. */
export function relationFacts(context: HeaderFactsContext, headers: readonly WeightsHeader[]): readonly RelationFact[] {
  const facts = new Map<string, RelationFact>();
  const remember = (relation: Relation, target: string, item: Evidence): void => {
    const known = facts.get(`${relation}\0${target}`);
    const seen = known === undefined ? ([item] as const) : cap([...known.evidence, item], known.evidence[0]);
    facts.set(`${relation}\0${target}`, { kind: "relation", relation, target, evidence: seen, detector: context.detector });
  };
  for (const header of headers) {
    const named = header.format === "gguf" ? namedInGguf(header) : namedInSafetensors(header);
    for (const { relation, target, stated } of named.slice(0, MAX_NAMED))
      remember(relation, target, statedEvidence(context, header, stated));
  }
  return [...facts].sort(([a], [b]) => compareText(a, b)).map(([, fact]) => fact);
}

/** Parents and data sets kept of one header. */
const MAX_NAMED = 100;

interface Named {
  readonly relation: Relation;
  readonly target: string;
  readonly stated: Stated;
}

/** `general.base_model.N.*`, `general.dataset.N.*`: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md#general-metadata */
const NUMBERED = /^general\.(base_model|dataset)\.(\d{1,4})\.(name|organization|repo_url|url)$/u;
/** Best first: a URL leads somewhere, a name may be anybody's. */
const TARGET_FIELDS = ["repo_url", "url", "name"] as const;
/** Where the file itself was converted from, best first. */
const SOURCES = ["general.source.repo_url", "general.source.url", "general.source.huggingface.repository"] as const;

function namedInGguf(header: WeightsHeader): readonly Named[] {
  const filled = header.stated.filter(({ value }) => value.trim() !== "");
  const isQuantized = header.isQuantized || filled.some(({ key }) => key === "general.quantized_by");
  const source = SOURCES.map((key) => filled.find((stated) => stated.key === key)).find((stated) => stated !== undefined);
  return [
    ...numbered(filled),
    ...(source === undefined
      ? []
      : [{ relation: isQuantized ? "quantized" : "converted", target: targetOf(source), stated: source } as const]),
    ...filled.flatMap((stated) =>
      stated.key === "general.datasets" ? [{ relation: "dataset", target: targetOf(stated), stated } as const] : [],
    ),
  ];
}

/** The most telling field of each numbered parent. */
function numbered(filled: readonly Stated[]): readonly Named[] {
  const parents = new Map<string, Map<string, Stated>>();
  for (const stated of filled) {
    const match = NUMBERED.exec(stated.key);
    if (match === null) continue;
    const parent = `${match[1]}\0${match[2]}`;
    const fields = parents.get(parent) ?? new Map<string, Stated>();
    fields.set(match[3] ?? "", stated);
    parents.set(parent, fields);
  }
  return [...parents].flatMap(([parent, fields]) => {
    const stated = TARGET_FIELDS.map((field) => fields.get(field)).find((field) => field !== undefined);
    const relation = parent.startsWith("dataset") ? "dataset" : "base-model";
    return stated === undefined ? [] : [{ relation, target: targetOf(stated), stated }];
  });
}

/** A hub URL becomes the hub id that cards use for the same thing. */
function targetOf({ value }: Stated): string {
  return quoteOf(targetOfUrl(value) ?? value);
}

/** What the trainers of image adapters note: https://github.com/kohya-ss/sd-scripts writes `ss_sd_model_name` beside `ss_network_module`. */
function namedInSafetensors(header: WeightsHeader): readonly Named[] {
  const stated = header.stated.find(({ key }) => key === "ss_sd_model_name");
  if (stated === undefined) return [];
  const isId = /^[\w.-]+\/[\w.-]+$/u.test(stated.value) && !/\.(?:safetensors|ckpt)$/iu.test(stated.value);
  const target = isId ? stated.value : fileStem(stated.value);
  // `model.safetensors` is what everybody's file is called.
  if (!isId && !/\d/u.test(target)) return [];
  const isAdapter = header.stated.some(({ key }) => key === "ss_network_module");
  return [{ relation: isAdapter ? "adapter" : "finetune", target: quoteOf(target), stated }];
}

function fileStem(path: string): string {
  return (path.split(/[/\\]/u).at(-1) ?? "").replace(/\.(?:safetensors|ckpt|pt|bin)$/iu, "");
}
