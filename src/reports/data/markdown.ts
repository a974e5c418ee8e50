// Data in Markdown: alone, or as a section of a report.
import type { DataReport } from "../../core/dataset.ts";
import { bullets, table } from "../markdown/writer.ts";
import { escapeMarkdown as text } from "../markdown.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { type Block, dataOutline } from "./outline.ts";
import type { DataResult } from "./table.ts";

export function renderDataMarkdown({ targets, report }: DataResult, options: ReportOptions): string {
  const head = targets.map((target) => `# ${text(target)}`);
  return `${[...head, dataMarkdown(report, new Phrases(options.language), options.verbose, "##")].join("\n\n")}\n`;
}

/** The sections, each under a heading of this depth. */
export function dataMarkdown(report: DataReport, phrases: Phrases, verbose: boolean, depth: string): string {
  return dataOutline(report, phrases, verbose)
    .map(({ heading, blocks }) => [`${depth} ${text(heading)}`, ...blocks.map(draw)].join("\n\n"))
    .join("\n\n");
}

function draw(block: Block): string {
  if (block.kind === "text") return text(block.text);
  if (block.kind === "list") return bullets(block.items.map(text));
  return table(
    block.head.map(text),
    block.rows.map((row) => row.map(text)),
  );
}
