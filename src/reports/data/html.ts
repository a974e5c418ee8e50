// Data as one file for a browser, in the frame of the report: how much was read, then rule by rule what was found.
import type { DataFileReport, DataReport, DataRuleReport, DataSample } from "../../core/dataset.ts";
import { VERSION } from "../../core/version.ts";
import { drawBlocks } from "../html/data.ts";
import { escapeHtml } from "../html/escape.ts";
import { htmlPage, nameOf, type PageSection } from "../html/page.ts";
import { Trio } from "../html/trio.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { lookup } from "../messages.ts";
import { bytesText, Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { numberText } from "../sentence.ts";
import { SEVERITY_MARKS } from "../table/marks.ts";
import {
  basisTexts,
  dataOutline,
  formText,
  idColumnTexts,
  quietText,
  rateText,
  rowsText,
  ruleName,
  type Section,
  samplePlace,
  sizeTexts,
} from "./outline.ts";
import type { DataResult } from "./table.ts";

/** Names in the title, and rows of the table of files; JSON has all. */
const NAMES = 3;
const ROWS = 300;
const LEVELS: readonly DataRuleReport["level"][] = ["high", "medium", "low", "info"];

export function renderDataHtml({ targets, report }: DataResult, { language }: ReportOptions): string {
  const trio = new Trio();
  const names = targets.slice(0, NAMES).map(nameOf);
  const more = targets.length > NAMES ? ` +${targets.length - NAMES}` : "";
  const told = outlines(report);
  const sections: readonly PageSection[] = [
    ["found", "html.data-found", rules(report, trio)],
    ["broken", "html.data-broken", told("broken")],
    ["duplicates", "html.data-duplicates", told("duplicates")],
    ["overlaps", "html.data-overlaps", told("overlaps")],
    ["languages", "html.data-languages", told("languages")],
    ["domains", "html.data-domains", told("domains")],
    ["files", "html.data-files", files(report, trio)],
  ];
  return htmlPage({
    language,
    trio,
    version: VERSION,
    title: `${names.join(", ")}${more}`,
    subtitle: targets.map((target) => escapeHtml(safeText(target))).join("<br>"),
    top: headline(report, trio),
    footer: `<p>Ajar ${escapeHtml(VERSION)}</p><p>${trio.word("html.advice")}</p>`,
    sections,
  });
}

/** The same in all languages, of which the style sheet shows one. */
function inAll(draw: (phrases: Phrases) => string): string {
  return LANGUAGES.map((language) => `<div class="l" lang="${language}">${draw(new Phrases(language))}</div>`).join("\n");
}

/** Sections of the outline; nothing where it has none. */
function outlines(report: DataReport): (id: Section["id"]) => string {
  const all = new Map(LANGUAGES.map((language) => [language, dataOutline(report, new Phrases(language), true)]));
  return (id) => {
    const found = (language: Language): Section | undefined => all.get(language)?.find((section) => section.id === id);
    if (found("en") === undefined) return "";
    return inAll(({ language }) => drawBlocks(found(language)?.blocks ?? []));
  };
}

function headline(report: DataReport, trio: Trio): string {
  const { coverage } = report;
  const levels = LEVELS.map((level) => ({ level, count: report.rules.filter((rule) => rule.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `<span class="count">${count} ${trio.word(`severity.${level}`)}</span>`);
  const basis = inAll((phrases) => drawBlocks(basisTexts(report, phrases).map((text) => ({ kind: "text", text }))));
  const partial = coverage.complete ? "" : `<p class="provisional">${trio.word("data.incomplete")}</p>`;
  return `<section class="headline" aria-labelledby="answer"><div><h2 id="answer"><span class="word">${trio.say((phrases) => rowsText(coverage, phrases))}</span></h2>
<p class="sentence">${trio.say((phrases) => sizeTexts(report, phrases).files)} ${trio.say((phrases) => sizeTexts(report, phrases).bytes)}</p>
${levels.length === 0 ? "" : `<p class="counts">${trio.word("html.data-found")}: ${levels.join(" ")}</p>`}${partial}${basis}</div></section>`;
}

function rules(report: DataReport, trio: Trio): string {
  const order = (rule: DataRuleReport): number => LEVELS.indexOf(rule.level);
  const cards = [...report.rules].sort((a, b) => order(a) - order(b)).map((rule) => card(rule, trio));
  const ids = inAll((phrases) => drawBlocks([{ kind: "list", items: idColumnTexts(report, phrases) }]));
  const quiet = report.looked.length === 0 ? trio.word("data.no-rules") : trio.say((phrases) => quietText(report, phrases));
  return [
    cards.length === 0 ? "" : `<ul class="findings">${cards.join("\n")}</ul>`,
    report.files.some(({ idColumns = [] }) => idColumns.length > 0) ? ids : "",
    quiet === "" ? "" : `<p>${quiet}</p>`,
  ].join("\n");
}

function card(rule: DataRuleReport, trio: Trio): string {
  const { level, rows, hits, rate } = rule;
  const said = (id: string): string => trio.say((phrases) => lookup(id, phrases.language) ?? "");
  const paragraph = (id: string): string => (said(id) === "" ? "" : `<p>${said(id)}</p>`);
  const counts = [
    trio.say((phrases) => phrases.pair(phrases.word("data.column.rows"), numberText(rows))),
    trio.say((phrases) => phrases.pair(phrases.word("data.column.hits"), numberText(hits))),
    rate === null ? "" : trio.say((phrases) => phrases.pair(phrases.word("data.column.rate"), rateText(rate, phrases))),
  ].filter((count) => count !== "");
  return `<li class="finding ${level}"><h3><span class="severity ${level}"><span aria-hidden="true">${SEVERITY_MARKS[level].symbol.trim()}</span> ${trio.word(`severity.${level}`)}</span> ${trio.say((phrases) => ruleName(rule, phrases))}</h3>
<p class="counts">${counts.map((count) => `<span class="count">${count}</span>`).join(" ")}</p>${paragraph(rule.why)}${paragraph(rule.remedy)}
<ul class="places">${rule.samples.map((sample) => `<li>${sampleOf(sample, trio)}</li>`).join("\n")}</ul><p class="id">${escapeHtml(safeText(rule.rule))}</p></li>`;
}

function sampleOf(sample: DataSample, trio: Trio): string {
  return `${trio.say((phrases) => samplePlace(sample, phrases))} <code>${escapeHtml(safeText(sample.shown))}</code>`;
}

/** Roles are named because a phone shows rows as cards. */
function files({ files: all }: DataReport, trio: Trio): string {
  const several = new Set(all.map(({ source }) => source)).size > 1;
  const rows = all.slice(0, ROWS).map((file) => fileRow(file, trio, several));
  const head = ["file", "rows", "basis"].map((column) => `<th scope="col" role="columnheader">${trio.word(`data.column.${column}`)}</th>`);
  const left = all.length - rows.length;
  const more = left === 0 ? "" : `<p class="faint">${trio.say((phrases) => phrases.say("html.data-more", { count: left }))}</p>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${trio.attribute((phrases) => phrases.word("html.data-files"))}"><table class="files" role="table"><thead role="rowgroup"><tr role="row">${head.join("")}</tr></thead><tbody role="rowgroup">${rows.join("\n")}</tbody></table></div>${more}`;
}

function fileRow(file: DataFileReport, trio: Trio, several: boolean): string {
  const { path, source, sizeBytes, basis, problem } = file;
  const isWhole = problem === undefined && (basis === "whole" || basis === "blocks");
  const from = several ? `<span class="source">${escapeHtml(safeText(source))}</span> ` : "";
  const facts = trio.say((phrases) => phrases.join([formText(file, phrases), bytesText(sizeBytes)]));
  const read = (phrases: Phrases): string => phrases.pair(phrases.word("data.column.basis"), phrases.word(`data.basis.${basis}`));
  return `<tr role="row" class="covered-${isWhole ? "full" : "partial"}"><th scope="row" role="rowheader">${from}<code>${escapeHtml(safeText(path))}</code><br><span class="faint">${facts}</span></th>
<td role="cell">${trio.say((phrases) => rowsText(file, phrases))}</td>
<td role="cell"><span class="tone ${isWhole ? "good" : "unsure"}"><span aria-hidden="true">${isWhole ? "✓" : "?"}</span> ${trio.say(read)}</span></td></tr>`;
}
