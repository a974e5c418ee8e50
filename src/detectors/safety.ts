import type { Fact, SafetyFact } from "../core/fact.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const TOPICS: readonly SafetyFact["topic"][] = ["usage-policy", "red-teaming", "safety-evaluation", "guard-model"];

// A policy document is known by what it is called and what it opens with; a security or privacy policy is another thing.
const POLICY_PATH = /(?:use|usage|acceptable)[-_ ]?(?:use[-_ ]?)?polic(?:y|ies)|使用政策/iu;
const POLICY_OPENING = /acceptable use|usage policy|use policy|prohibited use|使用政策|使用规范|使用規範/iu;

/** Characters from which a policy is recognised: its title and first paragraph. */
const OPENING_CHARS = 1_000;

/** What the publisher says it did about safety: a usage policy, red-teaming, evaluations with results, guard models. */
export const detector: Detector = {
  id: "safety",
  version: 1,
  async detect(context) {
    const name = detectorName(detector);
    const facts: Fact[] = policies(context).map((fact) => ({ ...fact, detector: name }));
    for (const { topic, evidence } of findTopics(context, "safety", ["readme", "model-card", "document", "policy", "license"])) {
      const known = oneOf(TOPICS, topic);
      if (known !== undefined) facts.push({ kind: "safety", topic: known, evidence, detector: name });
    }
    return { facts, findings: [] };
  },
};

function policies(context: DetectorContext): readonly SafetyFact[] {
  return artifactsWith(context, ["policy"]).flatMap((artifact) => {
    const opening = (artifact.text ?? "").slice(0, OPENING_CHARS);
    if (!POLICY_PATH.test(artifact.path) && !POLICY_OPENING.test(opening)) return [];
    const title = opening.trim().split("\n", 1)[0] ?? "";
    const lines = { start: 1, end: 1 };
    return [{ kind: "safety", topic: "usage-policy", evidence: [linesEvidence(context, artifact, lines, title)], detector: "" } as const];
  });
}
