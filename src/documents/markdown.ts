import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { compact } from "../core/text.ts";
import type { DocumentBuilder, FlowRow } from "./builder.ts";
import { Flow } from "./flow.ts";
import { readTag, TagScanner } from "./html.ts";
import { applyInlineTag, HtmlBlocks } from "./html-blocks.ts";
import { MAX_INLINE_CHARS, MAX_NESTING } from "./limits.ts";

let shared: MarkdownIt | undefined;

/** The one parser: tokens only, nothing is rendered, URLs stay as written. */
function parser(): MarkdownIt {
  if (shared !== undefined) return shared;
  const markdown = new MarkdownIt("default", { html: true, linkify: false, typographer: false });
  // Not in the published types of the options, though documented.
  Object.assign(markdown.options, { maxNesting: MAX_NESTING });
  // Inline parsing is driven from here, so that overlong paragraphs can be left out of it.
  markdown.core.ruler.disable(["inline", "linkify", "replacements", "smartquotes", "text_join"]);
  markdown.validateLink = () => true;
  markdown.normalizeLink = (url) => url;
  // The built-in rule searches to the end of the text for every unclosed comment.
  const scanners = new WeakMap<object, TagScanner>();
  markdown.inline.ruler.at("html_inline", (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x3c) return false;
    let scanner = scanners.get(state.env);
    if (scanner === undefined) {
      scanner = new TagScanner(state.src);
      scanners.set(state.env, scanner);
    }
    const end = scanner.endOf(state.pos);
    if (end === -1) return false;
    if (!silent) state.push("html_inline", "", 0).content = state.src.slice(state.pos, end);
    state.pos = end;
    return true;
  });
  shared = markdown;
  return markdown;
}

/** Adds the blocks and links of Markdown text whose first line is line `firstLine` of the document. */
export function readMarkdown(text: string, firstLine: number, builder: DocumentBuilder): void {
  const references: Record<string, unknown> = {};
  const env: Env = { references };
  const tokens = parser().parse(text, env);
  new BlockReader(tokens, firstLine, builder, env).read();
}

interface Env {
  readonly references: Record<string, unknown>;
}

class BlockReader {
  readonly #tokens: readonly Token[];
  readonly #first: number;
  readonly #builder: DocumentBuilder;
  readonly #html: HtmlBlocks;
  readonly #env: Env;
  #items = 0;
  #quotes = 0;

  constructor(tokens: readonly Token[], first: number, builder: DocumentBuilder, env: Env) {
    this.#tokens = tokens;
    this.#first = first;
    this.#builder = builder;
    this.#html = new HtmlBlocks(builder);
    this.#env = env;
  }

  read(): void {
    for (let at = 0; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at];
      if (token === undefined) break;
      if (token.type === "table_open") at = this.#table(token, at);
      else this.#token(token, this.#tokens[at - 1]);
    }
    this.#html.finish();
  }

  #token(token: Token, previous: Token | undefined): void {
    const [start, end] = this.#lines(token);
    switch (token.type) {
      case "list_item_open":
        this.#items += 1;
        return;
      case "list_item_close":
        this.#items -= 1;
        return;
      case "blockquote_open":
        this.#quotes += 1;
        return;
      case "blockquote_close":
        this.#quotes -= 1;
        return;
      case "inline":
        this.#inline(token, previous, start, end);
        return;
      case "fence":
        this.#html.finish();
        this.#code(token, start + 1, start, end);
        return;
      case "code_block":
        // Tags indented for looks after a blank line are still tags to a reader of the page.
        if (/^\s*<\/?[a-z]/iu.test(token.content.slice(0, 200))) this.#html.feed(compact(token.content), start);
        else this.#code(token, start, start, end);
        return;
      case "html_block":
        this.#html.feed(compact(token.content), start);
        return;
      default:
        return;
    }
  }

  #lines(token: Token): readonly [number, number] {
    const [from, to] = token.map ?? [0, 1];
    return [this.#first + from, this.#first + Math.max(from, to - 1)];
  }

  #code(token: Token, textLine: number, start: number, end: number): void {
    const flow = new Flow(textLine);
    flow.add(compact(token.content));
    this.#builder.code(token.info.trim(), flow, start, end);
  }

  #inline(token: Token, previous: Token | undefined, start: number, end: number): void {
    const level = previous?.type === "heading_open" ? Number(previous.tag.slice(1)) : 0;
    if (level > 0) this.#html.finish();
    const cell = this.#html.openCell;
    if (cell !== null) {
      cell.space();
      this.#fill(cell, token.content);
      return;
    }
    const flow = new Flow(start);
    this.#fill(flow, token.content);
    if (level > 0) this.#builder.heading(level, flow, end);
    else this.#builder.text(this.#items > 0 ? "item" : this.#quotes > 0 ? "quote" : "paragraph", flow, end);
  }

  #fill(flow: Flow, written: string): void {
    const content = compact(written);
    if (content.length > MAX_INLINE_CHARS) {
      flow.add(content);
      return;
    }
    const tokens: Token[] = [];
    const markdown = parser();
    // A fresh environment per paragraph: the tag scanner above belongs to one text.
    markdown.inline.parse(content, markdown, { references: this.#env.references }, tokens);
    for (const token of tokens) addInline(flow, token);
  }

  /** Reads a Markdown table from its opening token; returns the place of its closing one. */
  #table(open: Token, from: number): number {
    this.#html.finish();
    const [start, end] = this.#lines(open);
    let header: FlowRow | null = null;
    const rows: FlowRow[] = [];
    let cells: Flow[] = [];
    let line = start;
    let inHead = false;
    let at = from + 1;
    for (; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at];
      if (token === undefined || token.type === "table_close") break;
      if (token.type === "thead_open") inHead = true;
      else if (token.type === "thead_close") inHead = false;
      else if (token.type === "tr_open") {
        cells = [];
        line = this.#lines(token)[0];
      } else if (token.type === "inline") {
        const flow = new Flow(line);
        this.#fill(flow, token.content);
        cells.push(flow);
      } else if (token.type === "tr_close") {
        if (inHead) header = { line: start, cells };
        else rows.push({ line, cells });
      }
    }
    this.#builder.table(header, rows, start, end);
    return at;
  }
}

function addInline(flow: Flow, token: Token): void {
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      flow.add("\n");
      return;
    case "link_open":
      flow.openLink(attribute(token, "href"));
      return;
    case "link_close":
      flow.closeLink();
      return;
    case "image":
      flow.image(attribute(token, "src"), token.content);
      return;
    case "html_inline":
      addInlineHtml(flow, token.content);
      return;
    default:
      flow.add(token.content);
  }
}

function addInlineHtml(flow: Flow, html: string): void {
  const tag = readTag(html);
  if (tag.kind === "tag") applyInlineTag(tag, () => flow);
  const newlines = html.split("\n").length - 1;
  if (newlines > 0) flow.add("\n".repeat(newlines));
}

function attribute(token: Token, name: string): string {
  return (token.attrGet(name) ?? "").trim();
}
