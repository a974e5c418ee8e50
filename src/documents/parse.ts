// Text to structure. Whatever comes in, a document comes out: what cannot be read as markup stays text.

import { DocumentBuilder } from "./builder.ts";
import type { Document } from "./document.ts";
import { Flow } from "./flow.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { MAX_LINE_CHARS, MAX_STRUCTURED_CHARS } from "./limits.ts";
import { readMarkdown } from "./markdown.ts";

/** Reads Markdown, HTML, reStructuredText or plain text. Never throws; time and memory are linear in the text. */
export function parseDocument(text: string): Document {
  const { frontMatter, bodyLine, unreadable } = splitFrontMatter(text);
  const builder = new DocumentBuilder();
  if (unreadable !== null) {
    const flow = new Flow(2);
    flow.add(unreadable);
    builder.code("yaml", flow, 1, bodyLine);
  }
  const body = withoutLines(text, bodyLine);
  const { structured, plain } = divide(body, bodyLine + 1);
  readMarkdown(structured, bodyLine + 1, builder);
  for (const { line, text: rest } of plain) {
    const flow = new Flow(line);
    flow.add(rest);
    builder.text("paragraph", flow, flow.line);
  }
  return { text, frontMatter, frontMatterIsBroken: unreadable !== null, blocks: builder.blocks, links: builder.links };
}

/**
 * Reads the long description in a Python distribution's METADATA: what comes after the header fields. Lines keep their numbers.
 * Source: https://packaging.python.org/en/latest/specifications/core-metadata/#description
 */
export function parseDescription(text: string): Document {
  const end = /\r?\n\r?\n/u.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  return { ...parseDocument(head.replace(/[^\n]+/gu, "") + text.slice(head.length)), text };
}

function withoutLines(text: string, lines: number): string {
  let start = 0;
  for (let count = 0; count < lines; count += 1) {
    const newline = text.indexOf("\n", start);
    if (newline === -1) return "";
    start = newline + 1;
  }
  const body = text.slice(start);
  return body.startsWith("\uFEFF") ? body.slice(1) : body;
}

interface Plain {
  readonly line: number;
  readonly text: string;
}

/** Takes out what the Markdown parser should not see: ends of overlong lines and the tail of a huge text. Line numbers stay. */
function divide(body: string, firstLine: number): { readonly structured: string; readonly plain: readonly Plain[] } {
  // A lone carriage return would be a line to the Markdown parser but not to anybody who opens the file.
  const text = /\r(?!\n)/u.test(body) ? body.replace(/\r(?!\n)/gu, " ") : body;
  const plain: Plain[] = [];
  const kept: string[] = [];
  let line = firstLine;
  let start = 0;
  for (; start < text.length && start < MAX_STRUCTURED_CHARS; line += 1) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const cut = Math.min(end, start + MAX_LINE_CHARS);
    kept.push(text.slice(start, cut));
    if (cut < end) plain.push({ line, text: text.slice(cut, end) });
    start = end + 1;
  }
  if (start < text.length) plain.push({ line, text: text.slice(start) });
  return { structured: kept.join("\n"), plain };
}
