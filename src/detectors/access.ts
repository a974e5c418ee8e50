import type { AccessFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import { loadRules } from "../rules/load.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const CONDITIONS: readonly AccessFact["condition"][] = ["form", "approval", "contact-data", "price", "country-limit", "commercial-form"];

/** Conditions of access outside the license: forms, approval, personal data, price, countries. */
export const detector: Detector = {
  id: "access",
  version: 1,
  async detect(context) {
    const prose = findTopics(context, "access", ["readme", "model-card", "data-card", "license", "policy"]).flatMap(
      ({ topic, evidence }): readonly AccessFact[] => {
        const condition = oneOf(CONDITIONS, topic);
        return condition === undefined ? [] : [{ kind: "access", condition, evidence, detector: detectorName(detector) }];
      },
    );
    const keys = artifactsWith(context, ["readme", "model-card", "data-card"]).flatMap((artifact) => gateKeys(context, artifact));
    const records = artifactsWith(context, ["host-record"]).flatMap((artifact) => gateRecords(context, artifact));
    return { facts: [...keys, ...records, ...prose], findings: [] };
  },
};

/** The hub's gating keys in a card's front matter. */
function gateKeys(context: DetectorContext, artifact: Artifact): readonly AccessFact[] {
  const front = context.document(artifact)?.frontMatter;
  if (front === null || front === undefined) return [];
  return Object.entries(gatingKeys()).flatMap(([key, conditions]) => {
    const value = front.data[key];
    if (value === undefined || value === null || value === false || value === "") return [];
    const lines = front.linesOf([key]) ?? { start: front.startLine, end: front.endLine };
    const evidence = [linesEvidence(context, artifact, lines, `${key}: ${JSON.stringify(value) ?? ""}`, "front-matter")] as const;
    return conditions.map((condition) => ({ kind: "access", condition, evidence, detector: detectorName(detector) }) as const);
  });
}

function gatingKeys(): Readonly<Record<string, readonly AccessFact["condition"][]>> {
  const rules: unknown = loadRules("detectors").get("access");
  const keys: unknown = typeof rules === "object" && rules !== null && "keys" in rules ? rules.keys : {};
  const known: Record<string, readonly AccessFact["condition"][]> = {};
  for (const [key, conditions] of Object.entries(keys ?? {})) {
    if (Array.isArray(conditions)) known[key] = conditions.flatMap((word) => oneOf(CONDITIONS, String(word)) ?? []);
  }
  return known;
}

/** The host's own word: `gated: "auto"` asks for agreement and contact data, `"manual"` for approval too. */
function gateRecords(context: DetectorContext, artifact: Artifact): readonly AccessFact[] {
  const gated = readJson(artifact.text ?? "").at("/gated");
  if (gated !== "auto" && gated !== "manual" && gated !== true) return [];
  const evidence = [pointerEvidence(context, artifact, "/gated", `gated: ${String(gated)}`, "host-record")] as const;
  // Accepting on the hub always shares the account's name and mail address with the publisher.
  const conditions: readonly AccessFact["condition"][] =
    gated === "manual" ? ["form", "contact-data", "approval"] : ["form", "contact-data"];
  return conditions.map((condition) => ({ kind: "access", condition, evidence, detector: detectorName(detector) }));
}
