// The index of a sharded model: which file holds which tensor. A loader opens whatever files it names.

import { AjarError } from "../../core/errors.ts";
import type { FileReference, FormatReading, SafetyHit } from "../../core/scan.ts";
import { parseWeightsIndex, type WeightsIndex } from "../../formats/weights-index.ts";
import { FULL } from "../combine.ts";
import { objectText } from "../json-view.ts";
import { pathFault } from "../paths.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const RULES: ProblemRules = { "duplicate-key": ["IX01"] };
/** As parseWeightsIndex has it, in bytes before they are decoded. */
const MAX_BYTES = 64 * 1024 * 1024;

export const scanner: Scanner = {
  id: "weights-index",
  risk: "cannot-execute",
  claims({ head, path }) {
    const start = objectText(head);
    return start !== "" && (/\.index\.json$/iu.test(path) || start.includes('"weight_map"'));
  },
  async scan(reader): Promise<FormatReading> {
    const { sizeBytes } = reader;
    if (sizeBytes > MAX_BYTES)
      throw new AjarError("OVER_LIMIT", `index of ${sizeBytes} bytes is over the limit of ${MAX_BYTES}`, { offset: 0 });
    const index = parseWeightsIndex(new TextDecoder().decode(await reader.read(0, sizeBytes)));
    const metadata = new Map([["tensors", String(index.tensors)]]);
    if (index.totalBytes !== null) metadata.set("total-bytes", String(index.totalBytes));
    return {
      format: "weights-index",
      risk: "cannot-execute",
      coverage: FULL,
      hits: [...problemHits(index.problems, RULES, sizeBytes), ...unsafeHits(index, sizeBytes)],
      tensors: [],
      parameters: null,
      metadata,
      references: referencesOf(index, sizeBytes),
    };
  },
};

function unsafeHits({ unsafe }: WeightsIndex, sizeBytes: number): readonly SafetyHit[] {
  const hits = new Map<string, SafetyHit>();
  for (const [tensor, file] of unsafe) {
    if (hits.has(file)) continue;
    const args = { tensor: tensor.slice(0, 100), file: file.slice(0, 200) };
    hits.set(
      file,
      hitOf("IX01", { start: 0, end: sizeBytes, variant: pathFault(file) ?? "traversal", args, severity: "high", quote: file }),
    );
  }
  return [...hits.values()];
}

function referencesOf({ files }: WeightsIndex, sizeBytes: number): readonly FileReference[] {
  const byFile = new Map<string, string[]>();
  for (const [tensor, file] of files) {
    const tensors = byFile.get(file);
    if (tensors === undefined) byFile.set(file, [tensor]);
    else tensors.push(tensor);
  }
  return [...byFile].map(([path, tensors]) => ({ path, minBytes: null, tensors, start: 0, end: sizeBytes }));
}
