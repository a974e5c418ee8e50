// Sentences that name one license and link to the text of another, or that call a license open source that is not.
import type { Evidence } from "../../core/evidence.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { LicenseMatch, LicenseRecord } from "../../core/license.ts";
import type { Finding } from "../../core/release.ts";
import { hasKnownText, isSameFamily, isSameLicense, licenseByName } from "../../licenses/records.ts";
import type { DetectorContext } from "../detector.ts";
import { leadsHere, licenseFileAt } from "./license-links.ts";
import type { LinkTarget, Mention } from "./license-mentions.ts";
import { knownNameAt } from "./license-names.ts";
import { licenseRules } from "./license-rules.ts";
import { scopesIn } from "./license-scope.ts";
import { licensesIn } from "./license-texts.ts";
import { linesEvidence, passageEvidence } from "./observe.ts";
import type { Passage } from "./passages.ts";

/** Words of a link and the file it leads to that do not go together; both places are cited. */
export function contradictingLinks(
  context: DetectorContext,
  passage: Passage,
  links: readonly LinkTarget[],
  mentions: readonly Mention[],
): readonly Finding[] {
  const here = links.filter(({ text }) => text !== "" && passage.text.includes(text));
  return here.flatMap((link): readonly Finding[] => {
    const file = link.url === undefined || !leadsHere(context, link.url) ? null : licenseFileAt(context, link.url, passage.artifact.path);
    if (file === null) return [];
    const named = nameOfLink(link) ?? nameBefore(passage, link, mentions);
    const actual = named === null ? null : actualOf(file, named);
    return named === null || actual === null ? [] : [finding(context, passage, file, named, actual)];
  });
}

interface Said {
  /** Null for a title that Ajar has no record of. */
  readonly license: LicenseRecord | null;
  readonly name: string;
}

/** A title that promises an agreement of its own. */
const OWN_AGREEMENT =
  /\b(?:community|model|research|commercial)\s+licen[sc]e(?:\s+agreement)\b|\bcommunity\s+licen[sc]e\b|(?:社区|社區|模型|商用)(?:许可|許可|授权|授權)(?:协议|協議)/iu;

function nameOfLink({ text }: LinkTarget): Said | null {
  const bare = text.replace(/^\W+|\W+$/gu, "");
  const byName = licenseByName(bare);
  if (byName?.kind === "proprietary") return { license: byName, name: bare };
  const known = knownNameAt(bare.replace(/^(?:the|an?)\s+/iu, ""));
  if (known !== null && known.license !== null) return { license: known.license, name: known.name };
  return OWN_AGREEMENT.test(bare) ? { license: null, name: bare } : null;
}

/** "Licensed under MIT, see LICENSE": the name before a link that says nothing but where the text is. */
function nameBefore({ text }: Passage, link: LinkTarget, mentions: readonly Mention[]): Said | null {
  if (
    !/^\W*(?:(?:the\s+)?licen[sc]e(?:\.\w+)?(?:\s+file)?|here|file|v?\d[\d.]*(?:\s*版本)?|许可证文件|此处|這裡|这里)\W*$/iu.test(link.text)
  )
    return null;
  const [only, ...others] = mentions.filter(({ path }) => path === null);
  const at = text.lastIndexOf(link.text);
  if (only === undefined || others.length > 0 || only.end > at) return null;
  if (only.license === null && !OWN_AGREEMENT.test(only.name)) return null;
  const between = text.slice(only.end, at);
  const isDirection = /\b(?:see|in|at|found|available|details?|read|refer|updated)\b|见|見|参|參|详|詳|文件|更新/iu.test(between);
  return isDirection && scopesIn(between).length === 0 ? { license: only.license, name: only.name } : null;
}

interface Actual {
  readonly match: LicenseMatch;
  readonly license: LicenseRecord | null;
  /** As in LicenseReport.id. */
  readonly id: string;
}

/** What the file is, when that is not what was named; null when the two agree or nobody can tell. */
function actualOf(file: Artifact, named: Said): Actual | null {
  const matches = licensesIn(file).filter(({ outcome }) => outcome !== "pointer");
  const [match] = matches;
  if (match === undefined || matches.some((one) => agrees(one, named.license))) return null;
  if (match.outcome === "identified") {
    const isOwnAgreement = named.license === null && /^LicenseRef-/u.test(match.license.id);
    return isOwnAgreement ? null : { match, license: match.license, id: match.license.id };
  }
  if (match.outcome === "modified") return named.license === null ? null : { match, license: null, id: `modified ${match.base.id}` };
  const isKnown = named.license !== null && hasKnownText(named.license.id);
  return match.outcome === "unknown-license" && match.form === "text" && isKnown ? { match, license: null, id: "unknown" } : null;
}

function agrees(match: LicenseMatch, named: LicenseRecord | null): boolean {
  if (named === null) return false;
  if (match.outcome === "identified") return isSameLicense(match.license.id, named.id);
  if (match.outcome !== "modified") return false;
  // Which of several twins a changed copy was made from nobody can tell.
  if (match.base.id !== named.id) return isSameFamily(match.base.id, named.id);
  return !match.differences.some(({ normative }) => normative);
}

function finding(context: DetectorContext, passage: Passage, file: Artifact, named: Said, actual: Actual): Finding {
  const said = passageEvidence(context, passage);
  const text = textEvidence(context, file, actual.match);
  const id = actual.id === "unknown" ? "licenses.link-contradicts-unknown" : "licenses.link-contradicts-text";
  const args = {
    path: passage.artifact.path,
    named: named.name.trim().replace(/^the\s+/iu, ""),
    target: file.path,
    ...(actual.id === "unknown" ? {} : { actual: actual.id }),
  };
  return {
    ruleId: "licenses/link-contradicts-text",
    severity: isOpen(named.license) === isOpen(actual.license) ? "medium" : "high",
    message: { id, args, evidence: [said.id, text.id] },
    path: passage.artifact.path,
    evidence: [said, text],
  };
}

function isOpen(license: LicenseRecord | null): boolean {
  return license !== null && ["osi-approved", "open-data", "open-content", "unapproved-permissive"].includes(license.kind);
}

function textEvidence(context: DetectorContext, file: Artifact, { span }: LicenseMatch): Evidence {
  const lines = span.kind === "lines" ? span : { start: 1, end: 1 };
  return linesEvidence(context, file, lines, (file.text ?? "").split("\n")[lines.start - 1] ?? "", "license-match");
}

/** "The Acme Open Source License" of a license that OSI has not approved and that limits use. */
export function openSourceNames(context: DetectorContext, passage: Passage, mentions: readonly Mention[]): readonly Finding[] {
  const rules = licenseRules();
  if (!rules.openSourceName.test(passage.text) || rules.notOpenSource.test(passage.text)) return [];
  const known = mentions.flatMap(({ license, path }) => (license === null ? [] : [{ license, path }]));
  const [first] = known;
  const isLimited = ({ license }: { readonly license: LicenseRecord }): boolean =>
    ["use-restricted", "non-commercial", "proprietary"].includes(license.kind);
  if (first === undefined || !known.every(isLimited)) return [];
  const said = passageEvidence(context, passage);
  const file = first.path === null ? undefined : context.source.artifacts.find(({ path }) => path === first.path);
  const match = file === undefined ? undefined : licensesIn(file)[0];
  const pieces: [Evidence, ...Evidence[]] = file === undefined || match === undefined ? [said] : [said, textEvidence(context, file, match)];
  const args = { path: passage.artifact.path, license: first.license.id };
  return [
    {
      ruleId: "licenses/called-open-source",
      severity: "medium",
      message: { id: "licenses.called-open-source", args, evidence: pieces.map(({ id }) => id) },
      path: passage.artifact.path,
      evidence: pieces,
    },
  ];
}
