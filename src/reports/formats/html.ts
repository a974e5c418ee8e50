// The report as one file for a browser: no script, no network, three languages, both colour schemes, paper.
import { createHash } from "node:crypto";
import type { Report } from "../../core/report.ts";
import type { Format } from "../format.ts";
import { chain } from "../html/chain.ts";
import { Citations } from "../html/citations.ts";
import { data } from "../html/data.ts";
import { doors } from "../html/doors.ts";
import { escapeHtml } from "../html/escape.ts";
import { files } from "../html/files.ts";
import { policy } from "../html/policy.ts";
import { coverage, findings, gaps, headline, licenses, type Page, sources, standards, statements } from "../html/sections.ts";
import { STYLE } from "../html/style.ts";
import { Trio } from "../html/trio.ts";
import { LANGUAGES, type Language } from "../language.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

/** Nothing may be loaded or run, whatever a release smuggled in; the one style sheet is named by its digest. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export const format: Format = { id: "html", extensions: [".html", ".htm"], render };

function render(report: Report, options: ReportOptions): string {
  const trio = new Trio();
  const page: Page = { report, trio, citations: new Citations(report, trio) };
  const ref = safeText(report.target.ref);
  const name = nameOf(ref);
  const title = escapeHtml(name);
  // Evidence is numbered as it is cited: what stands first on the page is made first.
  const top = headline(page);
  const sections: readonly (readonly [string, string, string])[] = [
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
  const shown = sections.filter(([, , body]) => body !== "");
  const { version, rules } = report.tool;
  return `<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Ajar ${escapeHtml(version)}">
<title>${title} – Ajar</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#answer">${trio.word("html.skip")}</a>
<header>
<fieldset class="languages"><legend class="sr">Language / 语言 / 語言</legend>${LANGUAGES.map((language) => languageChoice(language, options.language)).join("")}</fieldset>
<h1>${title}</h1>
<p class="digest">${name === ref ? "" : `${escapeHtml(ref)}<br>`}${escapeHtml(report.target.digest)}</p>
</header>
<main>
${top}
<nav aria-label="${trio.attribute((phrases) => phrases.word("html.contents"))}"><ul>${shown.map(([id, heading]) => `<li><a href="#${id}">${trio.word(heading)}</a></li>`).join("")}</ul></nav>
${shown.map(([id, heading, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${trio.word(heading)}</h2>\n${body}</section>`).join("\n")}
</main>
<footer><p>${trio.say((phrases) => phrases.say("report.tool", { version, rules }))}</p><p>${trio.word("html.advice")}</p></footer>
</body>
</html>
`;
}

/** The end of a path: the rest says where a release lies, which is not its name. */
function nameOf(ref: string): string {
  const path = /^(?:[a-z]+:)?(?=[/.~]|[A-Z]:)(.+)$/u.exec(ref)?.[1];
  const last = path?.split(/[/\\]/u).findLast((part) => part !== "" && part !== "." && part !== "..");
  return last?.replace(/^(.+?)__(?=.)/u, "$1/") ?? ref;
}

function languageChoice(language: Language, chosen: Language): string {
  const checked = language === chosen ? " checked" : "";
  return `<label lang="${language}"><input type="radio" name="language" id="lang-${language}"${checked}>${LANGUAGE_NAMES[language]}</label>`;
}
