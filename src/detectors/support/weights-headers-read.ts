// Turns the header of one weight file, whatever its format, into what the detector needs of it.
import { AjarError } from "../../core/errors.ts";
import type { Artifact } from "../../core/inventory.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { type GgufHeader, readGgufHeader } from "../../formats/gguf.ts";
import { readOnnxHeader } from "../../formats/onnx.ts";
import { PrefixReader } from "../../formats/prefix-reader.ts";
import type { FormatProblem } from "../../formats/problem.ts";
import { readSafetensorsHeader, type SafetensorsHeader } from "../../formats/safetensors.ts";
import { type FormatName, sniff } from "../../formats/sniff.ts";
import { elementsOf } from "../../formats/tensor.ts";
import { parseTfjsModel } from "../../formats/tfjs.ts";
import type { DetectorContext } from "../detector.ts";

/** Formats whose headers are read. */
type HeaderFormat = "safetensors" | "gguf" | "onnx" | "tfjs";
type BinaryFormat = Exclude<HeaderFormat, "tfjs">;

/** A key of the metadata with its text and place. */
export interface Stated {
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

interface Counted {
  /** Numbers that are a model's own: floating point, 8-bit weights, GGUF's quantised types. */
  readonly elements: number;
  readonly bytes: number;
  /** Bytes in whole-number types: index buffers, or weights packed several to a number. */
  readonly wholeBytes: number;
}

export interface WeightsHeader {
  readonly artifact: Artifact;
  readonly format: HeaderFormat;
  /** Bytes of the header, from the start of the file. */
  readonly headerBytes: number;
  /** What the tensors hold; null when the file is no model or its elements cannot be counted. */
  readonly counted: Counted | null;
  /** Tensor names, for the comparison with an index; null when they were not kept. */
  readonly tensorNames: readonly string[] | null;
  readonly stated: readonly Stated[];
  /** Some tensors are stored in a quantised type. */
  readonly isQuantized: boolean;
  readonly problems: readonly FormatProblem[];
}

export type HeaderResult =
  | { readonly kind: "header"; readonly header: WeightsHeader }
  | { readonly kind: "broken"; readonly artifact: Artifact; readonly format: HeaderFormat; readonly error: AjarError }
  | { readonly kind: "unread"; readonly artifact: Artifact; readonly error: AjarError }
  | { readonly kind: "other" };

/** ONNX keeps names between its tensors, so a range per tensor would be fetched; only models up to this are read, whole. */
const MAX_WHOLE_ONNX = 16 * 1024 * 1024;
const FLOATING = /^(?:F|BF|C)\d/u;
const PLAIN_GGML = /^(?:F16|F32|F64|BF16|I8|I16|I32|I64)$/u;

/** Reads one file's header by range. Damage is a result, not an error. @throws whatever is not an AjarError */
export async function readWeightsHeader(context: DetectorContext, artifact: Artifact): Promise<HeaderResult> {
  if (artifact.content !== "readable" || artifact.sizeBytes === null) return { kind: "other" };
  const reader = new PrefixReader({
    sizeBytes: artifact.sizeBytes,
    read: (start, length) => context.read(artifact.path, { start, length }),
  });
  let format: BinaryFormat | null = null;
  try {
    format = headerFormat(artifact.path, sniff(await reader.prefix(), reader.sizeBytes));
    if (format === null) return { kind: "other" };
    const header = await READERS[format](reader, artifact);
    return header === null ? { kind: "other" } : { kind: "header", header };
  } catch (error) {
    if (!(error instanceof AjarError) || error.code === "INTERRUPTED") throw error;
    if (format === null || error === reader.failure) return { kind: "unread", artifact, error };
    return { kind: "broken", artifact, format, error };
  }
}

const TFJS_NAME = /(?:^|\/)model\.json$/iu;
/** The topology of a large model takes a few megabytes of JSON. */
const MAX_TFJS_BYTES = 16 * 1024 * 1024;

/** Whether a file may be the header of a TensorFlow.js model, whose weights lie beside it. */
export function isTfjsName(path: string): boolean {
  return TFJS_NAME.test(path);
}

/** Reads a TensorFlow.js `model.json`; other JSON of that name is `other`. @throws whatever is not an AjarError */
export async function readTfjsHeader(context: DetectorContext, artifact: Artifact): Promise<HeaderResult> {
  const { path, sizeBytes, content } = artifact;
  if (content !== "readable" || sizeBytes === null || sizeBytes > MAX_TFJS_BYTES) return { kind: "other" };
  try {
    const text = artifact.text ?? new TextDecoder().decode(await context.read(path, { start: 0, length: sizeBytes }));
    const { weights } = parseTfjsModel(text);
    const floats = weights.filter(({ dtype }) => dtype.startsWith("float"));
    const elements = floats.reduce((sum, { shape }) => sum + elementsOf(shape, 0), 0);
    const counted = { elements, bytes: 0, wholeBytes: 0 };
    const header = { artifact, headerBytes: sizeBytes, counted, tensorNames: null, stated: [], isQuantized: false, problems: [] };
    return { kind: "header", header: { ...header, format: "tfjs" } };
  } catch (error) {
    if (!(error instanceof AjarError) || error.code === "INTERRUPTED") throw error;
    // Any project may have a file of this name, broken or not.
    return { kind: "other" };
  }
}

/** Content decides; where it says nothing, the name says what the file claims to be. */
function headerFormat(path: string, sniffed: FormatName | null): BinaryFormat | null {
  if (sniffed === "safetensors" || sniffed === "gguf" || sniffed === "onnx") return sniffed;
  if (sniffed === "lfs-pointer") return null;
  if (/\.safetensors$/iu.test(path)) return "safetensors";
  return /\.gguf$/iu.test(path) ? "gguf" : null;
}

type Read = (reader: PrefixReader, artifact: Artifact) => Promise<WeightsHeader | null>;

const READERS: Readonly<Record<BinaryFormat, Read>> = {
  async safetensors(reader, artifact) {
    const header = await readSafetensorsHeader(reader);
    const headerBytes = 8 + header.headerBytes;
    return {
      artifact,
      format: "safetensors",
      headerBytes,
      counted: countElements(header),
      tensorNames: header.tensors.map((tensor) => tensor.name),
      stated: [...header.metadata].map(([key, value]) => ({ key, value, start: 8, end: headerBytes })),
      isQuantized: false,
      problems: header.problems,
    };
  },
  async gguf(reader, artifact) {
    const header = await readGgufHeader(reader);
    return {
      artifact,
      format: "gguf",
      headerBytes: header.dataOffset,
      counted: isModel(header) ? { elements: header.parameters, bytes: 0, wholeBytes: 0 } : null,
      tensorNames: header.tensors.map((tensor) => tensor.name),
      stated: statedInGguf(header),
      isQuantized: [...header.types.keys()].some((type) => !PLAIN_GGML.test(type)),
      problems: header.problems,
    };
  },
  async onnx(reader, artifact) {
    if (reader.sizeBytes > MAX_WHOLE_ONNX) return null;
    const header = await readOnnxHeader(new MemoryReader(await reader.read(0, reader.sizeBytes)));
    return {
      artifact,
      format: "onnx",
      headerBytes: reader.sizeBytes,
      // Exporters put constants and folded weights among the initializers: their sum is no parameter count.
      counted: null,
      tensorNames: null,
      stated: [...header.metadata].map(([key, value]) => ({ key, value, start: 0, end: reader.sizeBytes })),
      isQuantized: false,
      problems: header.problems,
    };
  },
};

function countElements(header: SafetensorsHeader): Counted {
  let elements = 0;
  let bytes = 0;
  let wholeBytes = 0;
  for (const { dtype, shape, begin, end } of header.tensors) {
    bytes += end - begin;
    if (FLOATING.test(dtype) || dtype === "I8") elements += elementsOf(shape, 8);
    else wholeBytes += end - begin;
  }
  return { elements, bytes, wholeBytes };
}

/** GGUF also carries adapters, vision projectors and bare vocabularies (`general.type`). */
function isModel(header: GgufHeader): boolean {
  const type = header.metadata.get("general.type")?.value;
  return (type === undefined || type === "model") && header.parameters > 0;
}

function statedInGguf(header: GgufHeader): readonly Stated[] {
  const stated: Stated[] = [];
  for (const [key, { value, start, end }] of header.metadata) {
    if (!key.startsWith("general.")) continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === "string" || typeof item === "number") stated.push({ key, value: String(item), start, end });
    }
  }
  return stated;
}
