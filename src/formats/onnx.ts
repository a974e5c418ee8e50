// ONNX: a protobuf walked field by field; weights inside are stepped over. A generated decoder would copy them all.
// Field numbers: onnx/onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, FunctionProto, TrainingInfoProto).
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { MAX_TEXT_BYTES, type OnnxTensor, readOnnxSparse, readOnnxTensor, readPair, tooMany } from "./onnx-tensor.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { ProtoWalker } from "./proto-walker.ts";

/** An operator as nodes name it. */
interface OnnxOperator {
  /** Empty for the standard's own. */
  readonly domain: string;
  readonly name: string;
  readonly count: number;
  /** Where the first node that uses it begins. */
  readonly offset: number;
}

export interface OnnxHeader {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graphName: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly opsetDomains: readonly string[];
  /** Of the main graph, its subgraphs, the training graphs and the functions, constants of nodes included. */
  readonly tensors: readonly OnnxTensor[];
  /** Elements over all tensors. */
  readonly parameters: number;
  /** Nodes of the main graph. */
  readonly nodes: number;
  /** Of all nodes, wherever they are; in order of first use. */
  readonly operators: readonly OnnxOperator[];
  /** Operators that the model defines itself, as `domain:name`. */
  readonly functions: ReadonlySet<string>;
  readonly problems: readonly FormatProblem[];
}

/** Names and nodes of the largest exports take some tens of megabytes; tensor data do not count. */
const MAX_BYTES = 64 * 1024 * 1024;
/** 100,000 nodes of 40 fields, attributes included: more than any export seen. */
const MAX_FIELDS = 4_000_000;
const MAX_TENSORS = 100_000;
const MAX_METADATA = 10_000;
/** The standard has some 200 operators, onnxruntime as many. */
const MAX_OPERATORS = 10_000;
const MAX_FUNCTIONS = 10_000;

interface Draft {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  graphName: string;
  graphs: number;
  nodes: number;
  parameters: number;
  readonly metadata: Map<string, string>;
  readonly opsetDomains: string[];
  readonly tensors: OnnxTensor[];
  readonly operators: Map<string, { domain: string; name: string; count: number; offset: number }>;
  readonly functions: Set<string>;
  readonly problems: ProblemList;
}

/** Walks the whole model by ranges, fetching no tensor data. @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readOnnxHeader(reader: ByteReader): Promise<OnnxHeader> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT_BYTES, maxFields: MAX_FIELDS });
  const draft: Draft = {
    irVersion: 0,
    producerName: "",
    producerVersion: "",
    graphName: "",
    graphs: 0,
    nodes: 0,
    parameters: 0,
    metadata: new Map(),
    opsetDomains: [],
    tensors: [],
    operators: new Map(),
    functions: new Set(),
    problems: new ProblemList(),
  };
  await walker.message(reader.sizeBytes, (field, wire) => readModelField(walker, draft, field, wire));
  if (draft.irVersion === 0 || draft.graphs === 0) {
    throw new AjarError("NOT_THIS_FORMAT", "ONNX model has no version or no graph", { offset: 0 });
  }
  const { graphs: _, operators, problems, ...rest } = draft;
  return { ...rest, operators: [...operators.values()], problems: problems.list };
}

async function readModelField(walker: ProtoWalker, draft: Draft, field: number, wire: number): Promise<boolean> {
  switch (`${field}:${wire}`) {
    case "1:0":
      draft.irVersion = await walker.count();
      return true;
    case "2:2":
      draft.producerName = await walker.text(MAX_TEXT_BYTES);
      return true;
    case "3:2":
      draft.producerVersion = await walker.text(MAX_TEXT_BYTES);
      return true;
    case "7:2":
      draft.graphs += 1;
      return await walker.inner((inner, type) => readMainGraphField(walker, draft, inner, type));
    case "8:2":
      await readOpset(walker, draft);
      return true;
    case "14:2":
      await readMetadata(walker, draft);
      return true;
    case "20:2":
      return await walker.inner((inner, type) => readTrainingField(walker, draft, inner, type));
    case "25:2":
      await readFunction(walker, draft);
      return true;
    default:
      return false;
  }
}

async function readOpset(walker: ProtoWalker, draft: Draft): Promise<void> {
  const at = walker.offset;
  let domain = "";
  await walker.inner(async (field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    domain = await walker.text(MAX_TEXT_BYTES);
    return true;
  });
  if (draft.opsetDomains.length >= MAX_METADATA) throw tooMany("operator sets", MAX_METADATA, at);
  draft.opsetDomains.push(domain);
}

async function readMetadata(walker: ProtoWalker, draft: Draft): Promise<void> {
  const at = walker.offset;
  const [key, value] = await readPair(walker);
  if (draft.metadata.size >= MAX_METADATA) throw tooMany("metadata entries", MAX_METADATA, at);
  if (draft.metadata.has(key)) draft.problems.add("onnx.duplicate-key", at, { key });
  draft.metadata.set(key, value);
}

/** TrainingInfoProto: 1 initialization, 2 algorithm, both graphs. */
function readTrainingField(walker: ProtoWalker, draft: Draft, field: number, wire: number): boolean | Promise<boolean> {
  if (wire !== 2 || (field !== 1 && field !== 2)) return false;
  return walker.inner((inner, type) => readGraphField(walker, draft, inner, type));
}

async function readMainGraphField(walker: ProtoWalker, draft: Draft, field: number, wire: number): Promise<boolean> {
  if (field === 1 && wire === 2) draft.nodes += 1;
  if (field !== 2 || wire !== 2) return readGraphField(walker, draft, field, wire);
  draft.graphName = await walker.text(MAX_TEXT_BYTES);
  return true;
}

async function readGraphField(walker: ProtoWalker, draft: Draft, field: number, wire: number): Promise<boolean> {
  switch (`${field}:${wire}`) {
    case "1:2":
      await readNode(walker, draft);
      return true;
    case "5:2":
      addTensor(draft, await readOnnxTensor(walker, draft.problems));
      return true;
    case "15:2":
      for (const part of await readOnnxSparse(walker, draft.problems)) addTensor(draft, part);
      return true;
    default:
      return false;
  }
}

function addTensor(draft: Draft, tensor: OnnxTensor): void {
  if (draft.tensors.length >= MAX_TENSORS) throw tooMany("tensors", MAX_TENSORS, tensor.offset);
  draft.tensors.push(tensor);
  draft.parameters += tensor.elements;
}

interface NodeDraft {
  domain: string;
  name: string;
  output: string;
  readonly constants: OnnxTensor[];
}

/** NodeProto: 2 output, 4 op_type, 5 attribute, 7 domain. */
async function readNode(walker: ProtoWalker, draft: Draft): Promise<void> {
  const offset = walker.offset;
  const node: NodeDraft = { domain: "", name: "", output: "", constants: [] };
  await walker.inner((field, wire) => readNodeField(walker, draft, node, field, wire));
  const key = `${node.domain}:${node.name}`;
  const known = draft.operators.get(key);
  if (known !== undefined) known.count += 1;
  else if (draft.operators.size >= MAX_OPERATORS) throw tooMany("operators", MAX_OPERATORS, offset);
  else draft.operators.set(key, { domain: node.domain, name: node.name, count: 1, offset });
  for (const constant of node.constants) addTensor(draft, constant.name === "" ? { ...constant, name: node.output } : constant);
}

function readNodeField(walker: ProtoWalker, draft: Draft, node: NodeDraft, field: number, wire: number): boolean | Promise<boolean> {
  if (wire !== 2) return false;
  switch (field) {
    case 2:
      return node.output === "" && readText(walker, (text) => (node.output = text));
    case 4:
      return readText(walker, (text) => (node.name = text));
    case 5:
      return walker.inner((inner, type) => readAttributeField(walker, draft, node, inner, type));
    case 7:
      return readText(walker, (text) => (node.domain = text));
    default:
      return false;
  }
}

async function readText(walker: ProtoWalker, take: (text: string) => void): Promise<true> {
  take(await walker.text(MAX_TEXT_BYTES));
  return true;
}

/** AttributeProto: 5 t, 6 g, 10 tensors, 11 graphs, 22 and 23 sparse tensors. */
async function readAttributeField(walker: ProtoWalker, draft: Draft, node: NodeDraft, field: number, wire: number): Promise<boolean> {
  if (wire !== 2) return false;
  if (field === 6 || field === 11) return await walker.inner((inner, type) => readGraphField(walker, draft, inner, type));
  const found =
    field === 5 || field === 10
      ? [await readOnnxTensor(walker, draft.problems)]
      : field === 22 || field === 23
        ? await readOnnxSparse(walker, draft.problems)
        : null;
  if (found === null) return false;
  if (node.constants.length >= MAX_TENSORS) throw tooMany("tensors", MAX_TENSORS, walker.offset);
  for (const constant of found) node.constants.push(constant);
  return true;
}

/** FunctionProto: 1 name, 7 node, 10 domain, 11 attribute_proto (defaults, which may be tensors). */
async function readFunction(walker: ProtoWalker, draft: Draft): Promise<void> {
  const offset = walker.offset;
  const defined: NodeDraft = { domain: "", name: "", output: "", constants: [] };
  await walker.inner(async (field, wire) => {
    if (wire !== 2) return false;
    if (field === 1) return await readText(walker, (text) => (defined.name = text));
    if (field === 10) return await readText(walker, (text) => (defined.domain = text));
    if (field === 11) return await walker.inner((inner, type) => readAttributeField(walker, draft, defined, inner, type));
    if (field !== 7) return false;
    await readNode(walker, draft);
    return true;
  });
  for (const constant of defined.constants) addTensor(draft, constant);
  if (draft.functions.size >= MAX_FUNCTIONS) throw tooMany("functions", MAX_FUNCTIONS, offset);
  draft.functions.add(`${defined.domain}:${defined.name}`);
}
