// ONNX: a protobuf walked field by field; weights inside are stepped over. A generated decoder would copy them all.
// Field numbers: onnx/onnx.proto (ModelProto, GraphProto, TensorProto, StringStringEntryProto).
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { type FormatProblem, ProblemList } from "./problem.ts";
import { ProtoWalker } from "./proto-walker.ts";
import { elementsOf } from "./tensor.ts";

interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** TensorProto.DataType. */
  readonly type: number;
  /** File that holds the data when they are not in this one; may leave the folder: the caller judges. */
  readonly externalFile: string | null;
}

export interface OnnxHeader {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graphName: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly opsetDomains: readonly string[];
  readonly tensors: readonly OnnxTensor[];
  /** Elements over the initializers of the main graph. */
  readonly parameters: number;
  readonly nodes: number;
  readonly problems: readonly FormatProblem[];
}

/** Names and nodes of the largest exports take a few megabytes; tensor data do not count. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_TENSORS = 100_000;
const MAX_METADATA = 10_000;
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_DIMENSIONS = 64;

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
  readonly problems: ProblemList;
}

/** Walks the whole model by ranges, fetching no tensor data. @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readOnnxHeader(reader: ByteReader): Promise<OnnxHeader> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT_BYTES });
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
    problems: new ProblemList(),
  };
  await walker.message(reader.sizeBytes, (field, wire) => readModelField(walker, draft, field, wire));
  if (draft.irVersion === 0 || draft.graphs === 0) {
    throw new AjarError("NOT_THIS_FORMAT", "ONNX model has no version or no graph", { offset: 0 });
  }
  const { irVersion, producerName, producerVersion, graphName, metadata, opsetDomains, tensors, parameters, nodes, problems } = draft;
  return {
    irVersion,
    producerName,
    producerVersion,
    graphName,
    metadata,
    opsetDomains,
    tensors,
    parameters,
    nodes,
    problems: problems.list,
  };
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
      await walker.inner((inner, type) => readGraphField(walker, draft, inner, type));
      return true;
    case "8:2":
      await readOpset(walker, draft);
      return true;
    case "14:2":
      await readMetadata(walker, draft);
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

/** StringStringEntryProto: 1 key, 2 value. */
async function readPair(walker: ProtoWalker): Promise<[string, string]> {
  const pair: [string, string] = ["", ""];
  await walker.inner(async (field, wire) => {
    if (wire !== 2 || (field !== 1 && field !== 2)) return false;
    pair[field - 1] = await walker.text(MAX_TEXT_BYTES);
    return true;
  });
  return pair;
}

async function readGraphField(walker: ProtoWalker, draft: Draft, field: number, wire: number): Promise<boolean> {
  if (wire !== 2) return false;
  if (field === 1) draft.nodes += 1;
  if (field === 2) {
    draft.graphName = await walker.text(MAX_TEXT_BYTES);
    return true;
  }
  if (field !== 5) return false;
  const at = walker.offset;
  if (draft.tensors.length >= MAX_TENSORS) throw tooMany("initializers", MAX_TENSORS, at);
  const tensor = await readTensor(walker);
  draft.tensors.push(tensor);
  draft.parameters += elementsOf(tensor.shape, at);
  return true;
}

async function readTensor(walker: ProtoWalker): Promise<OnnxTensor> {
  const shape: number[] = [];
  let name = "";
  let type = 0;
  let externalFile: string | null = null;
  await walker.inner(async (field, wire) => {
    switch (`${field}:${wire}`) {
      case "1:0":
        pushDimension(shape, await walker.count(), walker.offset);
        return true;
      case "1:2":
        await walker.packed((value) => pushDimension(shape, value, walker.offset));
        return true;
      case "2:0":
        type = await walker.count();
        return true;
      case "8:2":
        name = await walker.text(MAX_TEXT_BYTES);
        return true;
      case "13:2":
        externalFile = placeOf(await readPair(walker)) ?? externalFile;
        return true;
      default:
        return false;
    }
  });
  return { name, shape, type, externalFile };
}

function placeOf([key, value]: readonly [string, string]): string | null {
  return key === "location" ? value : null;
}

function pushDimension(shape: number[], dimension: number, offset: number): void {
  if (shape.length >= MAX_DIMENSIONS) throw tooMany("dimensions", MAX_DIMENSIONS, offset);
  shape.push(dimension);
}

function tooMany(what: string, limit: number, offset: number): AjarError {
  return new AjarError("OVER_LIMIT", `ONNX model has more than ${limit} ${what}`, { offset });
}
