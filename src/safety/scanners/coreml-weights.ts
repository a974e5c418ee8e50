// weight.bin of a Core ML program: blobs that say what they hold. Their names are in the model.
import type { FormatReading, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import { readWeightBlobs, type WeightBlobs, weightBlobHead } from "../../formats/coreml/weight-blob.ts";
import { FULL } from "../combine.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import type { Scanner } from "../scanner.ts";

const RULES: ProblemRules = { overlap: ["CM03"], "past-end": ["CM03"] };

export const scanner: Scanner = {
  id: "coreml-weights",
  risk: "cannot-execute",
  claims: ({ head }) => weightBlobHead(head) !== null,
  async scan(reader): Promise<FormatReading> {
    const found = await readWeightBlobs(reader);
    return {
      format: "coreml-weights",
      risk: "cannot-execute",
      coverage: coverageOf(found),
      hits: problemHits(found.problems, RULES, reader.sizeBytes),
      tensors: found.blobs.map(({ dtype, elements, offset, start, end }): ScannedTensor => {
        return { name: String(offset), dtype, shape: [elements], place: end <= reader.sizeBytes ? { start, end } : null };
      }),
      parameters: found.blobs.reduce((sum, { elements }) => sum + elements, 0),
      metadata: new Map([["blobs", String(found.blobs.length)]]),
    };
  },
};

function coverageOf({ problems }: WeightBlobs): ScanCoverage {
  const cut = problems.find(({ id }) => id === "coreml.past-end");
  if (cut !== undefined) return { state: "partial", code: "truncated", detail: "a blob passes the end of the file", offset: cut.offset };
  const unknown = problems.find(({ id }) => id === "coreml.unknown-type");
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `blob of type ${unknown.args["type"]}`, offset: unknown.offset };
}
