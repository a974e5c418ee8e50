// Licenses, notices and use policies that a document sends its reader to and that are not in the release.
import type { Evidence } from "../core/evidence.ts";
import type { Artifact } from "../core/inventory.ts";
import type { Finding } from "../core/release.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { leadsHere } from "./support/license-links.ts";
import { pathOfLink } from "./support/license-texts.ts";
import { linesEvidence, passageEvidence } from "./support/observe.ts";
import { artifactsWith, passagesOf } from "./support/passages.ts";
import { ownerOf } from "./support/publisher.ts";

/** Links and sentences looked at in one document, and findings of one release. */
const MAX_LINKS = 5_000;
const MAX_FINDINGS = 10;

const POLICY_PATH =
  /(?:^|\/)[^/]*(?:acceptable[-_ ]?use|(?:prohibited[-_ ]?)?use|usage)[-_ ]?polic(?:y|ies)[^/]*$|(?:^|\/)acceptable[-_ ]?use[^/]*$|使用政策/iu;
const LICENSE_PATH = /(?:^|\/)(?:[^/]*[-_. ])?(?:licen[sc]es?|copying|notice|eula)(?:[-_. ][^/]*)?$|(?:许可证|许可协议|授權條款)[^/]*$/iu;

export const detector: Detector = {
  id: "license-references",
  version: 1,
  async detect(context) {
    const findings: Finding[] = [];
    // What a cut listing leaves out may be the very file.
    if (!context.source.listingComplete) return { facts: [], findings };
    const paths = pathsOf(context);
    for (const artifact of artifactsWith(context, ["readme", "model-card", "data-card", "document"])) {
      if (artifact.path.split("/").length > 3) continue;
      findings.push(
        ...brokenLinks(context, artifact, paths),
        ...brokenField(context, artifact, paths),
        ...missingFiles(context, artifact, paths),
      );
    }
    return { facts: [], findings: onePerFile(findings).slice(0, MAX_FINDINGS) };
  },
};

/** Paths of the release and their folders in lower case: hosts and people differ about case and about LICENCE. */
function pathsOf(context: DetectorContext): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path } of context.source.artifacts) {
    const pieces = path.split("/");
    for (let count = 1; count <= pieces.length; count += 1) paths.add(plain(pieces.slice(0, count).join("/")));
  }
  return paths;
}

function plain(path: string): string {
  return path
    .toLowerCase()
    .replace(/licence/gu, "license")
    .replace(/\/$/u, "");
}

/** A package or a folder is not laid out like the repository that an address leads into; only a known owner's repository is. */
function isOfThisTree(context: DetectorContext, url: string): boolean {
  return leadsHere(context, url) && (!/^https?:/iu.test(url) || ownerOf(context) !== null);
}

function brokenLinks(context: DetectorContext, artifact: Artifact, paths: ReadonlySet<string>): readonly Finding[] {
  const links = context.document(artifact)?.links.slice(0, MAX_LINKS) ?? [];
  return links.flatMap(({ url, text, line, image }): readonly Finding[] => {
    const path = image || !isOfThisTree(context, url) ? null : pathOfLink(context, url, artifact.path);
    if (path === null || path === "" || paths.has(plain(path))) return [];
    const evidence = linesEvidence(context, artifact, { start: line, end: line }, `${text} ${url}`.trim());
    return findingFor(artifact, path, evidence);
  });
}

/** `license_link: LICENSE.md` in a front matter. */
function brokenField(context: DetectorContext, artifact: Artifact, paths: ReadonlySet<string>): readonly Finding[] {
  const front = context.document(artifact)?.frontMatter;
  const link = front?.data["license_link"];
  if (front === null || front === undefined || typeof link !== "string" || !isOfThisTree(context, link)) return [];
  const path = pathOfLink(context, link, artifact.path);
  if (path === null || path === "" || paths.has(plain(path))) return [];
  const lines = front.linesOf(["license_link"]) ?? { start: front.startLine, end: front.endLine };
  return findingFor(artifact, path, linesEvidence(context, artifact, lines, `license_link: ${link}`, "front-matter"), true);
}

/** "See the LICENSE file for details": the folder of the document and those above it may hold it. */
const SEE_FILE =
  /(?:\b(?:see|refer\s+to|found\s+in|read|in)\s+(?:the\s+|our\s+)?|(?:见|見|参见|參見|参阅|參閱|请阅读|請閱讀)\s*)[`"'“「《[]{0,2}(?<name>(?:[A-Z]+[-_])?(?:LICEN[SC]E|NOTICE|COPYING|(?:ACCEPTABLE_|USAGE_|USE_)+POLICY)(?:[-_][A-Z]+)?(?:\.(?:md|txt|rst))?)(?=[`"'”」》\]\s.,;:，。；）)]|文件|檔案|$)(?!\s+AGREEMENT)/u;

function missingFiles(context: DetectorContext, artifact: Artifact, paths: ReadonlySet<string>): readonly Finding[] {
  return passagesOf(context, artifact).flatMap((passage): readonly Finding[] => {
    const name = passage.kind === "code" ? undefined : SEE_FILE.exec(passage.text)?.groups?.["name"];
    if (name === undefined || isThere(name, artifact.path, paths)) return [];
    return findingFor(artifact, name, passageEvidence(context, passage));
  });
}

/** With any file ending, in the document's folder or above it. */
function isThere(name: string, from: string, paths: ReadonlySet<string>): boolean {
  const stem = plain(name).replace(/\.(?:md|txt|rst)$/u, "");
  const folders = from.split("/").slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const base = plain([...folders.slice(0, depth), stem].join("/"));
    if (["", ".md", ".txt", ".rst", ".html"].some((ending) => paths.has(base + ending))) return true;
  }
  return false;
}

function findingFor(artifact: Artifact, path: string, evidence: Evidence, isLicense = false): readonly Finding[] {
  const isPolicy = POLICY_PATH.test(path);
  if (!isPolicy && !isLicense && !LICENSE_PATH.test(path)) return [];
  const ruleId = isPolicy ? "licenses/policy-missing" : "licenses/file-missing";
  const id = isPolicy ? "licenses.policy-missing" : "licenses.file-missing";
  const message = { id, args: { path: artifact.path, target: path }, evidence: [evidence.id] };
  return [{ ruleId, severity: "medium", message, path: artifact.path, evidence: [evidence] }];
}

/** A file that is missing is missing once, however often a document leads there. */
function onePerFile(findings: readonly Finding[]): readonly Finding[] {
  const known = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.ruleId}\0${plain(String(finding.message.args?.["target"])).replace(/\.(?:md|txt|rst)$/u, "")}`;
    if (!known.has(key)) known.set(key, finding);
  }
  return [...known.values()];
}
