// TensorFlow SavedModel: a graph that runs when it is called, and parts of it when it is loaded.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScanCoverage } from "../../core/scan.ts";
import { parseJson } from "../../formats/json-reader.ts";
import { type ProtoTag, protoOutline } from "../../formats/proto-outline.ts";
import { type ObjectMetadata, readSavedModel, type SavedModel } from "../../formats/tensorflow/saved-model.ts";
import { coverageOfError, FULL, worstCoverage } from "../combine.ts";
import { kerasHits } from "../keras.ts";
import { pathFault } from "../paths.ts";
import { hitOf } from "../rules.ts";
import type { FileView, Scanner } from "../scanner.ts";
import { constantTensors, graphFacts, operatorHits, riskOf, wantedOperators } from "../tensorflow.ts";

/** SavedModel's fields: schema version and graphs. */
const FIELDS: ReadonlySet<ProtoTag> = new Set(["1:0", "2:2"]);
/** MetaGraphDef's. */
const GRAPH_FIELDS: ReadonlySet<ProtoTag> = new Set(["1:2", "2:2", "3:2", "4:2", "5:2", "6:2", "7:2"]);

export const scanner: Scanner = {
  id: "savedmodel",
  risk: "may-execute",
  claims: isSavedModel,
  async scan(reader): Promise<FormatReading> {
    const model = await readSavedModel(reader, wantedOperators());
    const keras = model.metadata.map(metadataPart);
    const hits = [...operatorHits(model), ...assetHits(model), ...keras.flatMap((part) => part.hits)];
    const tensors = constantTensors(model.constants);
    return {
      format: "savedmodel",
      risk: riskOf(hits),
      coverage: worstCoverage(keras.map(({ coverage }) => coverage)),
      hits,
      tensors,
      parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0),
      metadata: new Map([...factsOf(model), ...graphFacts(model)]),
    };
  },
};

function isSavedModel({ head, sizeBytes, path }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  if (outline === null) return /(?:^|\/)saved_model\.pb$/u.test(path);
  if (!outline.tags.has("2:2") || ![...outline.tags].every((tag) => FIELDS.has(tag))) return false;
  const graph = outline.first.get("2:2");
  const inner = graph === undefined ? null : protoOutline(head.subarray(graph.start), graph.end - graph.start);
  return inner !== null && (inner.tags.has("2:2") || inner.tags.has("1:2")) && [...inner.tags].every((tag) => GRAPH_FIELDS.has(tag));
}

interface Part {
  readonly hits: readonly SafetyHit[];
  readonly coverage: ScanCoverage;
}

/** A configuration of Keras beside an object of the graph: loaders build layers from it. */
function metadataPart({ text, start, end }: ObjectMetadata): Part {
  try {
    return { hits: kerasHits(parseJson(text, { nonFinite: true, base: start }), { start, end, isH5: false }), coverage: FULL };
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    return { hits: [], coverage: coverageOfError(error, "partial") };
  }
}

function assetHits({ assets }: SavedModel): readonly SafetyHit[] {
  return assets.flatMap(({ file, offset }) => {
    const fault = pathFault(file);
    if (fault === null) return [];
    return [hitOf("TF02", { start: offset, end: offset + 1, variant: fault, args: { file: file.slice(0, 200) }, quote: file })];
  });
}

const MAX_FACT_LENGTH = 200;

function factsOf({ tags, tensorflowVersion, schemaVersion, assets }: SavedModel): readonly (readonly [string, string])[] {
  const facts: readonly (readonly [string, string])[] = [
    ["tags", tags.join(" ")],
    ["producer", tensorflowVersion === "" ? "" : `tensorflow ${tensorflowVersion}`],
    ["schema", String(schemaVersion)],
    ["assets", assets.length === 0 ? "" : String(assets.length)],
  ];
  return facts.filter(([, text]) => text !== "" && text.length <= MAX_FACT_LENGTH);
}
