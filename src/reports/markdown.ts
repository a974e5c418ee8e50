import { escapeHtml } from "./html/escape.ts";
import { safeText } from "./safe-text.ts";

/** Entities stay whole; of the rest, the marks that open something inside a line (CommonMark 0.31, 2.4; tables and footnotes of GitHub). */
const MARKS = /&(?:#\d+|\w+);|[\\`*_[\]|~^=$]/gu;

/**
 * One line of plain text in Markdown: no markup, no HTML, no automatic link, mention or issue reference comes out of it.
 * GitHub reads `@name`, `#1` and bare addresses beyond CommonMark, so those get entities.
 */
export function escapeMarkdown(text: string): string {
  return escapeHtml(safeText(text))
    .replace(/&#39;/gu, "'")
    .replace(/@/gu, "&#64;")
    .replace(/(?<!&)#/gu, "&#35;")
    .replace(/:(?=\/\/)/gu, "&#58;")
    .replace(/\bwww\./giu, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(MARKS, (piece) => (piece.startsWith("&") ? piece : `\\${piece}`))
    .replace(/^(\s*)([-+])/u, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/u, "$1\\$2");
}
