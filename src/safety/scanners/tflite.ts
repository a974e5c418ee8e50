// TensorFlow Lite: a graph of built-in operators; custom ones need code that the application brings.
import type { FileReference, FormatReading, SafetyHit, ScanCoverage } from "../../core/scan.ts";
import { readTflite, type TfliteModel } from "../../formats/tflite.ts";
import { FULL } from "../combine.ts";
import { pathFault } from "../paths.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const RULES: ProblemRules = { "past-end": ["TL01", "medium"] };

export const scanner: Scanner = {
  id: "tflite",
  risk: "cannot-execute",
  claims: ({ head }) => head[4] === 0x54 && head[5] === 0x46 && head[6] === 0x4c && head[7] === 0x33,
  async scan(reader): Promise<FormatReading> {
    const model = await readTflite(reader);
    return {
      format: "tflite",
      risk: "cannot-execute",
      coverage: coverageOf(model),
      hits: [...problemHits(model.problems, RULES, reader.sizeBytes), ...operatorHits(model), ...fileHits(model)],
      tensors: model.tensors.map(({ name, dtype, shape, place }) => ({ name, dtype, shape, place })),
      parameters: model.parameters,
      metadata: factsOf(model),
      references: model.externalFiles.map(
        ({ file, offset }): FileReference => ({ path: file, minBytes: 0, start: offset, end: offset + 1 }),
      ),
    };
  },
};

function coverageOf({ problems }: TfliteModel): ScanCoverage {
  const [problem] = problems;
  if (problem === undefined) return FULL;
  if (problem.id === "tflite.past-end")
    return { state: "partial", code: "truncated", detail: "data pass the end of the file", offset: problem.offset };
  return { state: "partial", code: "unsupported", detail: `tensor type ${problem.args["type"]}`, offset: problem.offset };
}

/** Operators of full TensorFlow, linked in by the Flex delegate, and operators of the application's own. */
function operatorHits({ customOperators }: TfliteModel): readonly SafetyHit[] {
  return [...customOperators].map(([name, offset]) => {
    const variant = name.startsWith("Flex") ? "flex" : "custom";
    return hitOf("TL01", { start: offset, end: offset + 1, variant, args: { operator: name.slice(0, 200) } });
  });
}

function fileHits({ externalFiles }: TfliteModel): readonly SafetyHit[] {
  return externalFiles.flatMap(({ file, offset }) => {
    const fault = pathFault(file);
    if (fault === null) return [];
    return [
      hitOf("TL01", {
        start: offset,
        end: offset + 1,
        variant: "outside",
        args: { file: file.slice(0, 200) },
        severity: "high",
        quote: file,
      }),
    ];
  });
}

const MAX_FACT_LENGTH = 200;

function factsOf({ version, description, subgraphs, tensors, metadata }: TfliteModel): ReadonlyMap<string, string> {
  const facts = new Map([["version", String(version)]]);
  if (description !== "" && description.length <= MAX_FACT_LENGTH) facts.set("description", description);
  if (subgraphs > 1) facts.set("subgraphs", String(subgraphs));
  const quantised = tensors.find(({ isQuantised, dtype }) => isQuantised && /^U?INT/u.test(dtype));
  const half = tensors.find(({ dtype }) => dtype === "FLOAT16" || dtype === "BFLOAT16");
  const packing = quantised?.dtype ?? half?.dtype;
  if (packing !== undefined) facts.set("quantization", packing.toLowerCase());
  if (metadata.length > 0) facts.set("metadata", metadata.join(" ").slice(0, MAX_FACT_LENGTH));
  return facts;
}
