// Components that lie in the listing, by the roles of its files.
import type { ComponentId } from "../core/component.ts";
import { type Evidence, evidence } from "../core/evidence.ts";
import type { ComponentFact } from "../core/fact.ts";
import type { Artifact, Role } from "../core/inventory.ts";
import { compareText } from "../core/text.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, linesEvidence } from "./support/observe.ts";
import { ownNames } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";

/** Files cited per component; the listing has the rest. */
const MAX_CITED = 8;

const COMPONENT_OF_ROLE: readonly (readonly [Role, ComponentId, string])[] = [
  ["architecture-code", "architecture-code", "file that defines the model"],
  ["inference-code", "inference-code", "file that runs the model"],
  ["training-code", "training-code", "file that trains"],
  ["data-processing-code", "data-processing-code", "file that prepares data"],
  ["evaluation-code", "evaluation-code", "file that evaluates"],
  ["evaluation-data", "evaluation-data", "file with evaluation data"],
  ["evaluation-results", "evaluation-results", "file with evaluation results"],
  ["data", "training-data", "file with data"],
  ["model-card", "model-card", "model card"],
  ["data-card", "data-card", "data card"],
  ["data-card", "data-collection-docs", "data card"],
  ["paper", "paper", "paper in the release"],
];

/** Only one stage of training, or only the data of an example. */
const PARTIAL_PATH: Readonly<Partial<Record<ComponentId, RegExp>>> = {
  "training-code": /(?:^|[/_.-])(?:finetun\w*|fine[-_]tun\w*|sft|dpo|ppo|grpo|rlhf|lora|qlora|ptuning|reward_modeling)(?:[/_.-]|$)/iu,
  "training-data": /(?:^|[/_.-])(?:seed|sample|subset|example)/iu,
};

export const detector: Detector = {
  id: "component-files",
  version: 1,
  async detect(context) {
    const own = context.source.artifacts.filter((artifact) => !artifact.thirdParty && !isHollow(artifact));
    const facts: ComponentFact[] = [...weights(context, own), ...policies(context, own), ...submodules(context)];
    for (const [role, component, reason] of COMPONENT_OF_ROLE) {
      const files = own.filter((file) => file.roles.includes(role) || isByPlace(context, role, file));
      const fact = foundFact(context, component, files, reason);
      if (fact !== null) facts.push(fact);
    }
    facts.push(...mainScript(context, own), ...downloadScripts(context, own));
    return { facts, findings: [] };
  },
};

/** A name without content shows nothing: no bytes, or a script of which nothing is left but comments. */
function isHollow({ content, sizeBytes, roles, text }: Artifact): boolean {
  if (content === "readable" && sizeBytes === 0) return true;
  if (text === null || !roles.includes("code") || text.length > HOLLOW_CHARS) return false;
  return text.split("\n").every((line) => /^\s*(?:$|#|\/\/)/u.test(line));
}

/** Longer scripts have code; a page of comments alone is a stub. */
const HOLLOW_CHARS = 20_000;

/** What a file is by where it lies: a report under the release's name, any table in a source given as data. */
function isByPlace(context: DetectorContext, role: Role, { path, roles }: Artifact): boolean {
  if (role === "paper") return isOwnReport(context, path);
  const isDataSource = context.source.kind === "hub-dataset" || context.source.part === "data";
  if (role !== "data" || !isDataSource || roles.some((known) => NOT_DATA.includes(known))) return false;
  return /\.(?:csv|tsv|json|jsonl|txt|parquet|arrow|tfrecord|zip|tar|gz|zst|tgz|mds|warc|wav|flac|mp3|jpg|png|webp|bin|npy|npz|xml)$/iu.test(
    path,
  );
}

const NOT_DATA: readonly Role[] = [
  "license",
  "readme",
  "data-card",
  "model-card",
  "policy",
  "config",
  "package-metadata",
  "evaluation-data",
  "code",
];

/** A PDF at the root that bears the release's own name and nothing else. */
function isOwnReport(context: DetectorContext, path: string): boolean {
  const stem = /^([^/]+)\.pdf$/iu.exec(path)?.[1];
  return stem !== undefined && !/guide|card|slides|poster/iu.test(stem) && namesRelease(stem, ownNames(context));
}

function foundFact(context: DetectorContext, component: ComponentId, files: readonly Artifact[], reason: string): ComponentFact | null {
  const pattern = PARTIAL_PATH[component];
  const whole = pattern === undefined ? files : files.filter(({ path }) => !pattern.test(path));
  const shown = nearest(whole.length > 0 ? whole : files);
  return found(context, component, shown, { reason, partial: whole.length === 0 });
}

function found(
  context: DetectorContext,
  component: ComponentId,
  files: readonly Artifact[],
  { reason, partial }: { readonly reason: string; readonly partial: boolean },
): ComponentFact | null {
  const [first, ...rest] = files.slice(0, MAX_CITED).map((artifact) => listingEvidence(context, artifact));
  if (first === undefined) return null;
  return {
    kind: "component",
    component,
    sighting: "found",
    place: first.path,
    partial,
    reason,
    evidence: [first, ...rest],
    detector: detectorName(detector),
  };
}

/** Files near the root first: they are the release's main ones. */
function nearest(files: readonly Artifact[]): readonly Artifact[] {
  return [...files].sort((a, b) => depth(a.path) - depth(b.path) || compareText(a.path, b.path));
}

function depth(path: string): number {
  return path.split("/").length;
}

function listingEvidence(context: DetectorContext, { path, digest }: Artifact): Evidence {
  return evidence({ source: context.source.ref, path, digest, method: "listing" });
}

const WEIGHTS_FOLDER = /(?:^|\/)(?:[\w.-]*(?:weights?|checkpoints?|ckpts?|pretrained|models?))\//iu;
const STEP = /(?:checkpoint|ckpt|step|iter|epoch)s?[-_]?\d{2,}/iu;

function weights(context: DetectorContext, own: readonly Artifact[]): readonly ComponentFact[] {
  const files = own.filter(({ roles }) => roles.includes("weights"));
  const gated = files.filter(({ content }) => content === "gated");
  if (files.length > 0 && gated.length === files.length) {
    const fact = found(context, "weights", files, { reason: "weights behind terms of the host", partial: false });
    return fact === null ? [] : [{ ...fact, sighting: "gated" }];
  }
  const facts: (ComponentFact | null)[] = [];
  const demo = new Set(demoWeights(context, files));
  const main = files.filter((file) => !demo.has(file));
  facts.push(found(context, "weights", nearest(main), { reason: "weight files", partial: false }));
  if (main.length === 0) facts.push(found(context, "weights", nearest([...demo]), { reason: "weights of a demonstration", partial: true }));
  const steps = new Set(main.flatMap(({ path }) => STEP.exec(path)?.[0] ?? []));
  const isBesideFinal = steps.size === 1 && main.some(({ path }) => !STEP.test(path));
  if (steps.size >= 2 || isBesideFinal) {
    const stepped = main.filter(({ path }) => STEP.test(path));
    facts.push(found(context, "weights-intermediate", stepped, { reason: "weights of steps of training", partial: false }));
  }
  return facts.filter((fact) => fact !== null);
}

/** Formats that carry their own config. */
const SELF_CONTAINED = /\.(?:gguf|onnx|tflite|keras|mlmodel|llamafile)$/iu;

/** In a repository of code, weights that lie among scripts and without a config belong to a demonstration. */
function demoWeights(context: DetectorContext, files: readonly Artifact[]): readonly Artifact[] {
  if (context.source.kind === "hub-model" || context.source.part === "weights") return [];
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  const withScripts = new Set<string>();
  const withConfig = new Set<string>();
  for (const { path, roles } of context.source.artifacts) {
    if (/\.(?:py|ipynb)$/iu.test(path)) withScripts.add(folderOf(path));
    if (roles.some((role) => role === "config" || role === "tokenizer" || role === "weights-index")) withConfig.add(folderOf(path));
  }
  return files.filter(({ path }) => {
    if (SELF_CONTAINED.test(path)) return false;
    const folder = folderOf(path);
    if (/(?:^|[/_-])(?:demo|example|toy|tiny)s?(?:[/_-]|$)/iu.test(folder)) return true;
    return folder !== "" && withScripts.has(folder) && !withConfig.has(folder) && !WEIGHTS_FOLDER.test(folder);
  });
}

function policies(context: DetectorContext, own: readonly Artifact[]): readonly ComponentFact[] {
  const files = own.filter(({ path, roles }) => roles.includes("policy") && !/copyright|training|public[-_ ]summary/iu.test(path));
  const fact = found(context, "usage-policy", nearest(files), { reason: "usage policy", partial: false });
  return fact === null ? [] : [fact];
}

const TRAINING_SUBMODULE = /neox|megatron|train|nemo|foundry|fairseq|axolotl|deepspeed|llm[-_]?engine/iu;
const EVALUATION_SUBMODULE = /eval|harness|bench/iu;

/** A submodule is a link to a commit of another repository. */
function submodules(context: DetectorContext): readonly ComponentFact[] {
  const facts: ComponentFact[] = [];
  for (const artifact of context.source.artifacts) {
    if (artifact.content !== "submodule") continue;
    const components: ComponentId[] = [];
    if (TRAINING_SUBMODULE.test(artifact.path)) components.push("training-code", "architecture-code");
    if (EVALUATION_SUBMODULE.test(artifact.path)) components.push("evaluation-code");
    for (const component of components) {
      const fact = found(context, component, [artifact], { reason: "submodule: a commit of another repository", partial: false });
      if (fact !== null) facts.push({ ...fact, sighting: "linked" });
    }
  }
  return facts;
}

const TRAINING_CONFIG = /\bbase_learning_rate\b|\blearning_rate\b|\blr_scheduler\b|\bmax_epochs\b|\boptimizer\b/u;

/** `main.py` says nothing, but with the release's own training configs beside it, it is what they are for. */
function mainScript(context: DetectorContext, own: readonly Artifact[]): readonly ComponentFact[] {
  const main = own.find(({ path }) => /^(?:main|run|launch)\.py$/u.test(path));
  const configs = own.filter(({ roles, text }) => roles.includes("config") && text !== null && TRAINING_CONFIG.test(text));
  if (main === undefined || configs.length === 0) return [];
  if (main.text !== null && !/optim|\bfit\(|backward\(|Trainer/u.test(main.text)) return [];
  const fact = found(context, "training-code", [main, ...configs], {
    reason: "main script with training configs of the release",
    partial: false,
  });
  return fact === null ? [] : [fact];
}

/** A script of the release that downloads its weights says where they are, for who reads it. */
function downloadScripts(context: DetectorContext, own: readonly Artifact[]): readonly ComponentFact[] {
  const scripts = own.filter(({ path }) => DOWNLOAD_SCRIPT.test(path));
  const [first, ...rest] = scripts.flatMap((script) => downloadEvidence(context, script)).slice(0, MAX_CITED);
  if (first === undefined) return [];
  return [
    {
      kind: "component",
      component: "weights",
      sighting: "linked",
      place: first.path,
      partial: false,
      reason: "script that downloads the weights",
      evidence: [first, ...rest],
      detector: detectorName(detector),
    },
  ];
}

const DOWNLOAD_SCRIPT =
  /^(?:scripts?\/)?(?:(?:post)?install|(?:download|fetch)(?:[-_](?:models?|weights?|checkpoints?|ckpts?))?)\.(?:py|sh|js|mjs|cjs|ts)$/iu;
const WEIGHT_FILE = /\.(?:safetensors|gguf|onnx|ckpt|pth?|h5|tflite|tar)\b/iu;

/** Where a script names an address and a weight file; its name alone where a recording does not hold it. */
function downloadEvidence(context: DetectorContext, script: Artifact): readonly Evidence[] {
  const { path, text } = script;
  if (text === null) return /(?:^|\/)download/iu.test(path) && /\.(?:py|sh)$/iu.test(path) ? [listingEvidence(context, script)] : [];
  if (!/https?:\/\//iu.test(text) || !WEIGHT_FILE.test(text)) return [];
  const lines = text.split("\n");
  const address = lines.findIndex((line) => /https?:\/\//iu.test(line)) + 1;
  const file = lines.findIndex((line) => WEIGHT_FILE.test(line)) + 1;
  return [address, file].map((line) => linesEvidence(context, script, { start: line, end: line }, lines[line - 1] ?? ""));
}
