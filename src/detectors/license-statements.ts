// License statements in prose: "the code is MIT, the weights are under LICENSE-MODEL".
import type { LicenseScope } from "../core/component.ts";
import type { Evidence } from "../core/evidence.ts";
import type { LicenseFact, StatementKind } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseRecord } from "../core/license.ts";
import type { Finding } from "../core/release.ts";
import { LineIndex } from "../core/text.ts";
import { reservedNotice, reservedRecord } from "../licenses/narrowing.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { aboutOf } from "./support/license-about.ts";
import { type Extent, extentOf, hasColumn, PARTS, WHOLE } from "./support/license-extent.ts";
import { governedFolder } from "./support/license-folder.ts";
import { contradictingLinks, openSourceNames } from "./support/license-link-findings.ts";
import { licenseFileAt, linkTargets, textLicense } from "./support/license-links.ts";
import { findMentions, JOINED, type Mention } from "./support/license-mentions.ts";
import { licenseRules } from "./support/license-rules.ts";
import { scopesIn } from "./support/license-scope.ts";
import { narrowingOf, noticeOf } from "./support/license-terms.ts";
import { licenseFiles } from "./support/license-texts.ts";
import { detectorName, linesEvidence, passageEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./support/passages.ts";
import { ownNames } from "./support/publisher.ts";

/** Statements kept per document; a list of hundreds is a catalogue of other works. */
const MAX_STATEMENTS = 40;
/** Findings kept per document. */
const MAX_FINDINGS = 5;

export const detector: Detector = {
  id: "license-statements",
  version: 2,
  async detect(context) {
    const facts: LicenseFact[] = [];
    const findings: Finding[] = [];
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card", "document"])) {
      if (!isAboutRelease(artifact)) continue;
      const heard = prose(context, artifact);
      facts.push(...heard.facts, ...badgeFacts(context, artifact));
      findings.push(...heard.findings.slice(0, MAX_FINDINGS));
    }
    if (facts.length === 0) facts.push(...onlyReserved(context));
    return { facts, findings };
  },
};

/** Lists of other people's work, and the past of this one. */
const NOT_ABOUT =
  /(?:^|\/)(?:awesome|changelog|changes|history|news|contributing|credits|acknowledge?ments)[^/]*$|(?:third|3rd)[-_ ]?part(?:y|ies)[^/]*$/iu;

/** Documents deep down speak of a part; only READMEs and cards there are heard. */
function isAboutRelease({ path, roles }: Artifact): boolean {
  if (NOT_ABOUT.test(path)) return false;
  return !path.includes("/") || roles.some((role) => role === "model-card" || role === "data-card" || role === "readme");
}

interface Statement {
  readonly artifact: Artifact;
  readonly statement: StatementKind;
  readonly license: LicenseRecord | null;
  readonly stated: string;
  readonly extent: Extent;
  readonly evidence: Evidence;
}

function factOf({ artifact, statement, license, stated, extent, evidence }: Statement): LicenseFact {
  const { about, ...rest } = extent;
  return {
    kind: "license",
    statement,
    license,
    stated,
    ...rest,
    ...(about === "" ? {} : { about }),
    components: [],
    folder: governedFolder(artifact.path),
    thirdParty: artifact.thirdParty,
    evidence: [evidence],
    detector: detectorName(detector),
  };
}

interface Heard {
  readonly facts: LicenseFact[];
  readonly findings: Finding[];
}

function prose(context: DetectorContext, artifact: Artifact): Heard {
  const heard: Heard = { facts: [], findings: [] };
  const passages = passagesOf(context, artifact);
  for (const [at, passage] of passages.entries()) {
    if (heard.facts.length >= MAX_STATEMENTS) break;
    if (passage.kind === "code" || passage.kind === "heading") continue;
    hear(context, passage, passages[at + 1], heard);
  }
  return heard;
}

function hear(context: DetectorContext, passage: Passage, next: Passage | undefined, heard: Heard): void {
  const rules = licenseRules();
  if (passage.under.some((heading) => rules.notUnder.test(heading)) || rules.unless.test(passage.text)) return;
  heard.facts.push(...termsSaid(context, passage));
  const cells = passage.kind === "row" && hasColumn(context, passage, /licen[sc]e|许可|許可|授权|授權|协议|協議/iu);
  if (!rules.hint.test(passage.text) && !isLicenseLine(passage) && !cells) return;
  const links = linkTargets(context, passage);
  const mentions = findMentions({ text: passage.text, cells }, links).filter((mention) => !isOwnName(context, passage, mention));
  if (mentions.length === 0) heard.facts.push(...followedByText(context, passage, next));
  else heard.facts.push(...statementsOf(context, passage, mentions));
  heard.findings.push(...contradictingLinks(context, passage, links, mentions), ...openSourceNames(context, passage, mentions));
}

/** A model and its license may share a name: "the ChatGLM-6B weights" names no license, "the ChatGLM-6B License" does. */
function isOwnName(context: DetectorContext, { text }: Passage, { name, path, end }: Mention): boolean {
  const isOwn = path === null && ownNames(context).has(name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""));
  return isOwn && !/^[\s"'”’`*_\])）」》]{0,4}(?:licen[sc]e|许可|許可|协议|協議|授权|授權)/iu.test(text.slice(end, end + 40));
}

/** A line of its own below a heading that asks for nothing but the license: "## License", "Apache 2.0". */
function isLicenseLine({ under, text, before }: Passage): boolean {
  return (
    /^\W*(?:\d+\W+)?(?:licen[sc]e|licensing|许可证?|許可證?|授权|授權|协议|協議|开源协议|開源協議)\W*$/iu.test(under.at(-1) ?? "") &&
    text.length <= 80 &&
    before === (under.at(-1) ?? "")
  );
}

/** Terms that nobody named, and notices that reserve all rights: an open name beside them is in doubt. */
function termsSaid(context: DetectorContext, passage: Passage): readonly LicenseFact[] {
  const { artifact, startLine: start, endLine: end, text, under } = passage;
  const evidence = passageEvidence(context, passage);
  const notice = noticeOf(text);
  if (notice !== null) {
    const covers = scopesIn(text);
    const extent = { covers, said: covers, whole: covers.length === 0, about: "" };
    return [factOf({ artifact, statement: "prose", license: notice.license, stated: notice.words, extent, evidence })];
  }
  const narrowing = narrowingOf(text, under);
  if (narrowing === null) return [];
  const named = scopesOfTerms(text, narrowing.words);
  const isWhole = named === null && WHOLE.test(text);
  const covers: readonly LicenseScope[] = named ?? ["weights"];
  const span = { kind: "lines", start, end } as const;
  const restrictions = narrowing.terms.map((term) => ({ term, clause: "", summary: "", span, quote: evidence.quote ?? "" }));
  const extent = { covers, said: isWhole ? [] : covers, whole: isWhole, about: aboutOf(text, ownNames(context)) };
  const fact = factOf({ artifact, statement: "prose", license: null, stated: "", extent, evidence });
  return [{ ...fact, match: { outcome: "unknown-license", nearest: null, span, form: "sentence", restrictions } }];
}

/** What the narrowing words name, or the part of the sentence nearest before them: "…, except for the weights, which may only …"; null when
 * nothing names a part: terms without one are taken to be the model's. */
function scopesOfTerms(text: string, words: string): readonly LicenseScope[] | null {
  const clauses = [...text.slice(0, text.indexOf(words)).split(/[,;:，；：]/u), words];
  const nearest = clauses.findLast((clause) => scopesIn(clause).length > 0);
  const scopes = nearest === undefined ? [] : scopesIn(nearest);
  return scopes.length === 0 || (WHOLE.test(nearest ?? "") && !PARTS.test(nearest ?? "")) ? null : scopes;
}

/** "© 2024 Acme. All rights reserved" in a release that states no license anywhere: nothing is granted. Beside a license it is a copyright line. */
function onlyReserved(context: DetectorContext): readonly LicenseFact[] {
  const documents = artifactsWith(context, ["readme", "model-card", "data-card"]).filter(({ path }) => !path.includes("/"));
  const hasLicense = documents.some((artifact) => context.document(artifact)?.frontMatter?.data["license"] !== undefined);
  if (hasLicense || licenseFiles(context).size > 0) return [];
  return documents.flatMap((artifact): readonly LicenseFact[] => {
    const passage = passagesOf(context, artifact).find(
      ({ kind, text }) => kind !== "code" && reservedNotice(text, new LineIndex(text)) !== null,
    );
    const license = passage === undefined ? null : reservedRecord();
    if (passage === undefined || license === null) return [];
    const extent = { covers: [], said: [], whole: true, about: "" };
    return [factOf({ artifact, statement: "prose", license, stated: passage.text, extent, evidence: passageEvidence(context, passage) })];
  });
}

/** "The following license applies to …:" with the notice in the block below. */
function followedByText(context: DetectorContext, passage: Passage, next: Passage | undefined): readonly LicenseFact[] {
  if (!/\bfollowing\s+licen[sc]e\b|\blicen[sc]ed?\s+as\s+follows\b/iu.test(passage.text)) return [];
  const block = context.document(passage.artifact)?.blocks.find((one) => one.startLine > passage.endLine && "text" in one);
  const text = block !== undefined && "text" in block ? block.text : (next?.text ?? "");
  const named = findMentions({ text: text.replace(/\s+/gu, " ").slice(0, 600) }, [])[0]?.license ?? null;
  if (named === null) return [];
  const covers = scopesIn(passage.text);
  const extent = { covers, said: covers, whole: covers.length === 0, about: "" };
  const evidence = passageEvidence(context, passage);
  return [factOf({ artifact: passage.artifact, statement: "prose", license: named, stated: named.id, extent, evidence })];
}

/** The reader may choose. */
const CHOICE = /\bor\b|或|\beither\b|\bdual(?:ly)?\W|\bmulti-?licen|双重|雙重|任选|任選|二选一|二選一|at\s+your\s+option/iu;

function statementsOf(context: DetectorContext, passage: Passage, mentions: readonly Mention[]): readonly LicenseFact[] {
  const { text } = passage;
  const facts: LicenseFact[] = [];
  let from = 0;
  let last: { readonly extent: Extent; group: LicenseFact[] } | null = null;
  for (const mention of withoutTitlesOfTexts(mentions)) {
    const words = text.slice(from, mention.start);
    const isJoined: boolean = last !== null && JOINED.test(words);
    const extent: Extent = isJoined && last !== null ? last.extent : extentOf(context, passage, mention, words);
    const fact = factOf({
      artifact: passage.artifact,
      statement: mention.path === null ? "prose" : "pointer",
      license: mention.license,
      stated: mention.path ?? mention.name.trim(),
      extent,
      evidence: passageEvidence(context, passage),
    });
    const isChoice = isJoined && CHOICE.test(text);
    if (isChoice && facts.length > 0) facts.push({ ...(facts.pop() ?? fact), choice: text.slice(0, MAX_CHOICE_CHARS) });
    facts.push(isChoice ? { ...fact, choice: text.slice(0, MAX_CHOICE_CHARS) } : fact);
    last = { extent, group: facts };
    from = mention.end;
  }
  return facts;
}

/** A title beside a link to the text itself: only the text grants anything, whatever it is called. */
function withoutTitlesOfTexts(mentions: readonly Mention[]): readonly Mention[] {
  const hasText = mentions.some(({ path, license }) => path !== null && license !== null);
  return hasText ? mentions.filter(({ path, license }) => path !== null || license !== null) : mentions;
}

/** Of a sentence that offers a choice; enough to tell it from others. */
const MAX_CHOICE_CHARS = 200;

/** Links named for what a license file covers: [Model License](LICENSE-MODEL). */
function badgeFacts(context: DetectorContext, artifact: Artifact): readonly LicenseFact[] {
  const facts: LicenseFact[] = [];
  for (const link of context.document(artifact)?.links ?? []) {
    if (link.image || !/^\W*(?:code|model|weights?|data(?:set)?)(?:\s\w+)?\s+licen[sc]e\W*$/iu.test(link.text)) continue;
    const file = licenseFileAt(context, link.url, artifact.path);
    if (file === null) continue;
    const evidence = linesEvidence(context, artifact, { start: link.line, end: link.line }, link.text);
    const covers = scopesIn(link.text);
    const extent = { covers, said: covers, whole: false, about: "" };
    facts.push(factOf({ artifact, statement: "pointer", license: textLicense(file), stated: file.path, extent, evidence }));
  }
  return facts;
}
