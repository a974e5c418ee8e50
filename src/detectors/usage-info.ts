import type { UsageInfoFact } from "../core/fact.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const TOPICS: readonly UsageInfoFact["topic"][] = ["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"];

/** A document answers what a user must know: modalities, capabilities, limitations, means of integration, architecture, hardware. */
export const detector: Detector = {
  id: "usage-info",
  version: 1,
  async detect(context) {
    const told = findTopics(context, "usage-info", ["readme", "model-card", "document"]).flatMap(
      ({ topic, evidence }): readonly UsageInfoFact[] => {
        const known = oneOf(TOPICS, topic);
        return known === undefined ? [] : [{ kind: "usage-info", topic: known, evidence, detector: detectorName(detector) }];
      },
    );
    return { facts: [...taskTags(context), ...configs(context), ...told], findings: [] };
  },
};

/** The hub's `pipeline_tag` names what goes in and what comes out, e.g. `text-to-image`. */
function taskTags(context: DetectorContext): readonly UsageInfoFact[] {
  return artifactsWith(context, ["readme", "model-card"]).flatMap((artifact) => {
    const front = context.document(artifact)?.frontMatter;
    const tag = front?.data["pipeline_tag"];
    if (front === null || front === undefined || typeof tag !== "string" || tag === "") return [];
    const lines = front.linesOf(["pipeline_tag"]) ?? { start: front.startLine, end: front.endLine };
    const evidence = [linesEvidence(context, artifact, lines, `pipeline_tag: ${tag}`, "front-matter")] as const;
    return [{ kind: "usage-info", topic: "modalities", evidence, detector: detectorName(detector) } as const];
  });
}

/** A model config with its architecture class and layers is the architecture, stated for programs. */
function configs(context: DetectorContext): readonly UsageInfoFact[] {
  return artifactsWith(context, ["config"]).flatMap((artifact) => {
    if (!/(?:^|\/)config\.json$/u.test(artifact.path)) return [];
    const json = readJson(artifact.text ?? "");
    const name = json.at("/architectures/0");
    if (typeof name !== "string" || name === "") return [];
    const evidence = [pointerEvidence(context, artifact, "/architectures/0", `architectures: ${name}`)] as const;
    return [{ kind: "usage-info", topic: "architecture", evidence, detector: detectorName(detector) } as const];
  });
}
