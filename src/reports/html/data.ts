// What is in the data, for the page: the outline once a language, of which the style sheet shows one.
import type { DataReport } from "../../core/dataset.ts";
import { type Block, dataOutline } from "../data/outline.ts";
import { LANGUAGES } from "../language.ts";
import { Phrases } from "../phrases.ts";
import { escapeHtml } from "./escape.ts";

/** Sections with headings of the third rank; nothing without data. */
export function data({ report }: { readonly report: { readonly data?: DataReport } }): string {
  const found = report.data;
  if (found === undefined) return "";
  return LANGUAGES.map((language) => `<div class="l" lang="${language}">${sections(found, new Phrases(language))}</div>`).join("\n");
}

function sections(report: DataReport, phrases: Phrases): string {
  return dataOutline(report, phrases, true)
    .map(({ heading, blocks }) => `<h3>${escapeHtml(heading)}</h3>\n${drawBlocks(blocks, heading)}`)
    .join("\n");
}

/** Blocks as HTML; `label` names their tables for those who do not see them, or their columns do. */
export function drawBlocks(blocks: readonly Block[], label = ""): string {
  return blocks.map((block) => draw(block, label)).join("\n");
}

function draw(block: Block, label: string): string {
  if (block.kind === "text") return `<p>${escapeHtml(block.text)}</p>`;
  if (block.kind === "list") return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join("\n")}</ul>`;
  const head = block.head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("");
  const rows = block.rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("\n");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label === "" ? block.head.join(" · ") : label)}"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
