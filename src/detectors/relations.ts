import type { RelationFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, passageEvidence } from "./support/observe.ts";
import { artifactsWith } from "./support/passages.ts";
import { configuredIn, mergesShownIn } from "./support/relation-configs.ts";
import { declaredIn, hostedIn } from "./support/relation-declared.ts";
import { relationsTold } from "./support/relation-prose.ts";
import { namesRelease, releaseNames } from "./support/release-names.ts";

/** What the release is made from: base models, merges, adapters, quantised or distilled parents, data sets. */
export const detector: Detector = {
  id: "relations",
  version: 2,
  async detect(context) {
    const names = releaseNames(context);
    const by = detectorName(detector);
    const cards = artifactsWith(context, ["readme", "model-card", "data-card"]);
    const declared = cards.flatMap((artifact) => declaredIn(context, artifact, by));
    const configured = artifactsWith(context, ["config"]).flatMap((artifact) => configuredIn(context, artifact, by));
    const shown = cards.flatMap((artifact) => {
      const document = context.document(artifact);
      return document === null ? [] : mergesShownIn(context, artifact, document, by);
    });
    const hosted = artifactsWith(context, ["host-record"]).flatMap((artifact) => hostedIn(context, artifact, by));
    const told = cards.flatMap((artifact) => toldIn(context, artifact, names, by));
    return { facts: distinct([...declared, ...configured, ...shown, ...hosted, ...told]), findings: [] };
  },
};

function distinct(facts: readonly RelationFact[]): readonly RelationFact[] {
  const seen = new Set<string>();
  return facts.filter(({ relation, target, evidence }) => {
    const key = `${relation}\0${target.toLowerCase()}\0${evidence[0].path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function toldIn(context: DetectorContext, artifact: Artifact, names: ReadonlySet<string>, by: string): readonly RelationFact[] {
  const isData = artifact.roles.includes("data-card") && !artifact.roles.includes("model-card");
  return relationsTold(context, artifact, names).map(({ relation, target, name, passage }) => ({
    kind: "relation",
    // A data set is not trained on what a model put out: it is that.
    relation: isData && relation === "distilled" ? "generated" : relation,
    target,
    ...(isSibling(context, name, names) ? { sibling: true as const } : {}),
    evidence: [passageEvidence(context, passage)],
    detector: by,
  }));
}

/** A repository of code may give a whole family, where one model is made from another; a repository of the hub is one model. */
function isSibling(context: DetectorContext, name: string, names: ReadonlySet<string>): boolean {
  return context.source.kind !== "hub-model" && namesRelease(name, names);
}
