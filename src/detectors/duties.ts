import type { DutyFact } from "../core/fact.ts";
import type { Detector } from "./detector.ts";
import { detectorName } from "./support/observe.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const TOPICS: readonly DutyFact["duty"][] = ["copyright-policy", "training-content-summary"];

/** Documents owed under EU AI Act Art. 53(1)(c) and (d): a copyright policy, a summary of training content. */
export const detector: Detector = {
  id: "duties",
  version: 1,
  async detect(context) {
    const facts = findTopics(context, "duties", ["readme", "model-card", "data-card", "document", "policy"]).flatMap(
      ({ topic, evidence }): readonly DutyFact[] => {
        const duty = oneOf(TOPICS, topic);
        return duty === undefined ? [] : [{ kind: "duty", duty, evidence, detector: detectorName(detector) }];
      },
    );
    return { facts, findings: [] };
  },
};
