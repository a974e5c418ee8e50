import type { Block, Link, TableRow } from "./document.ts";
import type { Flow } from "./flow.ts";
import { MAX_BLOCK_CHARS, MAX_CONTEXT_CHARS, MAX_LINKS } from "./limits.ts";

type TextKind = "paragraph" | "item" | "quote";

/** A table cell with the flow that holds its links. */
export interface FlowRow {
  readonly line: number;
  readonly cells: readonly Flow[];
}

/** Collects blocks and links in reading order and keeps track of the headings they stand under. */
export class DocumentBuilder {
  readonly blocks: Block[] = [];
  readonly links: Link[] = [];
  #under: readonly string[] = [];
  #levels: readonly number[] = [];

  get under(): readonly string[] {
    return this.#under;
  }

  heading(level: number, flow: Flow, endLine: number): void {
    this.#takeLinks(flow);
    const text = flow.text.replace(/\s+/gu, " ").trim().slice(0, MAX_CONTEXT_CHARS);
    if (text === "") return;
    const keep = this.#levels.findIndex((open) => open >= level);
    const depth = keep === -1 ? this.#levels.length : keep;
    const under = this.#under.slice(0, depth);
    this.blocks.push({ kind: "heading", level, text, startLine: flow.startLine, endLine, under });
    this.#under = [...under, text];
    this.#levels = [...this.#levels.slice(0, depth), level];
  }

  text(kind: TextKind, flow: Flow, endLine: number): void {
    this.#takeLinks(flow);
    let line = flow.startLine;
    for (const piece of pieces(flow.text)) {
      const lines = piece.split("\n").length - 1;
      if (piece.trim() !== "") {
        const end = Math.min(endLine, line + lines);
        this.blocks.push({
          kind,
          text: piece.trimEnd(),
          startLine: Math.min(line, endLine),
          endLine: Math.max(line, end),
          under: this.#under,
        });
      }
      line += lines;
    }
  }

  code(language: string, flow: Flow, startLine: number, endLine: number): void {
    this.#takeLinks(flow);
    this.blocks.push({
      kind: "code",
      language: language.slice(0, MAX_CONTEXT_CHARS),
      text: flow.text,
      startLine,
      endLine,
      under: this.#under,
    });
  }

  table(header: FlowRow | null, body: readonly FlowRow[], startLine: number, endLine: number): void {
    const titles = header === null ? [] : header.cells.map(cellText);
    const rows: TableRow[] = [];
    for (const row of [...(header === null ? [] : [header]), ...body]) {
      const cells = row.cells.map(cellText);
      if (row !== header) rows.push({ line: row.line, cells });
      const whole = cells.filter((cell) => cell !== "").join(" | ");
      row.cells.forEach((cell, column) => {
        const title = row === header ? "" : (titles[column] ?? "");
        this.#takeLinks(cell, (title === "" ? whole : `${title}: ${whole}`).slice(0, MAX_CONTEXT_CHARS));
      });
    }
    if (titles.length === 0 && rows.every((row) => row.cells.every((cell) => cell === ""))) return;
    this.blocks.push({ kind: "table", header: titles, rows, startLine, endLine, under: this.#under });
  }

  #takeLinks(flow: Flow, context?: string): void {
    if (this.links.length >= MAX_LINKS) return;
    for (const link of flow.links(this.#under, context)) {
      if (this.links.length >= MAX_LINKS) return;
      if (link.url !== "") this.links.push(link);
    }
  }
}

function cellText(flow: Flow): string {
  return flow.text.replace(/\s+/gu, " ").trim();
}

/** Cuts overlong text into blocks, at white space where there is some. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + MAX_BLOCK_CHARS);
    if (end < text.length) {
      const space = Math.max(text.lastIndexOf("\n", end), text.lastIndexOf(" ", end));
      if (space > at + MAX_BLOCK_CHARS / 2) end = space;
    }
    yield text.slice(at, end);
    at = end;
  }
}
