// The public summary of training content under Article 53(1)(d) of Regulation (EU) 2024/1689, in the order of the Commission's template of
// 24 July 2025, filled with what was measured. What only the provider knows is left to them and says so.
import type { DataReport } from "../../core/dataset.ts";
import { table } from "../markdown/writer.ts";
import { escapeMarkdown } from "../markdown.ts";
import { bytesText, Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { numberText } from "../sentence.ts";
import { percent } from "./outline.ts";
import type { DataResult } from "./table.ts";

/** Domains that the template asks for are the top tenth; a report holds fifty. */
const DOMAINS = 50;

export function renderEuSummary({ targets, report }: DataResult, options: ReportOptions): string {
  const phrases = new Phrases(options.language);
  const word = (id: string): string => escapeMarkdown(phrases.word(`data.eu.${id}`));
  const open = `*${word("provider")}*`;
  const parts = [
    `# ${word("title")}`,
    `${word("about")}`,
    `## 1. ${word("general")}`,
    `### 1.1 ${word("provider-name")}\n\n${open}`,
    `### 1.2 ${word("model")}\n\n${open}`,
    `### 1.3 ${word("modalities")}`,
    modalities(report, phrases),
    languages(report, phrases),
    `## 2. ${word("sources")}`,
    `### 2.1 ${word("public-sets")}`,
    files(targets, report, phrases),
    `### 2.2 ${word("private-sets")}\n\n${open}`,
    `### 2.3 ${word("crawled")}`,
    domains(report, phrases),
    `### 2.4 ${word("user-data")}\n\n${open}`,
    `### 2.5 ${word("synthetic")}\n\n${open}`,
    `### 2.6 ${word("other-sources")}\n\n${open}`,
    `## 3. ${word("processing")}`,
    `### 3.1 ${word("reservations")}`,
    rules(report, phrases, ["reservation", "copyright"]),
    `### 3.2 ${word("illegal")}`,
    rules(report, phrases, ["personal", "secret"]),
    `### 3.3 ${word("other-processing")}\n\n${open}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function modalities({ coverage, tokens, units, mode }: DataReport, phrases: Phrases): string {
  const { rows, rowsPresent } = coverage;
  const counted = [
    [
      phrases.word("data.column.rows"),
      rowsPresent === null || rowsPresent === rows ? numberText(rows) : `${numberText(rows)} / ${numberText(rowsPresent)}`,
    ],
    [phrases.word("data.eu.words"), numberText(tokens)],
    [phrases.word("data.eu.characters"), numberText(units)],
    [phrases.word("data.column.size"), bytesText(coverage.bytesPresent)],
  ];
  const head = [phrases.word("data.eu.modality"), phrases.word("data.eu.text")];
  const body = table(
    head.map(escapeMarkdown),
    counted.map((row) => row.map(escapeMarkdown)),
  );
  return mode === "full" ? body : `${body}\n\n${escapeMarkdown(phrases.word("data.mode.sample"))}`;
}

function languages({ languages: told }: DataReport, phrases: Phrases): string {
  const shown = told.map(({ language, share }) => `${language} ${percent(share)}`);
  return shown.length === 0 ? "" : escapeMarkdown(phrases.pair(phrases.word("data.heading.languages"), phrases.join(shown)));
}

function files(targets: readonly string[], { files: all }: DataReport, phrases: Phrases): string {
  const head = [
    phrases.word("data.column.file"),
    phrases.word("data.column.form"),
    phrases.word("data.column.size"),
    phrases.word("data.column.rows"),
  ];
  const rows = all.map(({ path, format, sizeBytes, rowsPresent, rows: read }) => [
    path,
    format,
    bytesText(sizeBytes),
    numberText(rowsPresent ?? read),
  ]);
  return `${targets.map((target) => `- ${escapeMarkdown(target)}`).join("\n")}\n\n${table(
    head.map(escapeMarkdown),
    rows.map((row) => row.map(escapeMarkdown)),
  )}`;
}

function domains({ domains: found }: DataReport, phrases: Phrases): string {
  if (found.length === 0) return escapeMarkdown(phrases.word("data.eu.no-domains"));
  const head = [phrases.word("data.column.domain"), phrases.word("data.column.rows")];
  const rows = found.slice(0, DOMAINS).map(({ domain, rows: count }) => [domain, numberText(count)]);
  return `${escapeMarkdown(phrases.word("data.eu.domains"))}\n\n${table(
    head.map(escapeMarkdown),
    rows.map((row) => row.map(escapeMarkdown)),
  )}`;
}

function rules({ rules: found, looked, noneAbove }: DataReport, phrases: Phrases, areas: readonly string[]): string {
  const inAreas = (id: string): boolean => areas.some((area) => id.startsWith(`${area}/`));
  const rows = found
    .filter(({ rule }) => inAreas(rule))
    .map(({ title, rows: count, rate }) => [
      phrases.name("pattern", title.replace(/^pattern\./u, "")),
      numberText(count),
      rate === null ? "–" : percent(rate.share),
    ]);
  const head = ["rule", "rows", "rate"].map((column) => phrases.word(`data.column.${column}`));
  const none = looked.filter(inAreas).length - rows.length;
  const bound = noneAbove === null || noneAbove === 0 ? "" : ` ${phrases.say("data.none-above", { share: percent(noneAbove) })}`;
  const rest = escapeMarkdown(`${phrases.say("data.rules-none", { count: none, of: looked.filter(inAreas).length })}${bound}`);
  return [
    table(
      head.map(escapeMarkdown),
      rows.map((row) => row.map(escapeMarkdown)),
    ),
    rest,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
