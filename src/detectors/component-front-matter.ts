// What a card's front matter says of components: data sets by id, results, gates of the host.
import type { ComponentId } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import type { ComponentFact, Sighting } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { FrontMatter } from "../documents/document.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";

/** Data sets kept of one card. */
const MAX_DATASETS = 20;

const GATE_KEYS: readonly string[] = ["extra_gated_prompt", "extra_gated_fields", "extra_gated_heading", "extra_gated_description"];

export const detector: Detector = {
  id: "component-front-matter",
  version: 1,
  async detect(context) {
    const facts: ComponentFact[] = [];
    for (const artifact of artifactsWith(context, ["model-card", "data-card"])) {
      const front = context.document(artifact)?.frontMatter;
      if (front !== null && front !== undefined)
        facts.push(...datasets(context, artifact, front), ...results(context, artifact, front), ...gate(context, artifact, front));
    }
    const broken = artifactsWith(context, ["readme", "model-card", "data-card"]).filter(
      (artifact) => context.document(artifact)?.frontMatterIsBroken === true,
    );
    // A license may stand there, or a gate: nothing that they would settle is settled.
    const skipped = broken.map(
      ({ path }) => ({ path, reason: "malformed", detail: "front matter is not valid YAML", partial: true }) as const,
    );
    return { facts, findings: [], skipped };
  },
};

function fact(component: ComponentId, sighting: Sighting, place: string, reason: string, piece: Evidence): ComponentFact {
  return { kind: "component", component, sighting, place, partial: false, reason, evidence: [piece], detector: detectorName(detector) };
}

function cite(
  context: DetectorContext,
  artifact: Artifact,
  front: FrontMatter,
  path: readonly (string | number)[],
  quote: string,
): Evidence {
  const lines = front.linesOf(path) ?? { start: front.startLine, end: front.endLine };
  return linesEvidence(context, artifact, lines, quote, "front-matter");
}

/** `datasets:` of a model card are the data it was trained on, by their ids on the hub. */
function datasets(context: DetectorContext, artifact: Artifact, front: FrontMatter): readonly ComponentFact[] {
  const value = front.data["datasets"];
  if (!artifact.roles.includes("model-card") || !Array.isArray(value)) return [];
  return value.slice(0, MAX_DATASETS).flatMap((id: unknown, at) => {
    if (typeof id !== "string" || !/^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/u.test(id)) return [];
    const place = `https://huggingface.co/datasets/${id}`;
    return [fact("training-data", "linked", place, "data set named by the card", cite(context, artifact, front, ["datasets", at], id))];
  });
}

/** `model-index` holds results with their metrics. */
function results(context: DetectorContext, artifact: Artifact, front: FrontMatter): readonly ComponentFact[] {
  const index = front.data["model-index"];
  const hasResults = Array.isArray(index) && index.some((entry: unknown) => hasFilledList(entry, "results"));
  if (!hasResults) return [];
  return [
    fact(
      "evaluation-results",
      "found",
      artifact.path,
      "results in the card",
      cite(context, artifact, front, ["model-index"], "model-index"),
    ),
  ];
}

function hasFilledList(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  const list: unknown = new Map(Object.entries(value)).get(key);
  return Array.isArray(list) && list.length > 0;
}

function gate(context: DetectorContext, artifact: Artifact, front: FrontMatter): readonly ComponentFact[] {
  const key = GATE_KEYS.find((name) => front.data[name] !== undefined);
  if (key === undefined) return [];
  const component = artifact.roles.includes("data-card") ? "training-data" : "weights";
  return [fact(component, "gated", artifact.path, "the card asks for terms to be accepted", cite(context, artifact, front, [key], key))];
}
