// keras_metadata.pb of a SavedModel: the configurations that Keras 2 rebuilds layers from, lambdas included.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, ScanCoverage } from "../../core/scan.ts";
import { parseJson } from "../../formats/json-reader.ts";
import { protoOutline } from "../../formats/proto-outline.ts";
import { readKerasMetadata } from "../../formats/tensorflow/saved-model.ts";
import { coverageOfError, worstCoverage } from "../combine.ts";
import { kerasHits } from "../keras.ts";
import type { FileView, Scanner } from "../scanner.ts";

export const scanner: Scanner = {
  id: "keras-metadata",
  risk: "may-execute",
  claims: isKerasMetadata,
  async scan(reader): Promise<FormatReading> {
    const coverages: ScanCoverage[] = [];
    const nodes = await readKerasMetadata(reader);
    const hits = nodes.flatMap(({ text, start, end }) => {
      try {
        return kerasHits(parseJson(text, { nonFinite: true, base: start }), { start, end, isH5: false });
      } catch (error) {
        if (!(error instanceof AjarError)) throw error;
        coverages.push(coverageOfError(error, "partial"));
        return [];
      }
    });
    return {
      format: "keras-metadata",
      risk: hits.some(({ rule }) => rule === "KR01" || rule === "KR02") ? "may-execute" : "cannot-execute",
      coverage: worstCoverage(coverages),
      hits,
      tensors: [],
      parameters: null,
      metadata: new Map([["objects", String(nodes.length)]]),
    };
  },
};

/** SavedMetadata: nodes alone; in the first an identifier of Keras. */
function isKerasMetadata({ head, sizeBytes }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  const first = outline?.first.get("1:2");
  if (outline === null || first === undefined || outline.tags.size !== 1) return false;
  return new TextDecoder("latin1").decode(head.subarray(first.start, Math.min(first.end, first.start + 4096))).includes("_tf_keras_");
}
