// License files, identified by their text. The name of a file may say what it covers, never which license it is.
import type { LicenseScope } from "../core/component.ts";
import { type Evidence, evidence, quoteOf } from "../core/evidence.ts";
import type { LicenseFact } from "../core/fact.ts";
import type { Artifact } from "../core/inventory.ts";
import type { LicenseMatch, LicenseRecord } from "../core/license.ts";
import type { Finding } from "../core/release.ts";
import { narrowingIn } from "../licenses/narrowing.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { DIST_INFO, governedFolder } from "./support/license-folder.ts";
import { isModelLicense, scopesOfName } from "./support/license-scope.ts";
import { licenseFiles, licensesIn } from "./support/license-texts.ts";
import { detectorName } from "./support/observe.ts";

/** Licenses reported of one file; collections of notices hold hundreds. */
const MAX_MATCHES = 40;

export const detector: Detector = {
  id: "license-files",
  version: 1,
  async detect(context) {
    const files = [...licenseFiles(context).values()].filter(({ text }) => text !== null);
    const facts: LicenseFact[] = [];
    const findings: Finding[] = [];
    for (const artifact of files) {
      const found = factsOfFile(context, artifact, files);
      facts.push(...found);
      for (const fact of found) findings.push(...findingsOf(artifact, fact));
    }
    return { facts, findings };
  },
};

function factsOfFile(context: DetectorContext, artifact: Artifact, files: readonly Artifact[]): readonly LicenseFact[] {
  const matches = matchesOf(artifact);
  const withText = matches.filter(({ outcome }) => outcome !== "pointer");
  // A license text names itself and its home; only a file without terms points elsewhere.
  const kept = (withText.length > 0 ? withText : matches).slice(0, MAX_MATCHES);
  const isNotice = NOTICE.test(artifact.path);
  return kept.map((match) => {
    const license = recordOf(match);
    return {
      kind: "license",
      statement: match.outcome === "pointer" ? "pointer" : "text",
      license,
      stated: match.outcome === "pointer" ? match.to : "",
      match,
      covers: coversOf(artifact, license, files),
      said: scopesOfName(artifact.path),
      ...extentOfName(artifact.path),
      components: [],
      folder: governedFolder(artifact.path),
      thirdParty: artifact.thirdParty || (isNotice && match.outcome !== "pointer") || isCollection(artifact.path),
      evidence: [matchEvidence(context, artifact, match)],
      detector: detectorName(detector),
    };
  });
}

const NOTICE = /(?:^|\/)(?:notice|acknowledge?ments?|third)[^/]*$/iu;

/** A license file speaks for its folder whatever it says: words that nobody can place are unknown terms, not none. */
function matchesOf(artifact: Artifact): readonly LicenseMatch[] {
  const matches = licensesIn(artifact);
  const text = artifact.text ?? "";
  if (matches.length > 0 || text.trim() === "" || NOTICE.test(artifact.path)) return matches;
  const span = { kind: "lines", start: 1, end: text.trimEnd().split("\n").length } as const;
  return [{ outcome: "unknown-license", nearest: null, span, form: "words", restrictions: narrowingIn(text) }];
}

function recordOf(match: LicenseMatch): LicenseRecord | null {
  return match.outcome === "identified" || match.outcome === "pointer" ? match.license : null;
}

/** Folders that keep the licenses of other works side by side (REUSE's LICENSES holds copies, not statements). */
function isCollection(path: string): boolean {
  return !DIST_INFO.test(path) && /(?:^|\/)(?:[\w-]+[-_])?licen[sc]es\/[^/]+$/iu.test(path);
}

function coversOf(artifact: Artifact, license: LicenseRecord | null, files: readonly Artifact[]): readonly LicenseScope[] {
  const named = scopesOfName(artifact.path);
  if (named.length > 0) return named;
  if (license === null || !isModelLicense(license)) return [];
  const folder = governedFolder(artifact.path);
  const hasSoftwareLicense = files.some(
    (other) => other !== artifact && governedFolder(other.path) === folder && licensesIn(other).some((match) => isSoftwareText(match)),
  );
  return hasSoftwareLicense ? ["weights"] : ["weights", "code", "documents"];
}

/** Words of a file name that say only that it is a license, or what it covers. */
const NAME_WORDS =
  /\.(?:txt|md|rst|html?)$|(?:un)?licen[sc]es?|copying|notice|agreement|eula|terms(?:[-_ ]of[-_ ](?:use|service))?|\b(?:code|source|software|model|models|weights?|diff|data|dataset|docs?|documentation|full|main|of|the)\b|许可(?:证|协议)?|使用条款|协议/giu;

/** A bare LICENSE speaks of everything in its folder; `LICENSE-7B` of something by that name. */
function extentOfName(path: string): Pick<LicenseFact, "whole" | "about"> {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/[-_]+/gu, " ");
  const about = name
    .replace(NAME_WORDS, " ")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, " ")
    .replace(/^[\s.]+|[\s.]+$/gu, "");
  if (about !== "") return { whole: false, about };
  return { whole: scopesOfName(path).length === 0 && !NOTICE.test(path) };
}

function isSoftwareText(match: LicenseMatch): boolean {
  return match.outcome === "identified" && !isModelLicense(match.license);
}

function matchEvidence(context: DetectorContext, artifact: Artifact, match: LicenseMatch): Evidence {
  const text = artifact.text ?? "";
  const first = match.span.kind === "lines" ? (text.split("\n")[match.span.start - 1] ?? "") : "";
  const { path, digest } = artifact;
  return evidence({ source: context.source.ref, path, digest, span: match.span, quote: quoteOf(first), method: "license-match" });
}

function findingsOf(artifact: Artifact, fact: LicenseFact): readonly Finding[] {
  const { match } = fact;
  if (match === undefined || artifact.thirdParty) return [];
  const base = { path: artifact.path, evidence: fact.evidence };
  const cited = fact.evidence.map(({ id }) => id);
  const findings: Finding[] = [];
  if (match.outcome === "modified" && !fact.thirdParty) {
    const args = { path: artifact.path, base: match.base.id, count: match.differences.length };
    findings.push({
      ...base,
      ruleId: "licenses/modified",
      severity: "medium",
      message: { id: "components.license-modified", args, evidence: cited },
    });
  }
  if (match.outcome === "pointer" && match.license === null && !fact.thirdParty) {
    const args = { path: artifact.path, to: match.to };
    findings.push({
      ...base,
      ruleId: "licenses/pointer-only",
      severity: "medium",
      message: { id: "components.pointer-only", args, evidence: cited },
    });
  }
  const claimed = licenseOfName(artifact.path);
  const actual = match.outcome === "identified" ? match.license : match.outcome === "modified" ? match.base : null;
  if (claimed !== null && actual !== null && claimed.family !== familyOf(actual)) {
    const args = { path: artifact.path, claimed: claimed.shown, actual: actual.id };
    findings.push({
      ...base,
      ruleId: "licenses/name-contradicts-text",
      severity: "medium",
      message: { id: "components.name-contradicts-text", args, evidence: cited },
    });
  }
  return findings;
}

interface ClaimedName {
  readonly family: string;
  readonly shown: string;
}

const FAMILIES = /(?:^|[^a-z])(llama|gemma|qwen|falcon|bloom|openrail|gpl|agpl|lgpl|mit|apache|bsd|mpl|cc0|cc-by)(?:[^a-z]|$)/iu;

/** The license that a file name names; a model license agreement whose text is a software license contradicts itself too. */
function licenseOfName(path: string): ClaimedName | null {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/[_ ]+/gu, "-");
  const family = FAMILIES.exec(name)?.[1]?.toLowerCase();
  if (family !== undefined) return { family, shown: family };
  const stem = name.replace(/licen[sc]e|\.(?:txt|md)$|^-+|-+$/giu, "");
  const record = stem === "" ? null : licenseByName(stem);
  if (record !== null) return { family: familyOf(record), shown: record.id };
  return /model-licen[sc]e-agreement|community-licen[sc]e/iu.test(name) ? { family: "model license", shown: "model license" } : null;
}

function familyOf(record: LicenseRecord): string {
  if (FAMILIES.test(record.id)) return FAMILIES.exec(record.id)?.[1]?.toLowerCase() ?? record.id;
  return isModelLicense(record) ? "model license" : record.id;
}
