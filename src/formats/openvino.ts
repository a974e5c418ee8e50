// OpenVINO's intermediate representation (openvino docs, "Intermediate Representation"): a graph in XML, its constants in a file beside it.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { elementsOf } from "./tensor.ts";
import { type XmlTag, xmlTags } from "./xml-tags.ts";

interface OpenvinoTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of the weights file, end excluded. */
  readonly start: number;
  readonly end: number;
  /** Place in the XML. */
  readonly offset: number;
}

export interface OpenvinoModel {
  readonly name: string;
  readonly version: string;
  readonly tensors: readonly OpenvinoTensor[];
  readonly parameters: number;
  /** Operations as `opset/type`, with how often each is used. */
  readonly operations: ReadonlyMap<string, number>;
  /** Values of the runtime information, by tag. */
  readonly facts: ReadonlyMap<string, string>;
  readonly problems: readonly FormatProblem[];
}

const MAX_TENSORS = 200_000;
const MAX_OPERATIONS = 10_000;
const MAX_FACTS = 200;
const MAX_DIMENSIONS = 64;

/** Bits of an element type (openvino/core/type/element_type.hpp). */
const BITS: ReadonlyMap<string, number> = new Map([
  ["boolean", 8],
  ["bf16", 16],
  ["f16", 16],
  ["f32", 32],
  ["f64", 64],
  ["i4", 4],
  ["i8", 8],
  ["i16", 16],
  ["i32", 32],
  ["i64", 64],
  ["u1", 1],
  ["u2", 2],
  ["u3", 3],
  ["u4", 4],
  ["u6", 6],
  ["u8", 8],
  ["u16", 16],
  ["u32", 32],
  ["u64", 64],
  ["nf4", 4],
  ["f4e2m1", 4],
  ["f8e4m3", 8],
  ["f8e5m2", 8],
  ["f8e8m0", 8],
]);

interface Layer {
  readonly name: string;
  readonly isConstant: boolean;
  readonly depth: number;
}

interface Draft {
  name: string;
  version: string;
  nets: number;
  depth: number;
  readonly layers: Layer[];
  readonly tensors: OpenvinoTensor[];
  readonly operations: Map<string, number>;
  readonly facts: Map<string, string>;
  readonly problems: ProblemList;
}

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readOpenvino(reader: ByteReader): Promise<OpenvinoModel> {
  const draft: Draft = {
    name: "",
    version: "",
    nets: 0,
    depth: 0,
    layers: [],
    tensors: [],
    operations: new Map(),
    facts: new Map(),
    problems: new ProblemList(),
  };
  for await (const tag of xmlTags(reader)) {
    if (tag.kind === "close") closeTag(draft);
    else openTag(draft, tag);
  }
  if (draft.nets === 0) throw new AjarError("NOT_THIS_FORMAT", "XML has no net", { offset: 0 });
  const { name, version, tensors, operations, facts, problems } = draft;
  const parameters = tensors.reduce((sum, { shape, offset }) => sum + elementsOf(shape, offset), 0);
  return { name, version, tensors, parameters, operations, facts, problems: problems.list };
}

function closeTag(draft: Draft): void {
  if (draft.layers.at(-1)?.depth === draft.depth) draft.layers.pop();
  draft.depth -= 1;
}

function openTag(draft: Draft, tag: XmlTag): void {
  if (tag.kind === "doctype") draft.problems.add("openvino.doctype", tag.offset);
  else if (tag.name === "net") openNet(draft, tag);
  else if (tag.name === "layer") openLayer(draft, tag);
  else if (tag.name === "data") readData(draft, tag);
  else keepFact(draft, tag);
  if (tag.kind === "open") draft.depth += 1;
}

function openNet(draft: Draft, { attributes }: XmlTag): void {
  draft.nets += 1;
  if (draft.nets > 1) return;
  draft.name = attributes.get("name") ?? "";
  draft.version = attributes.get("version") ?? "";
}

function openLayer(draft: Draft, { kind, attributes, offset }: XmlTag): void {
  const type = attributes.get("type") ?? "";
  const operation = `${attributes.get("version") ?? ""}/${type}`;
  if (!draft.operations.has(operation) && draft.operations.size >= MAX_OPERATIONS)
    throw tooMany("kinds of operations", MAX_OPERATIONS, offset);
  draft.operations.set(operation, (draft.operations.get(operation) ?? 0) + 1);
  if (kind === "open") draft.layers.push({ name: attributes.get("name") ?? "", isConstant: type === "Const", depth: draft.depth + 1 });
}

/** The data of the layer around it, unless something else stands between. */
function readData(draft: Draft, { attributes, offset }: XmlTag): void {
  const layer = draft.layers.at(-1);
  if (layer === undefined || !layer.isConstant || layer.depth !== draft.depth) return;
  if (draft.tensors.length >= MAX_TENSORS) throw tooMany("constants", MAX_TENSORS, offset);
  const dtype = attributes.get("element_type") ?? "";
  const shape = shapeOf(attributes.get("shape") ?? "", offset);
  const start = countOf(attributes.get("offset"), offset);
  const size = countOf(attributes.get("size"), offset);
  const bits = BITS.get(dtype);
  const needed = bits === undefined ? size : Math.ceil((elementsOf(shape, offset) * bits) / 8);
  if (bits === undefined && dtype !== "string")
    draft.problems.add("openvino.unknown-type", offset, { tensor: layer.name.slice(0, 100), type: dtype.slice(0, 40) });
  if (size !== needed) draft.problems.add("openvino.size-differs", offset, { tensor: layer.name.slice(0, 100) });
  draft.tensors.push({ name: layer.name, dtype, shape, start, end: start + size, offset });
}

function shapeOf(text: string, offset: number): readonly number[] {
  const sides = text
    .split(",")
    .map((side) => side.trim())
    .filter((side) => side !== "");
  if (sides.length > MAX_DIMENSIONS) throw new AjarError("OVER_LIMIT", `constant of ${sides.length} dimensions`, { offset });
  return sides.map((side) => countOf(side, offset));
}

function countOf(text: string | undefined, offset: number): number {
  const value = text !== undefined && /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new AjarError("INCONSISTENT", `constant at ${offset} has no place, size or shape`, { offset });
}

/** `<tag value="…"/>` of rt_info: who wrote the model, how it was quantised. */
function keepFact({ facts }: Draft, { name, attributes }: XmlTag): void {
  const value = attributes.get("value");
  if (value !== undefined && facts.size < MAX_FACTS && !facts.has(name)) facts.set(name, value);
}

function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `OpenVINO model of more than ${limit} ${what}`, { offset });
}
