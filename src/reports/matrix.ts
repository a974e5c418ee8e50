// Releases side by side: a table for the terminal, CSV for a spreadsheet, one HTML page for people.
import { stringify } from "csv-stringify/sync";
import type { Cell, Matrix, MatrixRow } from "../comparison/matrix.ts";
import { escapeHtml } from "./html/escape.ts";
import { toJson } from "./json.ts";
import { escapeMarkdown } from "./markdown.ts";
import { Phrases } from "./phrases.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS, OUTCOME_MARKS } from "./table/marks.ts";
import { Sheet } from "./table/sheet.ts";
import { cut, pad, textWidth } from "./width.ts";

export const MATRIX_FORMATS = ["table", "csv", "html", "json", "markdown"] as const;
export type MatrixFormat = (typeof MATRIX_FORMATS)[number];

/** A column narrower than this says nothing. */
const MIN_COLUMN = 12;

const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;

/** What a cell says, in words. */
function cellText(cell: Cell, phrases: Phrases): string {
  switch (cell.kind) {
    case "headline":
      return phrases.note(phrases.word(`word.${cell.word}`), phrases.name("label", cell.label));
    case "verdict": {
      const level = cell.level === undefined ? "" : levelText(cell.level, phrases);
      return phrases.note(`${OUTCOME_MARKS[cell.result].symbol} ${phrases.word(`outcome.${cell.result}`)}`, level);
    }
    case "component": {
      const had = `${AVAILABILITY_MARKS[cell.availability].symbol} ${phrases.word(`availability.${cell.availability}`)}`;
      if (cell.availability === "absent") return had;
      return `${had}, ${OPENNESS_MARKS[cell.openness].symbol} ${phrases.word(`openness.${cell.openness}`)}`;
    }
    case "findings": {
      const parts = SEVERITIES.flatMap((severity) => {
        const count = cell.counts[severity];
        return count === undefined ? [] : [`${count} ${phrases.word(`severity.${severity}`)}`];
      });
      return parts.length === 0 ? "0" : phrases.join(parts);
    }
    case "none":
      return "";
  }
}

function levelText(level: string, phrases: Phrases): string {
  const label = phrases.name("label", level);
  return label === safeText(level) ? phrases.name("level", level) : label;
}

function rowName({ kind, id, profile }: MatrixRow, phrases: Phrases): string {
  switch (kind) {
    case "headline":
      return phrases.word("diff.headline");
    case "verdict":
      return phrases.verdictName({ standard: id, ...(profile === undefined ? {} : { profile }) });
    case "component":
      return phrases.name("component", id);
    case "findings":
      return phrases.word("html.findings");
  }
}

export function renderMatrix(matrix: Matrix, format: MatrixFormat, options: ReportOptions): string {
  switch (format) {
    case "json":
      return toJson(matrix);
    case "csv":
      return csv(matrix, new Phrases(options.language));
    case "markdown":
      return markdown(matrix, new Phrases(options.language));
    case "html":
      return html(matrix, options);
    case "table":
      return table(matrix, options);
  }
}

function csv(matrix: Matrix, phrases: Phrases): string {
  const head = ["kind", "id", "name", ...matrix.releases.map(({ ref }) => safeText(ref))];
  const rows = matrix.rows.map((row) => {
    const id = row.profile === undefined ? row.id : `${row.id} ${row.profile}`;
    return [row.kind, id, rowName(row, phrases), ...row.cells.map((cell) => cellText(cell, phrases))];
  });
  const digests = ["release", "digest", "", ...matrix.releases.map(({ digest }) => digest)];
  return stringify([head, digests, ...rows], { escape_formulas: true, record_delimiter: "unix" });
}

function markdown(matrix: Matrix, phrases: Phrases): string {
  const head = ["", ...matrix.releases.map(({ ref }) => escapeMarkdown(ref))];
  const rows = matrix.rows.map((row) => [rowName(row, phrases), ...row.cells.map((cell) => cellText(cell, phrases))].map(escapeMarkdown));
  return `${[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

/** Columns share the width; where they would grow too narrow, the releases follow each other. */
function table(matrix: Matrix, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const names = matrix.rows.map((row) => rowName(row, sheet));
  const nameWidth = Math.min(26, Math.max(...names.map(textWidth)) + 2);
  const room = Math.floor((options.width - nameWidth) / Math.max(1, matrix.releases.length));
  if (room < MIN_COLUMN) return stacked(matrix, names, sheet);
  const line = (name: string, cells: readonly string[]): void =>
    sheet.line(pad(cut(name, nameWidth - 1), nameWidth) + cells.map((cell) => pad(cut(cell, room - 1), room)).join(""));
  line(
    "",
    matrix.releases.map(({ ref }) => tail(safeText(ref), room - 1)),
  );
  matrix.rows.forEach((row, index) => {
    line(
      names[index] ?? "",
      row.cells.map((cell) => cellText(cell, sheet)),
    );
  });
  return sheet.toString();
}

/** The end of a reference tells releases apart better than its start. */
function tail(text: string, width: number): string {
  return textWidth(text) <= width
    ? text
    : `…${Array.from(text)
        .slice(-(width - 1))
        .join("")}`;
}

function stacked(matrix: Matrix, names: readonly string[], sheet: Sheet): string {
  matrix.rows.forEach((row, index) => {
    sheet.line(sheet.paint("strong", names[index] ?? ""));
    row.cells.forEach((cell, column) => {
      sheet.block(sheet.pair(safeText(matrix.releases[column]?.ref ?? ""), cellText(cell, sheet)), 4, "  ");
    });
  });
  return sheet.toString();
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,"Noto Sans","PingFang SC","Noto Sans CJK SC",sans-serif;margin:1rem}div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #8886;padding:.35rem .6rem;text-align:left;vertical-align:top}thead th{position:sticky;top:0;background:Canvas;max-width:16rem;overflow-wrap:anywhere}tbody th{position:sticky;left:0;background:Canvas}small{display:block;font-family:ui-monospace,monospace;font-weight:400}@media print{thead th,tbody th{position:static}}`;

function html(matrix: Matrix, options: ReportOptions): string {
  const phrases = new Phrases(options.language);
  const title = escapeHtml(phrases.word("compare.title"));
  const heads = matrix.releases.map(({ ref, digest, complete }) => {
    const note = complete ? "" : `<small>${escapeHtml(phrases.word("report.incomplete"))}</small>`;
    return `<th scope="col">${escapeHtml(safeText(ref))}<small>${escapeHtml(digest.slice(0, 19))}</small>${note}</th>`;
  });
  const rows = matrix.rows.map((row) => {
    const cells = row.cells.map((cell) => {
      const licenses = cell.kind === "component" ? cell.licenses.map((id) => `<small>${escapeHtml(safeText(id))}</small>`).join("") : "";
      return `<td>${escapeHtml(cellText(cell, phrases))}${licenses}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(rowName(row, phrases))}</th>${cells.join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<div tabindex="0" role="region" aria-label="${title}"><table><thead><tr><td></td>${heads.join("")}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>
</main>
</body>
</html>
`;
}
