// Core ML models (coremltools mlmodel/format/Model.proto), pipelines of them among them.
import { AjarError } from "../../core/errors.ts";
import type { ByteReader } from "../../core/source.ts";
import { ProtoWalker } from "../proto-walker.ts";
import { elementsOf } from "../tensor.ts";
import { type CoremlDraft, type CoremlTensor, keepCustom, MAX_TEXT, readText } from "./draft.ts";
import { readNetwork } from "./network.ts";
import { readProgram } from "./program.ts";

export interface CoremlModel extends Pick<CoremlDraft, "custom" | "linked" | "opaque"> {
  readonly specificationVersion: number;
  /** Kinds of the model and of the models inside it, e.g. `mlProgram`. */
  readonly kinds: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly CoremlTensor[];
  readonly parameters: number;
  readonly operations: ReadonlyMap<string, number>;
}

/** Programs of large language models take some tens of megabytes, their weights left aside. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_FIELDS = 10_000_000;
const MAX_METADATA = 1000;
const MAX_LINKED = 1000;

/** Kinds of models by their field in Model. */
const KINDS: Readonly<Record<number, string>> = {
  200: "pipelineClassifier",
  201: "pipelineRegressor",
  202: "pipeline",
  300: "glmRegressor",
  301: "supportVectorRegressor",
  302: "treeEnsembleRegressor",
  303: "neuralNetworkRegressor",
  304: "bayesianProbitRegressor",
  400: "glmClassifier",
  401: "supportVectorClassifier",
  402: "treeEnsembleClassifier",
  403: "neuralNetworkClassifier",
  404: "kNearestNeighborsClassifier",
  500: "neuralNetwork",
  501: "itemSimilarityRecommender",
  502: "mlProgram",
  555: "customModel",
  556: "linkedModel",
  560: "classConfidenceThresholding",
  600: "oneHotEncoder",
  601: "imputer",
  602: "featureVectorizer",
  603: "dictVectorizer",
  604: "scaler",
  606: "categoricalMapping",
  607: "normalizer",
  609: "arrayFeatureExtractor",
  610: "nonMaximumSuppression",
  900: "identity",
  2000: "textClassifier",
  2001: "wordTagger",
  2002: "visionFeaturePrint",
  2003: "soundAnalysisPreprocessing",
  2004: "gazetteer",
  2005: "wordEmbedding",
  2006: "audioFeaturePrint",
  3000: "serializedModel",
};

/** Whether a field of Model is a kind of model. */
export function isCoremlKind(field: number): boolean {
  return KINDS[field] !== undefined;
}

interface Draft extends CoremlDraft {
  version: number;
  readonly kinds: string[];
  readonly metadata: Map<string, string>;
}

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readCoreml(reader: ByteReader): Promise<CoremlModel> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT, maxFields: MAX_FIELDS });
  const draft: Draft = {
    walker,
    version: 0,
    kinds: [],
    metadata: new Map(),
    tensors: [],
    custom: [],
    operations: new Map(),
    linked: [],
    opaque: [],
  };
  await walker.message(reader.sizeBytes, (field, wire) => modelField(draft, field, wire));
  if (draft.version === 0 || draft.kinds.length === 0) {
    throw new AjarError("NOT_THIS_FORMAT", "Core ML model has no version or no kind", { offset: 0 });
  }
  const { version, kinds, metadata, tensors, custom, operations, linked, opaque } = draft;
  const parameters = tensors.reduce((sum, { shape, offset }) => sum + elementsOf(shape, offset), 0);
  return { specificationVersion: version, kinds, metadata, tensors, parameters, custom, operations, linked, opaque };
}

/** Model: 1 specificationVersion, 2 description, then one field for the kind. */
async function modelField(draft: Draft, field: number, wire: number): Promise<boolean> {
  const { walker } = draft;
  if (field === 1 && wire === 0) {
    draft.version = await walker.count();
    return true;
  }
  if (wire !== 2) return false;
  if (field === 2) return await walker.inner((inner, type) => inner === 100 && type === 2 && readMetadata(draft));
  const kind = KINDS[field];
  if (kind === undefined) return false;
  draft.kinds.push(kind);
  return await readKind(draft, kind);
}

async function readKind(draft: Draft, kind: string): Promise<boolean> {
  const { walker } = draft;
  const offset = walker.offset;
  switch (kind) {
    case "pipeline":
      return await readPipeline(draft);
    case "pipelineClassifier":
    case "pipelineRegressor":
      return await walker.inner((field, wire) => field === 1 && wire === 2 && readPipeline(draft));
    case "neuralNetwork":
    case "neuralNetworkClassifier":
    case "neuralNetworkRegressor":
      return await readNetwork(draft);
    case "mlProgram":
      return await readProgram(draft);
    case "customModel":
      // CustomModel: 10 className.
      return await walker.inner(
        (field, wire) =>
          field === 10 && wire === 2 && readText(walker, (className) => keepCustom(draft, { kind: "model", className, offset })),
      );
    case "linkedModel":
      return await readLinked(draft);
    case "serializedModel":
      draft.opaque.push({ what: kind, offset });
      return false;
    default:
      return false;
  }
}

/** Pipeline: 1 models. */
async function readPipeline(draft: Draft): Promise<true> {
  const { walker } = draft;
  return await walker.inner((field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    return walker.inner((inner, type) => (inner === 2 || inner === 1 ? false : modelField(draft, inner, type)));
  });
}

/** LinkedModel: 1 linkedModelFile (1 linkedModelFileName, 2 linkedModelSearchPath, each a text with a default: 1 defaultValue). */
async function readLinked(draft: Draft): Promise<true> {
  const { walker, linked } = draft;
  const offset = walker.offset;
  return await walker.inner((field, wire) => {
    if (field !== 1 || wire !== 2) return false;
    return walker.inner((inner, type) => {
      if ((inner !== 1 && inner !== 2) || type !== 2) return false;
      return walker.inner(
        (part, kind) => part === 1 && kind === 2 && linked.length < MAX_LINKED && readText(walker, (file) => linked.push({ file, offset })),
      );
    });
  });
}

/** Metadata: 1 shortDescription, 2 versionString, 3 author, 4 license, 100 userDefined, a map. */
async function readMetadata({ walker, metadata }: Draft): Promise<true> {
  const names: Readonly<Record<number, string>> = { 1: "description", 2: "version", 3: "author", 4: "license" };
  return await walker.inner(async (field, wire) => {
    if (wire !== 2 || metadata.size >= MAX_METADATA) return false;
    const name = names[field];
    if (name !== undefined) return await readText(walker, (text) => metadata.set(name, text));
    if (field !== 100) return false;
    const pair = ["", ""];
    await walker.inner((inner, type) => (inner === 1 || inner === 2) && type === 2 && readText(walker, (text) => (pair[inner - 1] = text)));
    metadata.set(pair[0] ?? "", pair[1] ?? "");
    return true;
  });
}
