import type { DocumentBuilder, FlowRow } from "./builder.ts";
import { Flow } from "./flow.ts";
import { type HtmlToken, tokenizeHtml } from "./html.ts";

const BREAKS = new Set(
  "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr html li main nav ol p picture section summary ul".split(
    " ",
  ),
);

interface OpenTable {
  readonly startLine: number;
  header: FlowRow | null;
  readonly rows: FlowRow[];
  row: { readonly line: number; readonly cells: Flow[]; heads: number } | null;
  cell: Flow | null;
}

type Tag = Extract<HtmlToken, { kind: "tag" }>;

/** Turns HTML into the same blocks as Markdown. State lasts over several pieces: a blank line inside a table ends Markdown's HTML block but not the table. */
export class HtmlBlocks {
  readonly #builder: DocumentBuilder;
  #flow: Flow | null = null;
  #kind: "paragraph" | "item" | "quote" = "paragraph";
  #heading = 0;
  #pre = false;
  #table: OpenTable | null = null;
  #line = 1;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  /** Where Markdown text met while a table cell is open belongs; null when none is. */
  get openCell(): Flow | null {
    return this.#table?.cell ?? null;
  }

  /** Reads one piece of HTML that starts at `line`. */
  feed(html: string, line: number): void {
    this.#line = line;
    for (const token of tokenizeHtml(html)) {
      if (token.kind === "text") this.#text(token.text);
      else if (token.kind === "hidden") this.#line += token.newlines;
      else {
        this.#tag(token);
        this.#line += token.newlines;
      }
    }
    if (this.#table === null) this.#flush();
    else this.#table.cell?.space();
  }

  /** Ends whatever is still open; called at headings and at the end of the text. */
  finish(): void {
    this.#closeTable();
    this.#flush();
  }

  #text(text: string): void {
    const target = this.#target(text);
    target?.add(text);
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#line += 1;
  }

  #target(text: string): Flow | null {
    if (this.#table?.cell != null) return this.#table.cell;
    if (this.#flow === null && text.trim() === "") return null;
    if (this.#flow === null) {
      const lead = text.length - text.trimStart().length;
      const skipped = text.slice(0, lead).split("\n").length - 1;
      this.#flow = new Flow(this.#line);
      // A block starts where its first word is.
      if (skipped > 0) this.#flow = new Flow(this.#line + skipped);
      this.#flow.add(text.slice(lead));
      return null;
    }
    return this.#flow;
  }

  #inline(): Flow {
    if (this.#table?.cell != null) return this.#table.cell;
    this.#flow ??= new Flow(this.#line);
    return this.#flow;
  }

  #flush(): void {
    const flow = this.#flow;
    this.#flow = null;
    if (flow === null || flow.isBlank) return;
    if (this.#heading > 0) this.#builder.heading(this.#heading, flow, flow.line);
    else if (this.#pre) this.#builder.code("", flow, flow.startLine, flow.line);
    else this.#builder.text(this.#kind, flow, flow.line);
  }

  #tag(tag: Tag): void {
    if (this.#tableTag(tag)) return;
    const level = /^h([1-6])$/u.exec(tag.name)?.[1];
    if (level !== undefined) {
      this.#boundary();
      this.#heading = tag.closing || this.#table !== null ? 0 : Number(level);
    } else if (tag.name === "pre") {
      this.#boundary();
      this.#pre = !tag.closing;
    } else if (BREAKS.has(tag.name)) {
      this.#boundary();
      if (tag.name === "li") this.#kind = tag.closing ? "paragraph" : "item";
      else if (tag.name === "blockquote") this.#kind = tag.closing ? "paragraph" : "quote";
    } else this.#inlineTag(tag);
  }

  #boundary(): void {
    const cell = this.#table?.cell;
    if (cell != null) cell.space();
    else this.#flush();
  }

  #inlineTag(tag: Tag): void {
    applyInlineTag(tag, () => this.#inline());
  }

  /** Handles table, tr, td and th; false for any other tag. */
  #tableTag(tag: Tag): boolean {
    switch (tag.name) {
      case "table":
        // A table inside a cell is read as part of that cell's text: its rows would belong to nobody.
        if (tag.closing) this.#closeTable();
        else if (this.#table?.cell != null) this.#table.cell.space();
        else {
          this.#closeTable();
          this.#flush();
          this.#table = { startLine: this.#line, header: null, rows: [], row: null, cell: null };
        }
        return true;
      case "tr":
        this.#closeRow();
        if (!tag.closing && this.#table !== null) this.#table.row = { line: this.#line, cells: [], heads: 0 };
        return true;
      case "td":
      case "th":
        this.#cell(tag);
        return true;
      default:
        return false;
    }
  }

  #cell(tag: Tag): void {
    const table = this.#table;
    if (table === null) {
      this.#boundary();
      return;
    }
    table.cell?.closeLink();
    table.cell = null;
    if (tag.closing) return;
    table.row ??= { line: this.#line, cells: [], heads: 0 };
    if (tag.name === "th") table.row.heads += 1;
    table.cell = new Flow(this.#line);
    table.row.cells.push(table.cell);
  }

  #closeRow(): void {
    const table = this.#table;
    if (table?.row == null) return;
    const { line, cells, heads } = table.row;
    table.row = null;
    table.cell = null;
    if (cells.length === 0) return;
    const isHeader = table.header === null && table.rows.length === 0 && heads === cells.length;
    if (isHeader) table.header = { line, cells };
    else table.rows.push({ line, cells });
  }

  #closeTable(): void {
    this.#closeRow();
    const table = this.#table;
    this.#table = null;
    if (table === null) return;
    this.#builder.table(table.header, table.rows, table.startLine, Math.max(table.startLine, this.#line));
  }
}

/** What a tag inside running text does to it: links, images and line breaks. */
export function applyInlineTag(tag: Tag, flow: () => Flow): void {
  const href = tag.attributes.get("href");
  const src = tag.attributes.get("src");
  if (tag.name === "a" && tag.closing) flow().closeLink();
  else if (tag.name === "a" && href !== undefined) flow().openLink(href.trim());
  else if (tag.name === "img" && src !== undefined) flow().image(src.trim(), tag.attributes.get("alt") ?? "");
  else if ((tag.name === "iframe" || tag.name === "video" || tag.name === "source") && src !== undefined) {
    flow().openLink(src.trim());
    flow().closeLink();
  } else if (tag.name === "br") flow().space();
}
