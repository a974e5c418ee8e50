/** A text with its structure and, for each part, the lines it came from. Lines count from 1, both ends included. */
export interface Document {
  readonly text: string;
  /** YAML between `---` lines at the top; null when there is none or it is not valid YAML. */
  readonly frontMatter: FrontMatter | null;
  /** Lines between `---` at the top were meant as YAML and are none: what they say is not known. */
  readonly frontMatterIsBroken: boolean;
  /** Headings, paragraphs, list items, tables and code in reading order, without the front matter. */
  readonly blocks: readonly Block[];
  /** All links and images, from Markdown, HTML tags and bare URLs, each once per place. */
  readonly links: readonly Link[];
}

export interface FrontMatter {
  /** Plain data, prototype-free at the top; never trust its shape. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly startLine: number;
  readonly endLine: number;
  /** Lines of a key path such as `["license"]` or `["datasets", 0]`; null when absent. */
  linesOf(path: readonly (string | number)[]): { readonly start: number; readonly end: number } | null;
}

/** The text of a block keeps its source's line breaks, so that a place in it has a line: see `lineCounter`. */
interface BlockBase {
  readonly startLine: number;
  readonly endLine: number;
  /** Headings this block stands under, outermost first, as plain text. */
  readonly under: readonly string[];
}

export type Block =
  | (BlockBase & { readonly kind: "heading"; readonly level: number; readonly text: string })
  | (BlockBase & { readonly kind: "paragraph" | "item" | "quote"; readonly text: string })
  | (BlockBase & { readonly kind: "code"; readonly language: string; readonly text: string })
  | (BlockBase & { readonly kind: "table"; readonly header: readonly string[]; readonly rows: readonly TableRow[] });

export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Link {
  readonly url: string;
  /** Visible text, or alt text of an image; empty for a bare URL. */
  readonly text: string;
  readonly line: number;
  readonly image: boolean;
  /** The sentence around the link, or its table row after the column's title; plain text, at most 400 characters. */
  readonly context: string;
  readonly under: readonly string[];
}
