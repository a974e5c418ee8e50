// Weights from along the training, on another host: branches, repositories and commands named after a step, and what is said of them.
import { AjarError } from "../core/errors.ts";
import type { Evidence } from "../core/evidence.ts";
import type { ComponentFact, Sighting } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import { loadRules } from "../rules/load.ts";
import type { Pattern } from "../rules/pattern.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { ownFetch } from "./support/fetch-commands.ts";
import { readJson } from "./support/json.ts";
import { detectorName, linesEvidence, passageEvidence, pointerEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./support/passages.ts";
import { isSameOwner, ownerOf, ownNames, piecesOf } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";
import { compilePattern, loadStatementRules, matchStatements } from "./support/statements.ts";

/** Places cited per document. */
const MAX_CITED = 5;
/** Links looked at in one document; more is a list of the web. */
const MAX_LINKS = 5_000;

/** Where one step's weights are. */
interface Step {
  /** The name of the step: two of one name are one. */
  readonly name: string;
  readonly place: string;
  /** It stands under a heading about such checkpoints. */
  readonly isOfSeveral: boolean;
  readonly evidence: Evidence;
}

export const detector: Detector = {
  id: "checkpoints",
  version: 1,
  async detect(context) {
    // A guide deep down speaks of whatever the guide is about.
    const documents = artifactsWith(context, ["readme", "model-card", "document"]).filter(({ path }) => path.split("/").length <= 2);
    const records = artifactsWith(context, ["host-record"]).flatMap((artifact) => branchesIn(context, artifact));
    return { facts: [...records, ...documents.flatMap((artifact) => factsIn(context, artifact))], findings: [] };
  },
};

function factsIn(context: DetectorContext, artifact: Artifact): readonly ComponentFact[] {
  const passages = passagesOf(context, artifact);
  const steps = [...stepLinks(context, artifact), ...stepCommands(context, passages)];
  const told = saying(context, passages, "told");
  const withheld = saying(context, passages, "withheld");
  const fact = (sighting: Sighting, place: string, evidence: readonly Evidence[], reason: string): readonly ComponentFact[] => {
    const [first, ...rest] = evidence;
    if (first === undefined) return [];
    const common = { kind: "component", component: "weights-intermediate", partial: false, detector: detectorName(detector) } as const;
    return [{ ...common, sighting, place, reason, evidence: [first, ...rest] }];
  };
  // One step alone may be the last one: only a second, or the publisher's word that there are more, makes it one of several.
  const isTold = told.length > 0 || steps.some(({ isOfSeveral }) => isOfSeveral);
  const isSeveral = new Set(steps.map(({ name }) => name)).size >= 2 || (steps.length > 0 && isTold);
  const seen = [...steps.slice(0, MAX_CITED).map(({ evidence }) => evidence), ...told];
  const found = isSeveral
    ? fact("linked", steps[0]?.place ?? artifact.path, seen, "revisions named after steps of training")
    : fact("described", artifact.path, seen, "statement about checkpoints along the training");
  return [...found, ...fact("withheld", artifact.path, withheld, "statement that they are not released")];
}

/** Branches and tags named after steps, by the host's own list. */
function branchesIn(context: DetectorContext, artifact: Artifact): readonly ComponentFact[] {
  const { step } = vocabulary();
  const json = readJson(artifact.text ?? "");
  const steps = ["/refs/branches", "/refs/tags"].flatMap((list) => {
    const names = json.at(list);
    if (!Array.isArray(names)) return [];
    return names.flatMap((name: unknown, at) => (typeof name === "string" && step.test(name) ? [{ name, pointer: `${list}/${at}` }] : []));
  });
  const [first, ...rest] = steps
    .slice(0, MAX_CITED)
    .map(({ name, pointer }) => pointerEvidence(context, artifact, pointer, name, "host-record"));
  if (first === undefined) return [];
  const place = `${context.source.ref.replace(/@[^@/]*$/u, "")}@${steps[0]?.name ?? ""}`;
  const evidence = [first, ...rest] as const;
  const common = { kind: "component", component: "weights-intermediate", partial: false, detector: detectorName(detector) } as const;
  return [{ ...common, sighting: "linked", place, reason: "branches named after steps of training", evidence }];
}

function saying(context: DetectorContext, passages: readonly Passage[], topic: string): readonly Evidence[] {
  const rules = loadStatementRules("checkpoints");
  const hits = passages.filter((passage) => matchStatements(rules, passage).some((rule) => rule.topic === topic));
  return hits.slice(0, MAX_CITED).map((passage) => passageEvidence(context, passage));
}

/** Links of this release's publisher to a branch, tag or repository named after a step. */
function stepLinks(context: DetectorContext, artifact: Artifact): readonly Step[] {
  const { host } = vocabulary();
  return (context.document(artifact)?.links ?? []).slice(0, MAX_LINKS).flatMap((link): readonly Step[] => {
    if (link.image || !host.test(link.url) || !isOwnAddress(context, link.url)) return [];
    const isOfSeveral = isUnderSection(link.under);
    const name = stepOf(link.url) ?? (isOfSeveral ? link.url : null);
    if (name === null) return [];
    const lines = { start: link.line, end: link.line };
    return [{ name, place: link.url, isOfSeveral, evidence: linesEvidence(context, artifact, lines, `${link.text} ${link.url}`.trim()) }];
  });
}

function stepOf(url: string): string | null {
  const { revision, step, repository } = vocabulary();
  const [branch] = named(revision, url);
  if (branch !== undefined) return step.test(branch) ? branch : null;
  const path = url.replace(/^[a-z0-9+.-]+:\/\//iu, "").replace(/[?#].*$/u, "");
  return repository.test(path) ? path : null;
}

function isUnderSection(under: readonly string[]): boolean {
  const { section } = vocabulary();
  return under.some((heading) => section.test(heading));
}

/** Commands that fetch this release at a revision named after a step, or from a bucket under a heading about checkpoints. */
function stepCommands(context: DetectorContext, passages: readonly Passage[]): readonly Step[] {
  const { revision, step, bucket } = vocabulary();
  return passages.flatMap((passage): readonly Step[] => {
    if (passage.kind !== "code") return [];
    const fetched = ownFetch(context, passage.text);
    const steps = fetched === null ? [] : named(revision, passage.text).filter((name) => step.test(name));
    const isOfSeveral = isUnderSection(passage.under);
    const buckets = named(bucket, passage.text).filter((address) => isOfSeveral || step.test(address));
    const places = [...steps.map((name) => ({ name, place: `${fetched}@${name}` })), ...buckets.map((place) => ({ name: place, place }))];
    return places.map((place) => ({ ...place, isOfSeveral, evidence: passageEvidence(context, passage) }));
  });
}

/** What the groups of a pattern catch in a text, each once. */
function named({ source }: Pattern, text: string): readonly string[] {
  const caught = Array.from(text.matchAll(new RegExp(source, "giu")), (match) => match.slice(1).find((one) => one !== undefined));
  return [...new Set(caught.filter((one) => one !== undefined))];
}

function isOwnAddress(context: DetectorContext, url: string): boolean {
  const pieces = piecesOf(url).slice(0, 4);
  const owner = ownerOf(context);
  if (owner !== null && pieces.some((piece) => isSameOwner(piece, owner))) return true;
  return namesRelease(`${/^[a-z0-9+.-]+:\/\/([^/]*)/iu.exec(url)?.[1] ?? ""} ${pieces.join(" ")}`, ownNames(context));
}

const WORDS = ["step", "repository", "revision", "host", "section", "bucket"] as const;
type Vocabulary = Readonly<Record<(typeof WORDS)[number], Pattern>>;

let loaded: Vocabulary | undefined;

function vocabulary(): Vocabulary {
  loaded ??= readVocabulary();
  return loaded;
}

function readVocabulary(): Vocabulary {
  const data: unknown = loadRules("detectors").get("checkpoints");
  const entries = new Map(typeof data === "object" && data !== null ? Object.entries(data) : []);
  const pattern = (key: string): Pattern => {
    const source: unknown = entries.get(key);
    if (typeof source !== "string")
      throw new AjarError("BAD_RULE_DATA", `${key} is no pattern`, { subject: "rules/detectors/checkpoints.yaml" });
    return compilePattern(source, "checkpoints");
  };
  return Object.fromEntries(WORDS.map((key) => [key, pattern(key)])) as Vocabulary;
}
