import type { FindingReport, Report } from "../../core/report.ts";
import type { FormatRisk, ReportedFile, ScanCoverage } from "../../core/scan.ts";
import { coveredText, type ListedFile, listedFiles, rulesOf } from "../listed-files.ts";
import { bytesText, type Phrases } from "../phrases.ts";
import { safeText } from "../safe-text.ts";
import { escapeHtml } from "./escape.ts";
import type { Page } from "./sections.ts";

/** Rows of the table; CSV and JSON have all. */
const ROWS = 300;
/** Rules named in one row. */
const RULES = 8;

const RISK_TONES: Readonly<Record<FormatRisk, string>> = {
  "cannot-execute": "good",
  "may-execute": "unsure",
  "executes-by-design": "bad",
  unknown: "unsure",
};
const COVERAGE_SYMBOLS: Readonly<Record<ScanCoverage["state"], string>> = { full: "✓", partial: "?", none: "?" };
const COLUMNS = ["file", "risk", "covered", "named"] as const;

/** Files that a loader may open, with three answers each; nothing where there are none. Roles are named because a phone shows rows as cards. */
export function files(page: Page): string {
  const { report, trio } = page;
  if (report.files.length === 0) return "";
  const listed = listedFiles(report);
  const anchors = findingAnchors(report);
  const rows = listed.slice(0, ROWS).map((one) => row(page, one, anchors));
  const head = COLUMNS.map((column) => `<th scope="col" role="columnheader">${trio.word(`html.files-${column}`)}</th>`).join("");
  const left = listed.length - rows.length;
  const more = left === 0 ? "" : `<p class="faint">${trio.say((phrases) => phrases.say("html.files-more", { count: left }))}</p>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${trio.attribute((phrases) => phrases.word("html.files"))}"><table class="files" role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows.join("\n")}</tbody></table></div>${more}`;
}

/** Id of a finding's place in the page. */
export function findingAnchor(index: number): string {
  return `f${index + 1}`;
}

function findingAnchors({ findings }: Report): ReadonlyMap<FindingReport, string> {
  return new Map(findings.map((finding, index) => [finding, findingAnchor(index)]));
}

function row({ report, trio }: Page, { file, findings }: ListedFile, anchors: ReadonlyMap<FindingReport, string>): string {
  const { path, sizeBytes, format, alsoFormats = [], risk, coverage, because } = file;
  const source = report.target.sources.length > 1 ? `<span class="source">${escapeHtml(safeText(file.source))}</span> ` : "";
  const facts = (phrases: Phrases): string =>
    phrases.join([
      [format, ...alsoFormats].map(safeText).join(" + "),
      sizeBytes === null ? "" : bytesText(sizeBytes),
      file.tensors > 0 ? phrases.say("scan.tensors", { tensors: file.tensors, parameters: file.parameters ?? "?" }) : "",
    ]);
  const loaded = because === undefined ? "" : `<br><span class="faint">${trio.tell(because)}</span>`;
  return `<tr role="row" class="covered-${coverage.state}"><th scope="row" role="rowheader">${source}<code>${escapeHtml(safeText(path))}</code><br><span class="faint">${trio.say(facts)}</span>${loaded}</th>
<td role="cell"><span class="tone ${RISK_TONES[risk]}">${trio.word(`risk.${risk}`)}</span></td>
<td role="cell"><span class="tone ${coverage.state === "full" ? "good" : "unsure"}"><span aria-hidden="true">${COVERAGE_SYMBOLS[coverage.state]}</span> ${trio.say((phrases) => coveredText(phrases, coverage))}</span></td>
<td role="cell">${found(trio, file, findings, anchors)}</td></tr>`;
}

/** Rules that name the file; without any, that nothing was found is said only of what was read. */
function found(
  trio: Page["trio"],
  { coverage }: ReportedFile,
  findings: readonly FindingReport[],
  anchors: ReadonlyMap<FindingReport, string>,
): string {
  if (findings.length === 0) return `<span class="faint">${trio.word(`files.none-${coverage.state}`)}</span>`;
  const rules = rulesOf(findings);
  const shown = rules.slice(0, RULES).map(({ ruleId, severity }) => {
    const first = findings.find((finding) => finding.ruleId === ruleId);
    const anchor = first === undefined ? "" : (anchors.get(first) ?? "");
    return `<li><a href="#${anchor}">${trio.say((phrases) => phrases.pair(phrases.word(`severity.${severity}`), safeText(ruleId)))}</a></li>`;
  });
  const left = rules.length - shown.length;
  return `<ul class="rules">${shown.join("")}${left > 0 ? `<li>+${left}</li>` : ""}</ul>`;
}
