// OpenVINO: a graph of operations in XML; numbers lie in the .bin file of the same name.
import type { FileReference, FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import { type OpenvinoModel, readOpenvino } from "../../formats/openvino.ts";
import { FULL } from "../combine.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const RULES: ProblemRules = { doctype: ["OV01", "medium"], "size-differs": ["OV01", "low"] };
/** Operation sets of OpenVINO itself. */
const OWN = /^(?:opset\d{1,3}|experimental|type_relaxed_opset|ie_internal_opset|ov_ops)?$/u;
const MAX_FACT_LENGTH = 200;
/** First bytes that the pattern below can match: `<`, what `\s` is in Latin-1, and the first of a byte order mark. */
const LEADS: ReadonlySet<number> = new Set([0x3c, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0xef]);

export const scanner: Scanner = {
  id: "openvino",
  risk: "cannot-execute",
  claims({ head }) {
    // Asked of every file: what begins with neither markup, white space nor a byte order mark is not decoded.
    if (!LEADS.has(head[0] ?? 0)) return false;
    const start = new TextDecoder("latin1").decode(head.subarray(0, 4096));
    return /^(?:\xef\xbb\xbf)?\s*<[?!n]/u.test(start) && /<net\s[^>]*\bversion=/u.test(start);
  },
  async scan(reader, { path }): Promise<FormatReading> {
    const model = await readOpenvino(reader);
    const weights = `${path.slice(path.lastIndexOf("/") + 1).replace(/\.xml$/iu, "")}.bin`;
    return {
      format: "openvino",
      risk: "cannot-execute",
      coverage: coverageOf(model),
      hits: [...problemHits(model.problems, RULES, reader.sizeBytes), ...operationHits(model, reader.sizeBytes)],
      tensors: model.tensors.map(
        ({ name, dtype, shape, start, end }): ScannedTensor => ({ name, dtype, shape, member: weights, place: { start, end } }),
      ),
      parameters: model.parameters,
      metadata: factsOf(model),
      references: referencesOf(model, weights),
    };
  },
};

function coverageOf({ problems }: OpenvinoModel): ScanCoverage {
  const unknown = problems.find(({ id }) => id === "openvino.unknown-type");
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `tensor type ${unknown.args["type"]}`, offset: unknown.offset };
}

/** One hit for each operation set from elsewhere. */
function operationHits({ operations }: OpenvinoModel, sizeBytes: number): readonly SafetyHit[] {
  const foreign = new Map<string, string>();
  for (const operation of operations.keys()) {
    const [set = "", type = ""] = operation.split("/");
    if (!OWN.test(set) && !foreign.has(set)) foreign.set(set, type);
  }
  return [...foreign].map(([set, type]) => {
    return hitOf("OV02", { start: 0, end: sizeBytes, args: { set: set.slice(0, 100), operation: type.slice(0, 100) } });
  });
}

function referencesOf({ tensors }: OpenvinoModel, path: string): readonly FileReference[] {
  let last = tensors[0];
  for (const tensor of tensors) if (last === undefined || tensor.end > last.end) last = tensor;
  return last === undefined ? [] : [{ path, minBytes: last.end, start: last.offset, end: last.offset + 1 }];
}

const PACKED = /^(?:i4|u4|nf4|u[1236]|f4e2m1|f8\w+|i8|u8)$/u;

function factsOf({ name, version, tensors, operations, facts }: OpenvinoModel): ReadonlyMap<string, string> {
  const known = new Map([["version", version]]);
  if (name !== "") known.set("name", name.slice(0, MAX_FACT_LENGTH));
  const producer = facts.get("Runtime_version") ?? facts.get("MO_version");
  if (producer !== undefined) known.set("producer", `openvino ${producer}`.slice(0, MAX_FACT_LENGTH));
  const isFake = [...operations.keys()].some((operation) => operation.endsWith("/FakeQuantize"));
  const packed = tensors.find(({ dtype, shape }) => PACKED.test(dtype) && shape.length > 1)?.dtype;
  const quantisation = packed ?? (isFake ? "fake-quantize" : undefined);
  if (quantisation !== undefined) known.set("quantization", quantisation);
  return known;
}
