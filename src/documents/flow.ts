import type { Link } from "./document.ts";
import { MAX_CONTEXT_CHARS } from "./limits.ts";
import { sentenceAround, splitSentences } from "./sentences.ts";
import { findBareUrls } from "./urls.ts";

interface PlacedLink {
  readonly url: string;
  readonly text: string;
  readonly line: number;
  readonly image: boolean;
  readonly start: number;
  readonly end: number;
}

/** Running text under construction, with the links in it. Line breaks of the source stay in it, one for one. */
export class Flow {
  readonly startLine: number;
  #text = "";
  #line: number;
  #links: PlacedLink[] = [];
  #open: { readonly url: string; readonly start: number; readonly line: number; label: string } | null = null;

  constructor(line: number) {
    this.startLine = line;
    this.#line = line;
  }

  get line(): number {
    return this.#line;
  }

  get text(): string {
    return this.#text;
  }

  get isBlank(): boolean {
    return this.#links.length === 0 && this.#open === null && this.#text.trim() === "";
  }

  add(text: string): void {
    this.#text += text;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#line += 1;
  }

  /** White space where markup ended a word but the source has no line break. */
  space(): void {
    if (this.#text !== "" && !/\s$/u.test(this.#text.slice(-1))) this.#text += " ";
  }

  openLink(url: string): void {
    this.closeLink();
    this.#open = { url, start: this.#text.length, line: this.#line, label: "" };
  }

  closeLink(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const visible = this.#text.slice(open.start, open.start + MAX_CONTEXT_CHARS);
    const text = (visible.trim() === "" ? open.label : visible).replace(/\s+/gu, " ").trim();
    this.#links.push({ url: open.url, text, line: open.line, image: false, start: open.start, end: this.#text.length });
  }

  image(url: string, alt: string): void {
    const label = alt.replace(/\s+/gu, " ").trim().slice(0, MAX_CONTEXT_CHARS);
    if (this.#open !== null && this.#open.label.length < MAX_CONTEXT_CHARS) this.#open.label = `${this.#open.label} ${label}`;
    const at = this.#text.length;
    this.#links.push({ url, text: label, line: this.#line, image: true, start: at, end: at });
  }

  /** Ends the text: bare URLs become links, every link gets its sentence as context, unless `context` replaces it. */
  links(under: readonly string[], context?: string): readonly Link[] {
    this.closeLink();
    const placed = [...this.#links, ...this.#bare()].sort((a, b) => a.start - b.start || a.end - b.end);
    if (placed.length === 0) return [];
    const sentences = context === undefined ? splitSentences(this.#text) : [];
    return placed.map(({ url, text, line, image, start }) => ({
      url,
      text,
      line,
      image,
      context: context ?? sentenceAround(this.#text, sentences, start, MAX_CONTEXT_CHARS),
      under,
    }));
  }

  #bare(): readonly PlacedLink[] {
    const marked = this.#links.filter((link) => !link.image);
    const bare: PlacedLink[] = [];
    let next = 0;
    let line = this.startLine;
    let newline = this.#text.indexOf("\n");
    for (const { url, start, end } of findBareUrls(this.#text)) {
      while (next < marked.length && (marked[next]?.end ?? 0) <= start) next += 1;
      const covering = marked[next];
      if (covering !== undefined && covering.start < end) continue;
      for (; newline !== -1 && newline < start; newline = this.#text.indexOf("\n", newline + 1)) line += 1;
      bare.push({ url, text: "", line, image: false, start, end });
    }
    return bare;
  }
}
