// ONNX: a graph of operators, which cannot run code unless an operator does; weights may lie in other files.
import type { FileReference, FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import { type OnnxHeader, readOnnxHeader } from "../../formats/onnx.ts";
import type { OnnxTensor } from "../../formats/onnx-tensor.ts";
import { type ProtoTag, protoOutline } from "../../formats/proto-outline.ts";
import { loadRules } from "../../rules/load.ts";
import { FULL } from "../combine.ts";
import { pathFault } from "../paths.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";
import { traitsOfTensors } from "../traits.ts";

const RULES: ProblemRules = { "duplicate-key": ["ON03"], "size-differs": ["ON03"] };

/** ModelProto's fields with their wire types (onnx/onnx.proto); a model has a graph. */
const FIELDS: ReadonlySet<ProtoTag> = new Set(["1:0", "2:2", "3:2", "4:2", "5:0", "6:2", "7:2", "8:2", "14:2", "20:2", "25:2", "26:2"]);

export const scanner: Scanner = {
  id: "onnx",
  risk: "cannot-execute",
  claims: isModel,
  async scan(reader): Promise<FormatReading> {
    const header = await readOnnxHeader(reader);
    const tensors = header.tensors.map(scannedTensor);
    return {
      format: "onnx",
      risk: "cannot-execute",
      coverage: coverageOf(header),
      hits: [...problemHits(header.problems, RULES, reader.sizeBytes), ...externalHits(header), ...operatorHits(header)],
      tensors,
      parameters: header.parameters,
      metadata: new Map([...factsOf(header), ...traitsOfTensors(tensors), ...quantisationOf(header)]),
      references: referencesOf(header),
    };
  },
};

/** Every field of the outermost message is one of ModelProto's, the graph among them unless it lies behind the start. */
function isModel({ head, sizeBytes, path }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  if (outline === null) return /\.onnx$/iu.test(path);
  const isOurs = [...outline.tags].every((tag) => FIELDS.has(tag));
  return isOurs && outline.tags.has("7:2");
}

function scannedTensor({ name, dtype, shape, place, external, bytes }: OnnxTensor): ScannedTensor {
  if (external === null) return { name, dtype, shape, place };
  const start = external.offset ?? 0;
  const length = external.length ?? bytes;
  return { name, dtype, shape, member: external.location, place: length === null ? null : { start, end: start + length } };
}

function coverageOf({ problems }: OnnxHeader): ScanCoverage {
  const unknown = problems.find(({ id }) => id === "onnx.unknown-type");
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `tensor type ${unknown.args["type"]}`, offset: unknown.offset };
}

/** One hit for each location, however many tensors name it. */
function externalHits({ tensors }: OnnxHeader): readonly SafetyHit[] {
  const hits = new Map<string, SafetyHit>();
  for (const { external, offset, name } of tensors) {
    const fault = external === null ? null : pathFault(external.location);
    if (external === null || fault === null || hits.has(external.location)) continue;
    const args = { tensor: name.slice(0, 100), location: external.location.slice(0, 200) };
    hits.set(external.location, hitOf("ON01", { start: offset, end: offset + 1, variant: fault, args, quote: external.location }));
  }
  return [...hits.values()];
}

/** For each file that tensors lie in, how far they reach. */
function referencesOf({ tensors }: OnnxHeader): readonly FileReference[] {
  const files = new Map<string, FileReference>();
  for (const { external, bytes, offset } of tensors) {
    if (external === null) continue;
    const minBytes = (external.offset ?? 0) + (external.length ?? bytes ?? 0);
    const known = files.get(external.location);
    if (known === undefined || minBytes > (known.minBytes ?? 0)) {
      files.set(external.location, { path: external.location, minBytes, start: offset, end: offset + 1 });
    }
  }
  return [...files.values()];
}

interface OperatorRules {
  readonly domains: ReadonlySet<string>;
  readonly python: ReadonlySet<string>;
  readonly codeDomains: ReadonlySet<string>;
  readonly opaque: ReadonlySet<string>;
}

let known: OperatorRules | undefined;

function operatorRules(): OperatorRules {
  const data = Object(loadRules("safety").get("onnx-operators"));
  known ??= {
    domains: new Set(data["domains"]),
    python: new Set(data["python"]),
    codeDomains: new Set(data["code-domains"]),
    opaque: new Set(data["opaque"]),
  };
  return known;
}

/** Operators from outside the standard that the model does not define itself: one hit a domain, one for each that runs code. */
function operatorHits({ operators, functions }: OnnxHeader): readonly SafetyHit[] {
  const { domains, python, codeDomains, opaque } = operatorRules();
  const hits: SafetyHit[] = [];
  const named = new Set<string>();
  for (const { domain, name, count, offset } of operators) {
    const place = { start: offset, end: offset + 1, args: { domain: domain.slice(0, 100), operator: name.slice(0, 100), count } };
    if (python.has(name) || codeDomains.has(domain)) {
      hits.push(hitOf("ON02", { ...place, variant: "code", severity: "high" }));
      continue;
    }
    if (opaque.has(name)) hits.push(hitOf("ON02", { ...place, variant: "opaque" }));
    if (domains.has(domain) || named.has(domain) || functions.has(`${domain}:${name}`)) continue;
    named.add(domain);
    hits.push(hitOf("ON02", place));
  }
  return hits;
}

const MAX_FACT_LENGTH = 200;

function factsOf({
  irVersion,
  producerName,
  producerVersion,
  graphName,
  opsetDomains,
  metadata,
}: OnnxHeader): readonly (readonly [string, string])[] {
  const producer = `${producerName} ${producerVersion}`.trim();
  const domains = [...new Set(opsetDomains)].filter((domain) => domain !== "" && domain !== "ai.onnx").sort();
  const facts: (readonly [string, string])[] = [
    ["ir-version", String(irVersion)],
    ["producer", producer],
    ["graph", graphName],
    ["domains", domains.join(" ")],
  ];
  return [...metadata, ...facts].filter(([key, text]) => text !== "" && text.length <= MAX_FACT_LENGTH && key.length <= MAX_FACT_LENGTH);
}

const QUANTISING =
  /^(?:QuantizeLinear|DequantizeLinear|DynamicQuantizeLinear|QLinear\w+|MatMulInteger|ConvInteger|DynamicQuantizeMatMul)$/u;
const PACKED = /^(?:MatMulNBits|MatMulBnb4|GatherBlockQuantized|QMoE)$/u;

function quantisationOf({ operators }: OnnxHeader): ReadonlyMap<string, string> {
  const name =
    operators.find((operator) => PACKED.test(operator.name))?.name ?? operators.find((operator) => QUANTISING.test(operator.name))?.name;
  return name === undefined ? new Map() : new Map([["quantization", name]]);
}
