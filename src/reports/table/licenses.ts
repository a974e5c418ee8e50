import type { LicenseReport, Report } from "../../core/report.ts";
import { nameOf } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import type { Sheet } from "./sheet.ts";

/** Differing sentences shown per license before --verbose is needed. */
const DIFFERENCES = 4;

/** Each license statement with what it covers, its restricting clauses and, when modified, the sentences that differ. */
export function licenses(sheet: Sheet, report: Report): void {
  sheet.heading("report.licenses");
  const { verbose } = sheet.options;
  const shown = report.licenses.filter((license) => verbose || license.thirdParty !== true);
  if (report.licenses.length === 0) sheet.line(`  ${sheet.word("report.no-findings")}`);
  for (const id of new Set(shown.map((license) => license.id)))
    sameLicense(
      sheet,
      shown.filter((license) => license.id === id),
    );
  const hidden = report.licenses.length - shown.length;
  if (hidden > 0) sheet.block(sheet.say("report.third-party-count", { count: hidden }), 2, "", "faint");
}

/** Statements of one license, its own text first; clauses that the text was seen to hold need no repeating below it. */
function sameLicense(sheet: Sheet, statements: readonly LicenseReport[]): void {
  const texts = statements.filter(({ statement }) => statement === "text");
  const others = statements.filter(({ statement }) => statement !== "text");
  const told = new Set<string>();
  for (const license of [...texts, ...others]) {
    const restrictions = license.restrictions ?? [];
    oneLicense(sheet, { ...license, restrictions: restrictions.filter(({ term, clause }) => !told.has(`${term} ${clause}`)) });
    for (const { term, clause } of restrictions) told.add(`${term} ${clause}`);
  }
}

function oneLicense(sheet: Sheet, license: LicenseReport): void {
  const { language } = sheet.options;
  const scope =
    license.scope.length === 0 ? sheet.word("report.all-scopes") : sheet.join(license.scope.map((id) => sheet.word(`scope.${id}`)));
  const folder = license.folder === undefined || license.folder === "" ? [] : [sheet.say("report.folder", { folder: license.folder })];
  const about = license.about === undefined ? [] : [sheet.say("report.about", { about: license.about })];
  const thirdParty = license.thirdParty === true ? [sheet.word("report.third-party")] : [];
  const details = [
    nameOf("kind", license.kind, language),
    scope,
    sheet.word(`statement.${license.statement}`),
    ...about,
    ...folder,
    ...thirdParty,
  ];
  sheet.block(sheet.pair(safeText(license.id), sheet.clauses(details)) + sheet.numbers(license.evidence), 4, "- ");
  for (const { term, clause, evidence } of license.restrictions ?? []) {
    const place = clause === "" ? "" : sheet.say("report.clause", { clause });
    sheet.block(sheet.note(nameOf("term", term, language), place) + sheet.numbers(evidence), 6, "! ");
  }
  sheet.some(license.differences ?? [], DIFFERENCES, 6, ({ kind, text, evidence }) =>
    sheet.block(sheet.say(`report.${kind}`, { words: text }) + sheet.numbers([evidence]), 6, kind === "inserted" ? "+ " : "- "),
  );
}
