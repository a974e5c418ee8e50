// Is there a model behind this at all? Without one, weights that are absent are not withheld: nobody said that there are any.
import type { Evidence } from "../core/evidence.ts";
import { evidence } from "../core/evidence.ts";
import type { ModelFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, pointerEvidence } from "./support/observe.ts";
import { ownNames } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";
import { findTopics } from "./support/topics.ts";

/** Files cited per sign. */
const MAX_CITED = 3;
/** Words before the verb that may be the subject's name. */
const SUBJECT_WORDS = 6;

export const detector: Detector = {
  id: "own-model",
  version: 1,
  async detect(context) {
    const own = context.source.artifacts.filter(({ thirdParty }) => !thirdParty);
    const withRole = (role: Artifact["roles"][number]): readonly Evidence[] =>
      own.filter(({ roles }) => roles.includes(role)).map((artifact) => listed(context, artifact));
    const hosted = context.source.kind === "hub-model" ? own.filter(({ roles }) => roles.includes("host-record")) : [];
    const facts = [
      ...sign(
        "host-record",
        hosted.map((artifact) => listed(context, artifact)),
      ),
      ...sign("model-card", withRole("model-card")),
      ...sign("config", [...own.flatMap((artifact) => configured(context, artifact)), ...withRole("weights-index")]),
      ...sign("tokenizer", withRole("tokenizer")),
      ...sign("statement", told(context)),
    ];
    return { facts, findings: [] };
  },
};

function sign(kind: ModelFact["sign"], pieces: readonly Evidence[]): readonly ModelFact[] {
  const [first, ...rest] = pieces.slice(0, MAX_CITED);
  return first === undefined ? [] : [{ kind: "model", sign: kind, evidence: [first, ...rest], detector: detectorName(detector) }];
}

function listed(context: DetectorContext, { path, digest }: Artifact): Evidence {
  return evidence({ source: context.source.ref, path, digest, method: "listing" });
}

/** A config that names a model's class or type; other files called config.json configure other things. */
function configured(context: DetectorContext, artifact: Artifact): readonly Evidence[] {
  if (!artifact.roles.includes("config") || artifact.text === null || !artifact.path.endsWith(".json")) return [];
  const json = readJson(artifact.text);
  for (const pointer of ["/architectures/0", "/model_type", "/base_model_name_or_path"]) {
    const value = json.at(pointer);
    if (typeof value === "string" && value !== "") return [pointerEvidence(context, artifact, pointer, `${pointer.slice(1)}: ${value}`)];
  }
  return [];
}

/** Sentences in which the release's own name is a model's. */
function told(context: DetectorContext): readonly Evidence[] {
  const names = ownNames(context);
  const isNamed = ({ groups }: RegExpExecArray): boolean => {
    const words = (groups?.["subject"] ?? "").trim().split(/\s+/u);
    return namesRelease(words.slice(-SUBJECT_WORDS).join(" "), names);
  };
  const isMain = ({ path }: Artifact): boolean => path.split("/").length <= 2;
  const hits = findTopics(context, "own-model", ["readme", "document", "package-metadata"], { artifact: isMain, match: isNamed });
  return hits.flatMap((hit) => hit.evidence);
}
