// What must be shipped with a release, from its duties and the texts found in it. Pure: nothing is read or written here.
import type { Report } from "../core/report.ts";
import type { TermsRecord } from "../core/terms.ts";
import type { BundleText, FoundText, Missing, NoticeBundle, UseDuty, UseReport } from "../core/use.ts";

/** Copyright lines quoted; a bundle of packages has thousands. */
const MAX_CREDITS = 200;
/** Characters of one. */
const MAX_LINE = 300;
const COPYRIGHT = /^[\s#*/;-]*(?:copyright\b|\(c\)\s|©|版权所有|版權所有|著作权|著作權).{3,}/iu;
/** Words of the forms that license texts bring along for others to fill in. */
const TEMPLATE = /\[yyyy\]|\[name of|<year>|<name of|\{yyyy\}|copyright (?:notice|holder|owner|license|law|and|statement|or|in|interest)/iu;

/** The bundle for an answer that is about passing on; `read` are the texts of the release. */
export function bundleOf(
  use: UseReport,
  report: Report,
  read: readonly FoundText[],
  terms: (id: string) => TermsRecord | null,
): NoticeBundle {
  const texts = read.map((text, at): BundleText => ({ ...text, file: fileName(text.path, at), licenses: licensesIn(text, report) }));
  const duties = use.duties.filter(({ on }) => on.includes("redistribute"));
  const words = [...new Set(duties.flatMap(({ kind, words: said }) => (kind === "notice" && said !== undefined ? [said] : [])))];
  return {
    texts,
    words,
    credits: creditsIn(read).filter((line) => !words.some((said) => said.includes(line))),
    duties,
    missing: missingOf(duties, use, texts, terms),
  };
}

/** Numbered, and made of letters, digits, dots and dashes only: no name of a release can lead elsewhere or hide another. */
function fileName(path: string, at: number): string {
  const last = path.split(/[/\\!]/u).at(-1) ?? "";
  const plain = last
    .replace(/[^A-Za-z0-9._-]+/gu, "_")
    .replace(/^[._-]+|[.]+$/gu, "")
    .slice(0, 80);
  return `texts/${String(at + 1).padStart(3, "0")}-${plain === "" ? "text" : plain}`;
}

function licensesIn({ source, path }: FoundText, report: Report): readonly string[] {
  const here = new Set(report.evidence.filter((piece) => piece.source === source && piece.path === path).map(({ id }) => id));
  const inRelease = report.licenses.filter(({ statement, evidence }) => statement === "text" && evidence.some((id) => here.has(id)));
  const inParents = report.chain.nodes.filter(({ resolution, source: of }) => resolution === "target" && of === source);
  return [...new Set([...inRelease.map(({ id }) => id), ...inParents.flatMap(({ licenses }) => licenses)])];
}

function creditsIn(read: readonly FoundText[]): readonly string[] {
  const lines = read.flatMap(({ bytes }) => new TextDecoder().decode(bytes).split(/\r?\n/u));
  const found = lines
    .filter((line) => line.length <= MAX_LINE && COPYRIGHT.test(line) && !TEMPLATE.test(line))
    .map((line) => line.trim().replace(/["”’」]+$/u, ""));
  return [...new Set(found)].slice(0, MAX_CREDITS);
}

function missingOf(
  duties: readonly UseDuty[],
  use: UseReport,
  texts: readonly BundleText[],
  terms: (id: string) => TermsRecord | null,
): readonly Missing[] {
  const shipped = new Set(texts.flatMap(({ licenses }) => licenses));
  const asked = duties.filter(({ kind, certain }) => kind === "license-text" && certain);
  const lacking = asked.filter(({ license }) => !shipped.has(license));
  const missingTexts = lacking.map(
    ({ license, clause }): Missing => ({ what: "license-text", license, clause, source: terms(license)?.source ?? "" }),
  );
  const checks = use.answers.flatMap(({ parts }) => parts.flatMap((part) => part.checks));
  const policies = checks.flatMap(({ condition, license, clause, certain }): readonly Missing[] => {
    if (condition.kind !== "field-of-use" || condition.policy === undefined || !certain || hasPolicy(texts)) return [];
    return [{ what: "policy", license, clause, source: condition.policy }];
  });
  const credit = duties.filter(({ kind, certain }) => kind === "attribution" && certain);
  const uncredited = credit.map(
    ({ license, clause }): Missing => ({ what: "attribution", license, clause, source: terms(license)?.source ?? "" }),
  );
  const unknown = use.answers.flatMap(({ parts }) =>
    parts.flatMap(({ because }) => because.filter(({ permission }) => permission === "unknown")),
  );
  const unread = unknown.map(
    ({ license, path }): Missing => ({ what: "unknown-terms", license, clause: "", source: path.at(-1)?.node ?? "" }),
  );
  const credits = creditsIn(texts);
  const all = [...missingTexts, ...policies, ...(credits.length === 0 ? uncredited : []), ...unread];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function hasPolicy(texts: readonly BundleText[]): boolean {
  return texts.some(({ path }) => /polic(?:y|ies)|acceptable|政策/iu.test(path.split("/").at(-1) ?? ""));
}
