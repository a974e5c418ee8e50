// The report as one file for a browser.
import type { Report } from "../../core/report.ts";
import type { Format } from "../format.ts";
import { chain } from "../html/chain.ts";
import { Citations } from "../html/citations.ts";
import { data } from "../html/data.ts";
import { doors } from "../html/doors.ts";
import { escapeHtml } from "../html/escape.ts";
import { files } from "../html/files.ts";
import { htmlPage, nameOf, type PageSection } from "../html/page.ts";
import { policy } from "../html/policy.ts";
import { coverage, findings, gaps, headline, licenses, type Page, sources, standards, statements } from "../html/sections.ts";
import { Trio } from "../html/trio.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";

export const format: Format = { id: "html", extensions: [".html", ".htm"], render };

function render(report: Report, options: ReportOptions): string {
  const trio = new Trio();
  const page: Page = { report, trio, citations: new Citations(report, trio) };
  const ref = safeText(report.target.ref);
  const title = nameOf(report.target.ref);
  // Evidence is numbered as it is cited: what stands first on the page is made first.
  const top = headline(page);
  const sections: readonly PageSection[] = [
    ["policy", "html.policy", policy(page)],
    ["doors", "html.doors", doors(report, trio, page.citations)],
    ["standards", "html.standards", `<div class="standards">${standards(page)}</div>`],
    ["licenses", "html.licenses", licenses(page)],
    ["chain", "html.chain", chain(page)],
    ["files", "html.files", files(page)],
    ["findings", "html.findings", findings(page)],
    ["data", "html.data", data(page)],
    ["gaps", "html.gaps", gaps(page)],
    ["statements", "html.statements", statements(page)],
    ["coverage", "html.coverage", coverage(page)],
    ["sources", "html.sources", sources(page)],
    ["evidence", "html.evidence", page.citations.list()],
  ];
  const { version, rules } = report.tool;
  return htmlPage({
    language: options.language,
    trio,
    version,
    title,
    subtitle: `${title === ref ? "" : `${escapeHtml(ref)}<br>`}${escapeHtml(report.target.digest)}`,
    top,
    footer: `<p>${trio.say((phrases) => phrases.say("report.tool", { version, rules }))}</p><p>${trio.word("html.advice")}</p>`,
    sections,
  });
}
