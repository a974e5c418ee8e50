// Writes ONNX models in the protobuf wire format.

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export function field(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function numberField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function pair(key: string, value: string): Buffer {
  return Buffer.concat([field(1, key), field(2, value)]);
}

interface OnnxInitializer {
  readonly name: string;
  readonly dims: readonly number[];
  readonly packed?: boolean;
  readonly data?: Uint8Array;
  readonly externalFile?: string;
  readonly externalOffset?: number;
  /** TensorProto.DataType; FLOAT when absent. */
  readonly type?: number;
}

/** A TensorProto. */
export function onnxTensor({ name, dims, packed, data, externalFile, externalOffset, type }: OnnxInitializer): Buffer {
  const shape = packed === true ? [field(1, Buffer.concat(dims.map(varint)))] : dims.map((dimension) => numberField(1, dimension));
  const place = pair("offset", String(externalOffset ?? 0));
  const external = externalFile === undefined ? [] : [field(13, pair("location", externalFile)), field(13, place)];
  return Buffer.concat([...shape, numberField(2, type ?? 1), field(8, name), ...(data === undefined ? [] : [field(9, data)]), ...external]);
}

interface OnnxNode {
  readonly operator: string;
  readonly domain?: string;
  readonly output?: string;
  /** AttributeProto messages. */
  readonly attributes?: readonly Buffer[];
}

/** A NodeProto. */
export function onnxNode({ operator, domain, output, attributes }: OnnxNode): Buffer {
  return Buffer.concat([
    ...(output === undefined ? [] : [field(2, output)]),
    field(4, operator),
    ...(attributes ?? []).map((attribute) => field(5, attribute)),
    ...(domain === undefined ? [] : [field(7, domain)]),
  ]);
}

export interface OnnxModel {
  readonly graphName?: string;
  readonly initializers?: readonly OnnxInitializer[];
  readonly nodes?: number;
  /** NodeProto messages besides. */
  readonly graphNodes?: readonly Buffer[];
  /** Fields of the model besides. */
  readonly more?: readonly Buffer[];
  readonly metadata?: readonly (readonly [string, string])[];
}

export function writeOnnx({ graphName, initializers, nodes, metadata, graphNodes, more }: OnnxModel): Buffer {
  const graph = Buffer.concat([
    ...Array.from({ length: nodes ?? 1 }, () => field(1, field(4, "MatMul"))),
    ...(graphNodes ?? []).map((node) => field(1, node)),
    field(2, graphName ?? "main"),
    ...(initializers ?? []).map((item) => field(5, onnxTensor(item))),
  ]);
  return Buffer.concat([
    numberField(1, 8),
    field(2, "pytorch"),
    field(3, "2.4.0"),
    numberField(5, -1),
    field(7, graph),
    field(8, Buffer.concat([field(1, "ai.onnx"), numberField(2, 17)])),
    ...(metadata ?? []).map(([key, value]) => field(14, pair(key, value))),
    ...(more ?? []),
  ]);
}
