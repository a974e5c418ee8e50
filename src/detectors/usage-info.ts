import type { UsageInfoFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage } from "./support/passages.ts";
import { ownNames } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";
import { findTopics, oneOf } from "./support/topics.ts";

const TOPICS: readonly UsageInfoFact["topic"][] = ["modalities", "capabilities", "limitations", "integration", "architecture", "hardware"];

/** A document answers what a user must know: modalities, capabilities, limitations, means of integration, architecture, hardware. */
export const detector: Detector = {
  id: "usage-info",
  version: 1,
  async detect(context) {
    const names = ownNames(context);
    const narrow = {
      artifact: isAboutTheModel,
      match: ({ groups }: RegExpExecArray, { before }: Passage): boolean =>
        groups?.["subject"] === undefined || isTheModel(groups["subject"], before, names),
    };
    const told = findTopics(context, "usage-info", ["readme", "model-card", "document"], narrow).flatMap(
      ({ topic, evidence }): readonly UsageInfoFact[] => {
        const known = oneOf(TOPICS, topic);
        return known === undefined ? [] : [{ kind: "usage-info", topic: known, evidence, detector: detectorName(detector) }];
      },
    );
    return { facts: [...taskTags(context), ...configs(context), ...told], findings: [] };
  },
};

/** A guide deep down is about a tool; a card is about the model wherever it lies, a page beside the README where its name says so. */
function isAboutTheModel({ path, roles }: Artifact): boolean {
  const depth = path.split("/").length;
  if (roles.includes("model-card") || (roles.includes("readme") && depth <= 2)) return true;
  return depth === 1 && /report|memo|paper|overview|about|model|introduc|技术|技術|介绍|介紹|说明|說明/iu.test(path);
}

const MODEL =
  /(?:^|[^\p{L}])(?:models?|llms?|lms?|vlms?|checkpoints?|variants?|series|family)(?:,?\s+(?:that|which))?\W*$|(?:模型|系列)\W*$/iu;
const PRONOUN = /^\W*(?:\w+,\s+)?(?:it|they|these)\W*$/iu;
const OTHER_THINGS =
  /\b(?:tools?|librar(?:y|ies)|frameworks?|scripts?|config(?:s|uration)?|api|tokenizers?|code(?:base)?|data(?:sets?)?|demos?|repo(?:sitory)?|interface|server|information|sections?|tables?|papers?|benchmarks?|notebooks?|package|prompts?|users?|developers?)\W*$|(?:代码|代碼|工具|框架|脚本|腳本|数据|數據|平台|接口|网站|網站|项目|項目|分词器|用户|用戶)\W*$/iu;
/** A sentence before that is about this model. */
const SAID_OF_MODEL = /\b(?:the|this|our|these|all|an?)\s+(?:[\w-]+\s+){0,4}?(?:models?|llms?|vlms?)\b|模型/iu;
/** A subject stands right before its verb; words farther off are another part of the sentence. */
const SUBJECT_WORDS = 7;

/** Whether the subject of a sentence is the model: called so, by its name, or by a pronoun after a sentence about it. */
function isTheModel(subject: string, before: string, names: ReadonlySet<string>): boolean {
  if (OTHER_THINGS.test(subject)) return false;
  if (PRONOUN.test(subject)) return SAID_OF_MODEL.test(before) || namesRelease(before, names);
  const last = subject.trim().split(/\s+/u).slice(-SUBJECT_WORDS).join(" ");
  return MODEL.test(last) || namesRelease(last, names);
}

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
