// What most detectors of statements do: go through the passages, keep the first few places of each topic.
import type { Evidence } from "../../core/evidence.ts";
import type { Artifact, Role } from "../../core/inventory.ts";
import type { DetectorContext } from "../detector.ts";
import { passageEvidence } from "./observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./passages.ts";
import { loadStatementRules, matchStatements } from "./statements.ts";

/** A topic with the places of one artifact that speak of it. */
export interface TopicHit {
  readonly topic: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** Places kept per topic and artifact: enough to judge by, few enough to read. */
const MAX_PLACES = 5;

/** What a detector asks beyond the rules' own conditions. */
export interface Narrow {
  readonly artifact?: (artifact: Artifact) => boolean;
  readonly match?: (match: RegExpExecArray, passage: Passage) => boolean;
}

/** Finds the topics of rules/detectors/<name>.yaml in all artifacts with one of the roles, artifacts in listing order. */
export function findTopics(context: DetectorContext, name: string, roles: readonly Role[], narrow: Narrow = {}): readonly TopicHit[] {
  const rules = loadStatementRules(name);
  const artifacts = artifactsWith(context, roles).filter((artifact) => narrow.artifact?.(artifact) ?? true);
  return artifacts.flatMap((artifact) => {
    const places = new Map<string, [Passage, ...Passage[]]>();
    for (const passage of passagesOf(context, artifact)) {
      for (const { topic } of matchStatements(rules, passage, narrow.match)) {
        const known = places.get(topic);
        if (known === undefined) places.set(topic, [passage]);
        else if (known.length < MAX_PLACES && known.at(-1) !== passage) known.push(passage);
      }
    }
    return [...places].map(([topic, [first, ...rest]]) => ({
      topic,
      evidence: [passageEvidence(context, first), ...rest.map((passage) => passageEvidence(context, passage))] as const,
    }));
  });
}

/** Narrows a word of rule data to one of a closed list; anything else is skipped. */
export function oneOf<T extends string>(words: readonly T[], word: string): T | undefined {
  return words.find((known) => known === word);
}
