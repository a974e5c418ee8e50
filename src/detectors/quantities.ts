import type { Fact, QuantityFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { quantitiesIn, type StatedQuantity } from "./support/quantities.ts";
import { releaseNames } from "./support/release-names.ts";

/** Keys under which configs and host records state a parameter count, as JSON pointers. */
const COUNTS = ["/num_parameters", "/n_parameters", "/total_parameters", "/metadata/total_parameters", "/safetensors/total", "/gguf/total"];

/** Sizes, training amounts, energy and emissions that a release states, in prose, tables, configs and host records. */
export const detector: Detector = {
  id: "quantities",
  version: 1,
  async detect(context) {
    const names = releaseNames(context);
    const facts: Fact[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card", "document", "license", "policy"])) {
      facts.push(...distinct(quantitiesIn(context, artifact, names)).map((stated) => factOf(context, stated)));
    }
    for (const artifact of artifactsWith(context, ["config", "weights-index", "host-record"])) facts.push(...countsIn(context, artifact));
    return { facts, findings: [] };
  },
};

/** A card repeats itself; the first statement of a value about a subject stands for all of them. */
function distinct(all: readonly StatedQuantity[]): readonly StatedQuantity[] {
  const seen = new Set<string>();
  return all.filter(({ quantity, subject, value }) => {
    // A size is its own subject, however it is written.
    const about = quantity === "parameters" ? "" : subject.toLowerCase();
    const key = `${quantity}\0${about}\0${value}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function factOf(
  context: DetectorContext,
  { quantity, value, unit, subject, stated, hardware, artifact, startLine, endLine, quote }: StatedQuantity,
): QuantityFact {
  const evidence = [linesEvidence(context, artifact, { start: startLine, end: endLine }, quote)] as const;
  const fact = { kind: "quantity", quantity, value, unit, subject, stated, evidence, detector: detectorName(detector) } as const;
  return hardware === undefined ? fact : { ...fact, hardware };
}

function countsIn(context: DetectorContext, artifact: Artifact): readonly QuantityFact[] {
  if (!artifact.path.endsWith(".json")) return [];
  const json = readJson(artifact.text ?? "");
  return COUNTS.flatMap((pointer) => {
    const value = json.at(pointer);
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return [];
    const method = artifact.roles.includes("host-record") ? "host-record" : "config";
    const evidence = [pointerEvidence(context, artifact, pointer, `${pointer}: ${value}`, method)] as const;
    return [
      {
        kind: "quantity",
        quantity: "parameters",
        value,
        unit: "count",
        subject: "",
        stated: String(value),
        evidence,
        detector: detectorName(detector),
      } as const,
    ];
  });
}
