// License statements in prose and front matter: "the code is MIT, the weights are under LICENSE-MODEL".
import type { LicenseScope } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import type { LicenseFact, StatementKind } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseRecord } from "../core/license.ts";
import type { Link } from "../documents/document.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { findMentions, licenseRules, type Mention } from "./support/license-mentions.ts";
import { isModelLicense, scopesIn, scopesOfName } from "./support/license-scope.ts";
import { licenseFiles, licensesIn, pathOfLink } from "./support/license-texts.ts";
import { detectorName, linesEvidence, passageEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./support/passages.ts";
import { ownNames } from "./support/publisher.ts";
import { namesRelease } from "./support/release-names.ts";

/** Statements kept per document; a list of hundreds is a catalogue of other works. */
const MAX_STATEMENTS = 40;
/** Links looked at in one sentence. */
const MAX_LINKS = 20;

export const detector: Detector = {
  id: "license-statements",
  version: 1,
  async detect(context) {
    const facts: LicenseFact[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card", "document"])) {
      if (!isAboutRelease(artifact)) continue;
      facts.push(...frontMatterFacts(context, artifact), ...proseFacts(context, artifact), ...badgeFacts(context, artifact));
    }
    return { facts, findings: [] };
  },
};

/** Documents deep down speak of a part; only READMEs and cards there are heard. */
function isAboutRelease({ path, roles }: Artifact): boolean {
  return !path.includes("/") || roles.some((role) => role === "model-card" || role === "data-card" || role === "readme");
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

interface Statement {
  readonly artifact: Artifact;
  readonly statement: StatementKind;
  readonly license: LicenseRecord | null;
  readonly stated: string;
  readonly covers: readonly LicenseScope[];
  readonly evidence: Evidence;
}

function factOf({ artifact, statement, license, stated, covers, evidence }: Statement): LicenseFact {
  return {
    kind: "license",
    statement,
    license,
    stated,
    covers,
    components: [],
    folder: folderOf(artifact.path),
    thirdParty: artifact.thirdParty,
    evidence: [evidence],
    detector: detectorName(detector),
  };
}

function frontMatterFacts(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  const front = context.document(artifact)?.frontMatter;
  if (front === null || front === undefined) return [];
  const value = front.data["license"];
  const names = (Array.isArray(value) ? value : [value]).filter((name): name is string => typeof name === "string" && name.trim() !== "");
  const covers = coversOfCard(context, artifact);
  if (covers === null) return [];
  return names.flatMap((name, at) => {
    const lines = front.linesOf(Array.isArray(value) ? ["license", at] : ["license"]) ?? { start: front.startLine, end: front.endLine };
    const evidence = linesEvidence(context, artifact, lines, `license: ${name}`, "front-matter");
    const license = licenseByName(name) ?? namedLicense(front.data["license_name"]);
    const fact = factOf({ artifact, statement: "card", license, stated: name, covers, evidence });
    return contradictsItself(name, front.data["license_name"])
      ? [{ ...fact, license: null, match: { outcome: "unknown-license", nearest: null, span: { kind: "lines", ...lines } } }]
      : [fact];
  });
}

/** `license_name` is for licenses without an id; beside the id of another license the card says two things. */
function contradictsItself(id: string, name: unknown): boolean {
  const known = licenseByName(id);
  if (known === null || typeof name !== "string" || name.trim() === "" || /^(?:other|unknown)$/iu.test(id)) return false;
  return licenseByName(name)?.id !== known.id;
}

function namedLicense(value: unknown): LicenseRecord | null {
  return typeof value === "string" ? licenseByName(value) : null;
}

/** On a hub the card's license holds for the repository; elsewhere it speaks of the model or data set the card is about. */
function coversOfCard(context: DetectorContext, { path, roles }: Artifact): readonly LicenseScope[] | null {
  if (roles.includes("data-card")) return ["data", "documents"];
  // A front matter beside weights is a card's, however little else it says.
  if (!roles.includes("model-card") && !liesBesideWeights(context, path)) return null;
  return context.source.kind === "hub-model" && !path.includes("/") ? ["weights", "code", "documents"] : ["weights"];
}

function liesBesideWeights(context: DetectorContext, path: string): boolean {
  const folder = folderOf(path);
  return context.source.artifacts.some((file) => file.roles.includes("weights") && folderOf(file.path) === folder);
}

function proseFacts(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  const rules = licenseRules();
  const facts: LicenseFact[] = [];
  const passages = passagesOf(context, artifact);
  for (const [at, passage] of passages.entries()) {
    if (facts.length >= MAX_STATEMENTS) break;
    if (passage.kind === "code" || passage.kind === "heading") continue;
    facts.push(...narrowTerms(context, passage));
    if (!rules.hint.test(passage.text)) continue;
    if (passage.under.some((heading) => rules.notUnder.test(heading)) || rules.unless.test(passage.text)) continue;
    const mentions = findMentions(passage, linkTargets(context, artifact, passage));
    if (mentions.length === 0) facts.push(...followedByText(context, passage, passages[at + 1]));
    let from = 0;
    for (const mention of mentions) {
      facts.push(statementOf(context, passage, mention, passage.text.slice(from, mention.start)));
      from = mention.end;
    }
  }
  return facts;
}

/** A passage longer than this is no sentence of terms. */
const MAX_TERMS_CHARS = 1_000;

/** "The weights may be used for research only": terms nobody named, so that an open name beside them is in doubt. */
function narrowTerms(context: DetectorContext, passage: Passage): readonly LicenseFact[] {
  const rules = licenseRules();
  const { text, artifact, under } = passage;
  const terms = text.length > MAX_TERMS_CHARS ? null : rules.narrowing.exec(text);
  if (terms === null || rules.notNarrowing.test(text) || rules.unless.test(text)) return [];
  if (under.some((heading) => rules.notUnder.test(heading))) return [];
  const evidence = passageEvidence(context, passage);
  const named = scopesIn(terms[0]);
  const covers: readonly LicenseScope[] = named.length > 0 ? named : ["weights"];
  const fact = factOf({ artifact, statement: "prose", license: null, stated: "", covers, evidence });
  const { startLine: start, endLine: end } = passage;
  return [{ ...fact, match: { outcome: "unknown-license", nearest: null, span: { kind: "lines", start, end } } }];
}

/** "The following license applies to …:" with the notice in the block below. */
function followedByText(context: DetectorContext, passage: Passage, next: Passage | undefined): readonly LicenseFact[] {
  if (!/\bfollowing\s+licen[sc]e\b|\blicen[sc]ed?\s+as\s+follows\b/iu.test(passage.text)) return [];
  const block = context.document(passage.artifact)?.blocks.find((one) => one.startLine > passage.endLine && "text" in one);
  const text = block !== undefined && "text" in block ? block.text : (next?.text ?? "");
  const named = licenseInNotice(text);
  if (named === null) return [];
  const covers = scopesIn(passage.text);
  const evidence = passageEvidence(context, passage);
  return [factOf({ artifact: passage.artifact, statement: "prose", license: named, stated: named.id, covers, evidence })];
}

function licenseInNotice(text: string): LicenseRecord | null {
  const passage = { text: text.replace(/\s+/gu, " ").slice(0, 600) };
  return findMentions(passage, [])[0]?.license ?? null;
}

interface LinkTarget {
  readonly url: string;
  readonly text: string;
  readonly license: LicenseRecord | null;
  readonly path: string | null;
}

/** Links of a passage that lead to license files of this source; what they are is told by those files' texts. */
function linkTargets(context: DetectorContext, artifact: Artifact, passage: Passage): readonly LinkTarget[] {
  const byLine = linksByLine(context.document(artifact)?.links ?? []);
  const files = licenseFiles(context);
  const links: Link[] = [];
  for (let line = passage.startLine; line <= passage.endLine; line += 1) links.push(...(byLine.get(line) ?? []));
  return links.slice(0, MAX_LINKS).flatMap((link): readonly LinkTarget[] => {
    const path = pathOfLink(context, link.url, artifact.path);
    const file = path === null ? undefined : (files.get(path) ?? renamed(files, path));
    // The license file of somebody else's repository: named, not read.
    const isForeign =
      file === undefined && /licen[sc]e/iu.test(link.text) && /\/licen[sc]e[^/]*$/iu.test(link.url) && /^https?:/iu.test(link.url);
    if (file === undefined) return [{ text: link.text, license: null, path: isForeign ? link.url : null, url: link.url }];
    return [{ text: link.text, license: textLicense(file), path: file.path, url: link.url }];
  });
}

const indexes = new WeakMap<readonly Link[], ReadonlyMap<number, readonly Link[]>>();

function linksByLine(links: readonly Link[]): ReadonlyMap<number, readonly Link[]> {
  const known = indexes.get(links);
  if (known !== undefined) return known;
  const byLine = new Map<number, Link[]>();
  for (const link of links) {
    if (link.image) continue;
    const line = byLine.get(link.line);
    if (line === undefined) byLine.set(link.line, [link]);
    else line.push(link);
  }
  indexes.set(links, byLine);
  return byLine;
}

/** LICENCE for LICENSE, and the other way round. */
function renamed(files: ReadonlyMap<string, Artifact>, path: string): Artifact | undefined {
  return files.get(path.replace(/LICENCE/gu, "LICENSE")) ?? files.get(path.replace(/LICENSE/gu, "LICENCE"));
}

function textLicense(file: Artifact): LicenseRecord | null {
  const [only, ...others] = licensesIn(file).filter(({ outcome }) => outcome !== "pointer");
  return only?.outcome === "identified" && others.every((other) => other.outcome === "identified" && other.license.id === only.license.id)
    ? only.license
    : null;
}

function statementOf(context: DetectorContext, passage: Passage, mention: Mention, words: string): LicenseFact {
  const covers = coversOfSentence(context, passage, mention, words);
  const statement = mention.path === null ? "prose" : "pointer";
  const stated = mention.path ?? mention.name;
  const evidence = passageEvidence(context, passage);
  return factOf({ artifact: passage.artifact, statement, license: mention.license, stated, covers, evidence });
}

function coversOfSentence(context: DetectorContext, passage: Passage, mention: Mention, words: string): readonly LicenseScope[] {
  const rules = licenseRules();
  const inSentence = scopesIn(words);
  if (inSentence.length > 0) return inSentence;
  const inName = [...scopesOfName(mention.path ?? ""), ...scopesIn(mention.name)];
  if (inName.length > 0) return [...new Set(inName)];
  if (rules.repository.test(words)) return ["code"];
  if (namesModel(context, mention, words)) return ["weights"];
  const heading = passage.under.at(-1) ?? "";
  if (rules.underData.test(heading) || passage.artifact.roles.includes("data-card")) return ["data"];
  if (rules.underWeights.test(heading) || passage.artifact.roles.includes("model-card")) return ["weights"];
  if (/licen[sc]e\W*$/iu.test(words) && /\bmodels?\b/iu.test(heading)) return ["weights"];
  // An item of a list of the model's merits: "Permissive Apache 2.0 license: build freely".
  if (passage.kind === "item" && /^\W*(?:permissive|open)\b/iu.test(words) && /highlight|feature|特点|特性/iu.test(heading))
    return ["weights", "code"];
  return mention.license !== null && isModelLicense(mention.license) ? ["weights"] : [];
}

/** A release and its repository share a name; a size, a variant or a license for models tells which one is meant. */
function namesModel(context: DetectorContext, { license }: Mention, words: string): boolean {
  const plain = words.replace(/https?:\/\/\S{1,300}/giu, " ");
  if (plain.trim() === "" || !namesRelease(plain, ownNames(context))) return false;
  return (license !== null && isModelLicense(license)) || /\b\d{1,4}(?:\.\d)?\s?[BM]\b|[-\s](?:chat|base|instruct)\b/iu.test(plain);
}

/** Badges name what a license file covers: [Model License](LICENSE-MODEL). */
function badgeFacts(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  const files = licenseFiles(context);
  const facts: LicenseFact[] = [];
  for (const link of context.document(artifact)?.links ?? []) {
    if (link.image || !/^\W*(?:code|model|weights?|data(?:set)?)(?:\s\w+)?\s+licen[sc]e\W*$/iu.test(link.text)) continue;
    const path = pathOfLink(context, link.url, artifact.path);
    const file = path === null ? undefined : (files.get(path) ?? renamed(files, path));
    const license = file === undefined ? null : textLicense(file);
    if (file === undefined) continue;
    const evidence = linesEvidence(context, artifact, { start: link.line, end: link.line }, link.text);
    facts.push(factOf({ artifact, statement: "pointer", license, stated: file.path, covers: scopesIn(link.text), evidence }));
  }
  return facts;
}
