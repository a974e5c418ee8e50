import { DATA_ASPECTS, type DataAspectFact } from "../core/fact.ts";
import type { Detector } from "./detector.ts";
import { detectorName } from "./support/observe.ts";
import { findTopics, oneOf } from "./support/topics.ts";

/** What the release says about its own training data, by the sub-items of OSAID 1.0, "Data Information". */
export const detector: Detector = {
  id: "data-aspects",
  version: 1,
  async detect(context) {
    const facts = findTopics(context, "data-aspects", ["readme", "model-card", "data-card", "document"]).flatMap(
      ({ topic, evidence }): readonly DataAspectFact[] => {
        const aspect = oneOf(DATA_ASPECTS, topic);
        return aspect === undefined ? [] : [{ kind: "data-aspect", aspect, evidence, detector: detectorName(detector) }];
      },
    );
    return { facts, findings: [] };
  },
};
