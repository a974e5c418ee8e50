import type { UsageInfoFact } from "../core/fact.ts";
import type { Detector } from "./detector.ts";
import { detectorName } from "./support/observe.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const TOPICS: readonly UsageInfoFact["topic"][] = ["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"];

/** A document answers what a user must know: modalities, capabilities, limitations, means of integration, architecture, hardware. */
export const detector: Detector = {
  id: "usage-info",
  version: 1,
  async detect(context) {
    const facts = findTopics(context, "usage-info", ["readme", "model-card", "document"]).flatMap(
      ({ topic, evidence }): readonly UsageInfoFact[] => {
        const known = oneOf(TOPICS, topic);
        return known === undefined ? [] : [{ kind: "usage-info", topic: known, evidence, detector: detectorName(detector) }];
      },
    );
    return { facts, findings: [] };
  },
};
