// Data for a person at a terminal.
import type { DataReport } from "../../core/dataset.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { Sheet } from "../table/sheet.ts";
import { cut, pad, textWidth } from "../width.ts";
import { type Block, dataOutline } from "./outline.ts";

/** What `ajar data` measured. */
export interface DataResult {
  readonly targets: readonly string[];
  readonly report: DataReport;
}

export function renderDataTable({ targets, report }: DataResult, options: ReportOptions): string {
  const sheet = new Sheet(options);
  for (const target of targets) sheet.line(sheet.paint("strong", safeText(target)));
  dataSections(sheet, report);
  return sheet.toString();
}

/** What is in the data of an audit; nothing where nobody asked. */
export function auditData(sheet: Sheet, { data }: { readonly data?: DataReport }): void {
  if (data === undefined) return;
  sheet.heading("report.data");
  dataSections(sheet, data);
}

/** The sections of the data, for a sheet that holds other things too. */
function dataSections(sheet: Sheet, report: DataReport): void {
  for (const { heading, blocks } of dataOutline(report, sheet, sheet.options.verbose)) {
    sheet.line();
    sheet.line(sheet.paint("strong", heading));
    for (const block of blocks) draw(sheet, block);
  }
}

function draw(sheet: Sheet, block: Block): void {
  if (block.kind === "text") sheet.block(block.text, 2);
  else if (block.kind === "list") for (const item of block.items) sheet.block(item, 4, "- ");
  else drawTable(sheet, block.head, block.rows);
}

/** The first column takes what the others leave. */
function drawTable(sheet: Sheet, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, at) => Math.max(textWidth(cell), ...rows.map((row) => textWidth(row[at] ?? ""))));
  const others = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const first = Math.max(12, Math.min(widths[0] ?? 0, sheet.options.width - 2 - others));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? fitted(cell, first) : "  ".concat(fitted(cell, widths[at] ?? 0)))).join("");
  sheet.line(`  ${sheet.paint("faint", line(head))}`);
  for (const row of rows) sheet.line(`  ${line(row)}`);
}

function fitted(cell: string, width: number): string {
  return pad(cut(cell, width), width);
}
