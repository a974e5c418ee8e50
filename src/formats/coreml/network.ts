// Neural networks of Core ML (coremltools mlmodel/format/NeuralNetwork.proto): layers with their weights in this file.
import type { ProtoPlace } from "../proto-walker.ts";
import { type CoremlDraft, countOperation, keepCustom, keepTensor, readText } from "./draft.ts";

interface LayerType {
  readonly name: string;
  /** Fields that are WeightParams. */
  readonly weights: Readonly<Record<number, string>>;
  /** Fields whose own fields are WeightParams. */
  readonly groups?: Readonly<Record<number, Readonly<Record<number, string>>>>;
}

const GATES: Readonly<Record<number, string>> = {
  1: "inputGateWeightMatrix",
  2: "forgetGateWeightMatrix",
  3: "blockInputWeightMatrix",
  4: "outputGateWeightMatrix",
  20: "inputGateRecursionMatrix",
  21: "forgetGateRecursionMatrix",
  22: "blockInputRecursionMatrix",
  23: "outputGateRecursionMatrix",
  40: "inputGateBiasVector",
  41: "forgetGateBiasVector",
  42: "blockInputBiasVector",
  43: "outputGateBiasVector",
  60: "inputGatePeepholeVector",
  61: "forgetGatePeepholeVector",
  62: "outputGatePeepholeVector",
};

/** Layers with weights, by their field in NeuralNetworkLayer. */
const LAYERS: Readonly<Record<number, LayerType>> = {
  100: { name: "convolution", weights: { 90: "weights", 91: "bias" } },
  130: { name: "activation", weights: {}, groups: { 25: { 1: "alpha" }, 71: { 1: "alpha", 2: "beta" } } },
  140: { name: "innerProduct", weights: { 20: "weights", 21: "bias" } },
  150: { name: "embedding", weights: { 20: "weights", 21: "bias" } },
  160: { name: "batchnorm", weights: { 15: "gamma", 16: "beta", 17: "mean", 18: "variance" } },
  245: { name: "scale", weights: { 2: "scale", 5: "bias" } },
  250: { name: "bias", weights: { 2: "bias" } },
  290: { name: "loadConstant", weights: { 2: "data" } },
  400: { name: "simpleRecurrent", weights: { 30: "weightMatrix", 31: "recursionMatrix", 32: "biasVector" } },
  410: {
    name: "gru",
    weights: {
      30: "updateGateWeightMatrix",
      31: "resetGateWeightMatrix",
      32: "outputGateWeightMatrix",
      50: "updateGateRecursionMatrix",
      51: "resetGateRecursionMatrix",
      52: "outputGateRecursionMatrix",
      70: "updateGateBiasVector",
      71: "resetGateBiasVector",
      72: "outputGateBiasVector",
    },
  },
  420: { name: "uniDirectionalLSTM", weights: {}, groups: { 20: GATES } },
  430: { name: "biDirectionalLSTM", weights: {}, groups: { 20: GATES } },
  500: { name: "custom", weights: { 20: "weights" } },
  1040: { name: "embeddingND", weights: { 20: "weights", 21: "bias" } },
  1045: { name: "batchedMatmul", weights: { 8: "weights", 9: "bias" } },
  1070: { name: "loadConstantND", weights: { 2: "data" } },
  1350: { name: "layerNormalization", weights: { 3: "gamma", 4: "beta" } },
  1471: { name: "convolution3d", weights: { 60: "weights", 61: "bias" } },
};

/** Fields of a layer that say nothing of its kind: name, inputs, outputs, their shapes, isUpdatable. */
const FIRST_KIND = 100;

/** NeuralNetwork, also as classifier and regressor: 1 layers. */
export async function readNetwork(draft: CoremlDraft): Promise<true> {
  return await draft.walker.inner((field, wire) => field === 1 && wire === 2 && readLayer(draft));
}

/** NeuralNetworkLayer: 1 name, then one field for the kind. */
async function readLayer(draft: CoremlDraft): Promise<true> {
  const { walker } = draft;
  let name = "";
  return await walker.inner(async (field, wire) => {
    if (wire !== 2) return false;
    if (field === 1) return await readText(walker, (text) => (name = text));
    if (field < FIRST_KIND) return false;
    const layer = LAYERS[field];
    countOperation(draft, layer?.name ?? `layer-${field}`, walker.offset);
    return layer !== undefined && (await readKind(draft, layer, name));
  });
}

async function readKind(draft: CoremlDraft, layer: LayerType, name: string): Promise<true> {
  const { walker } = draft;
  const offset = walker.offset;
  return await walker.inner(async (field, wire) => {
    if (wire !== 2) return false;
    // CustomLayerParams: 10 className.
    if (layer.name === "custom" && field === 10) {
      return await readText(walker, (className) => keepCustom(draft, { kind: "layer", className, offset }));
    }
    const own = layer.weights[field];
    if (own !== undefined) return await readWeights(draft, `${name}.${own}`);
    const group = layer.groups?.[field];
    if (group === undefined) return false;
    return await walker.inner((inner, type) => {
      const label = group[inner];
      return label !== undefined && type === 2 && readWeights(draft, `${name}.${label}`);
    });
  });
}

/** Bytes a value and name of each kind of content of WeightParams. */
const CONTENTS: Readonly<Record<number, { readonly dtype: string; readonly bytes: number }>> = {
  1: { dtype: "FLOAT32", bytes: 4 },
  2: { dtype: "FLOAT16", bytes: 2 },
  30: { dtype: "RAW", bytes: 1 },
  31: { dtype: "INT8", bytes: 1 },
};

/** WeightParams: 1 floatValue, packed, 2 float16Value, 30 rawValue (several values a byte), 31 int8RawValue. */
async function readWeights(draft: CoremlDraft, name: string): Promise<true> {
  const { walker } = draft;
  const offset = walker.offset;
  let place: ProtoPlace | null = null;
  let content = CONTENTS[1];
  await walker.inner(async (field, wire) => {
    const found = CONTENTS[field];
    if (wire !== 2 || found === undefined) return false;
    const part = await walker.place();
    // An empty field is a default that was written out.
    if (part.end > part.start) [place, content] = [part, found];
    return true;
  });
  const { start, end } = place ?? { start: offset, end: offset };
  const values = Math.floor((end - start) / (content?.bytes ?? 1));
  if (values > 0) keepTensor(draft, { name, dtype: content?.dtype ?? "", shape: [values], place, blob: null, offset });
  return true;
}
