// Core ML models: nothing in them is code, but a custom layer or model makes the application run a class of its own.
import type { FileReference, FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import { type CoremlModel, isCoremlKind, readCoreml } from "../../formats/coreml/model.ts";
import { protoOutline } from "../../formats/proto-outline.ts";
import { FULL } from "../combine.ts";
import { pathFault } from "../paths.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";

/** Stands for the folder of the model in the names of weight files. */
const MODEL_PATH = "@model_path/";
/** The description of a blob, behind which its data lie. */
const BLOB_HEAD_BYTES = 64;
const MAX_FACT_LENGTH = 200;

export const scanner: Scanner = {
  id: "coreml",
  risk: "cannot-execute",
  claims: isCoreml,
  async scan(reader): Promise<FormatReading> {
    const model = await readCoreml(reader);
    return {
      format: "coreml",
      risk: "cannot-execute",
      coverage: coverageOf(model),
      hits: [...fileHits(model), ...customHits(model)],
      tensors: model.tensors.map(({ name, dtype, shape, place, blob }): ScannedTensor => {
        return blob === null ? { name, dtype, shape, place } : { name, dtype, shape, member: plain(blob.file), place: null };
      }),
      parameters: model.parameters,
      metadata: factsOf(model),
      references: referencesOf(model),
    };
  },
};

/** specificationVersion, a description, and a kind of model. */
function isCoreml({ head, sizeBytes, path }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  if (outline === null) return /\.mlmodel$/iu.test(path);
  const kinds = [...outline.tags].filter((tag) => tag.endsWith(":2") && isCoremlKind(Number(tag.split(":")[0])));
  const known = new Set(["1:0", "2:2", "10:0", ...kinds]);
  return outline.tags.has("1:0") && kinds.length > 0 && [...outline.tags].every((tag) => known.has(tag));
}

function plain(file: string): string {
  return file.startsWith(MODEL_PATH) ? file.slice(MODEL_PATH.length) : file;
}

function coverageOf({ opaque, tensors }: CoremlModel): ScanCoverage {
  const [hidden] = opaque;
  if (hidden !== undefined)
    return { state: "partial", code: "unsupported", detail: `a ${hidden.what} cannot be looked into`, offset: hidden.offset };
  const unknown = tensors.find(({ dtype }) => dtype.startsWith("type-"));
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `tensor ${unknown.dtype}`, offset: unknown.offset };
}

/** Every file that a model names, once. */
function filesOf({ tensors, linked }: CoremlModel): ReadonlyMap<string, number> {
  const files = new Map<string, number>();
  for (const { blob, offset } of tensors) if (blob !== null && !files.has(blob.file)) files.set(blob.file, offset);
  for (const { file, offset } of linked) if (!files.has(file)) files.set(file, offset);
  return files;
}

function fileHits(model: CoremlModel): readonly SafetyHit[] {
  return [...filesOf(model)].flatMap(([file, offset]) => {
    const fault = pathFault(plain(file));
    if (fault === null) return [];
    return [hitOf("CM01", { start: offset, end: offset + 1, variant: fault, args: { file: file.slice(0, 200) }, quote: file })];
  });
}

function customHits({ custom }: CoremlModel): readonly SafetyHit[] {
  return custom.map(({ kind, className, offset }) => {
    return hitOf("CM02", { start: offset, end: offset + 1, variant: kind, args: { name: className.slice(0, 200) } });
  });
}

function referencesOf(model: CoremlModel): readonly FileReference[] {
  const reach = new Map<string, number>();
  for (const { blob } of model.tensors) {
    if (blob !== null) reach.set(blob.file, Math.max(reach.get(blob.file) ?? 0, blob.offset + BLOB_HEAD_BYTES));
  }
  return [...filesOf(model)].map(([file, start]) => ({ path: plain(file), minBytes: reach.get(file) ?? null, start, end: start + 1 }));
}

function factsOf({ specificationVersion, kinds, metadata, operations, tensors }: CoremlModel): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const [key, text] of metadata)
    if (text !== "" && text.length <= MAX_FACT_LENGTH && key.length <= MAX_FACT_LENGTH) facts.set(key, text);
  facts.set("specification", String(specificationVersion));
  facts.set("architecture", [...new Set(kinds)].join(" ").slice(0, MAX_FACT_LENGTH));
  const packing = [...operations.keys()].find((type) => type.startsWith("constexpr_"));
  const narrow = tensors.find(({ dtype }) => dtype === "RAW" || dtype === "INT8" || dtype === "FLOAT16");
  const quantisation = packing ?? narrow?.dtype.toLowerCase();
  if (quantisation !== undefined) facts.set("quantization", quantisation);
  return facts;
}
