// Facts that weight headers state: how many parameters, under which license.
import { type Evidence, evidence, quoteOf } from "../../core/evidence.ts";
import type { LicenseFact, QuantityFact } from "../../core/fact.ts";
import type { LicenseRecord } from "../../core/license.ts";
import { compareText } from "../../core/text.ts";
import type { Stated, WeightsHeader } from "./weights-headers-read.ts";

export interface HeaderFactsContext {
  /** Reference of the source, for evidence. */
  readonly source: string;
  readonly detector: string;
  readonly licenseByName: (name: string) => LicenseRecord | null;
}

/** One place shows it; more of the same, shard after shard, would bury the rest of the report. */
const MAX_EVIDENCE = 4;
/** Above this share of bytes in whole-number types, tensors are taken for packed weights (GPTQ, AWQ, bitsandbytes). */
const PACKED_SHARE = 0.1;
const SHARD = /-(\d{5})-of-(\d{5})$/u;

/** Name of the model a file belongs to: its path without shard number and extension. */
function modelOf(path: string): { readonly model: string; readonly shards: number } {
  const stem = path.replace(/\.[^./]+$/u, "");
  const shard = SHARD.exec(stem);
  return shard === null ? { model: stem, shards: 1 } : { model: stem.slice(0, shard.index), shards: Number(shard[2]) };
}

function headerEvidence(context: HeaderFactsContext, header: WeightsHeader): Evidence {
  const { path, digest } = header.artifact;
  return evidence({
    source: context.source,
    path,
    digest,
    span: { kind: "bytes", start: 0, end: header.headerBytes },
    method: "header",
  });
}

/** The place of a key and its text. */
export function statedEvidence(context: HeaderFactsContext, header: WeightsHeader, stated: Stated): Evidence {
  const { path, digest } = header.artifact;
  const { key, value, start, end } = stated;
  return evidence({
    source: context.source,
    path,
    digest,
    span: { kind: "bytes", start, end },
    quote: quoteOf(`${key}: ${value}`),
    method: "header",
  });
}

interface Count {
  readonly model: string;
  readonly value: number;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** One count per model whose shards were all read; one for the release when all models agree. */
export function parameterFacts(context: HeaderFactsContext, headers: readonly WeightsHeader[]): readonly QuantityFact[] {
  const counts = countModels(context, headers);
  const distinct = new Map<number, Count>();
  for (const count of counts) {
    const same = distinct.get(count.value);
    if (same === undefined) distinct.set(count.value, count);
    else distinct.set(count.value, { ...same, evidence: cap([...same.evidence, ...count.evidence], same.evidence[0]) });
  }
  return [...distinct.values()].map(({ model, value, evidence: seen }) => ({
    kind: "quantity",
    quantity: "parameters",
    value,
    unit: "count",
    subject: distinct.size === 1 ? "" : model,
    stated: String(value),
    evidence: seen,
    detector: context.detector,
  }));
}

/** The first places of many. */
export function cap(list: readonly Evidence[], first: Evidence): readonly [Evidence, ...Evidence[]] {
  return [first, ...list.filter((item) => item.id !== first.id).slice(0, MAX_EVIDENCE - 1)];
}

function countModels(context: HeaderFactsContext, headers: readonly WeightsHeader[]): readonly Count[] {
  const groups = new Map<string, { readonly model: string; readonly shards: number; readonly members: WeightsHeader[] }>();
  for (const header of headers) {
    const { model, shards } = modelOf(header.artifact.path);
    const key = `${model}\0${header.format}\0${shards}`;
    const group = groups.get(key) ?? { model, shards, members: [] };
    group.members.push(header);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ model, shards, members }) => {
    const [first] = members;
    if (first === undefined || members.length !== shards) return [];
    const value = sumOf(members);
    if (value === null) return [];
    const seen = members.map((member) => headerEvidence(context, member));
    return [{ model, value, evidence: cap(seen, headerEvidence(context, first)) }];
  });
}

/** Index buffers (`position_ids`) are whole numbers and no parameters; weights packed into whole numbers cannot be counted. */
function sumOf(members: readonly WeightsHeader[]): number | null {
  let elements = 0;
  let bytes = 0;
  let wholeBytes = 0;
  for (const { counted } of members) {
    if (counted === null) return null;
    elements += counted.elements;
    bytes += counted.bytes;
    wholeBytes += counted.wholeBytes;
  }
  return wholeBytes > bytes * PACKED_SHARE || !Number.isSafeInteger(elements) || elements === 0 ? null : elements;
}

/** `general.license` (GGUF) and `modelspec.license` or `license` (safetensors, ONNX metadata). */
const LICENSE_KEYS: ReadonlySet<string> = new Set(["general.license", "modelspec.license", "license"]);
/** Says which license `general.license: other` is (GGUF specification, general metadata). */
const LICENSE_NAME_KEY = "general.license.name";

function licenseOf(stated: Stated, header: WeightsHeader): string {
  const isNamed = header.stated.some(({ key, value }) => key === "general.license" && !/^(?:other|unknown|)$/iu.test(value.trim()));
  if (stated.key === LICENSE_NAME_KEY) return isNamed ? "" : stated.value.trim();
  const hasName = header.stated.some(({ key, value }) => key === LICENSE_NAME_KEY && value.trim() !== "");
  return LICENSE_KEYS.has(stated.key) && (isNamed || !hasName) ? stated.value.trim() : "";
}

/** One statement per license named; it covers weights, those of the file's folder when files disagree. */
export function licenseFacts(context: HeaderFactsContext, headers: readonly WeightsHeader[]): readonly LicenseFact[] {
  const byValue = gather(context, headers, licenseOf);
  return [...byValue].map(([value, { seen, folder }]) => ({
    kind: "license",
    statement: "header",
    license: context.licenseByName(value),
    stated: quoteOf(value),
    covers: ["weights"],
    components: [],
    folder: byValue.size === 1 ? "" : folder,
    thirdParty: false,
    evidence: seen,
    detector: context.detector,
  }));
}

interface Gathered {
  readonly seen: readonly [Evidence, ...Evidence[]];
  readonly folder: string;
}

/** Values picked out of all headers, each with the places where it stands. */
function gather(
  context: HeaderFactsContext,
  headers: readonly WeightsHeader[],
  pick: (stated: Stated, header: WeightsHeader) => string,
): ReadonlyMap<string, Gathered> {
  const found = new Map<string, Gathered>();
  for (const header of headers) {
    for (const stated of header.stated) {
      const value = pick(stated, header);
      if (value === "") continue;
      const item = statedEvidence(context, header, stated);
      const known = found.get(value);
      const folder = header.artifact.path.split("/").slice(0, -1).join("/");
      found.set(value, known === undefined ? { seen: [item], folder } : { ...known, seen: cap([...known.seen, item], known.seen[0]) });
    }
  }
  return new Map([...found].sort(([a], [b]) => compareText(a, b)));
}
