import type { Report } from "../../core/report.ts";
import { escapeMarkdown as text } from "../markdown.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";

/** Evidence named behind one sentence before --verbose is needed. */
const CITED = 3;
/** Rows of a list before --verbose is needed. */
const ROWS = 40;

/** Numbers evidence as it is cited. */
export class Writer {
  readonly report: Report;
  readonly options: ReportOptions;
  readonly phrases: Phrases;
  readonly #numbers = new Map<string, number>();

  constructor(report: Report, options: ReportOptions) {
    this.report = report;
    this.options = options;
    this.phrases = new Phrases(options.language);
  }

  section(heading: string, body: string): string {
    return body === "" ? "" : `## ${text(this.phrases.word(heading))}\n\n${body}`;
  }

  cite(message: Report["headline"]["because"][number]): string {
    return text(this.phrases.tell(message)) + this.numbers(message.evidence ?? []);
  }

  numbers(ids: readonly string[]): string {
    const shown = this.options.verbose ? ids : ids.slice(0, CITED);
    if (shown.length === 0) return "";
    const left = ids.length - shown.length;
    const marks = shown.map((id) => {
      if (!this.#numbers.has(id)) this.#numbers.set(id, this.#numbers.size + 1);
      return `[^${this.#numbers.get(id)}]`;
    });
    return marks.join("") + (left > 0 ? ` +${left}` : "");
  }

  /** As many as are shown without --verbose, and how many are left. */
  some<T>(items: readonly T[]): { readonly shown: readonly T[]; readonly more: string } {
    const shown = this.options.verbose ? items : items.slice(0, ROWS);
    const left = items.length - shown.length;
    return { shown, more: left === 0 ? "" : `\n\n${text(this.phrases.say("report.more", { count: left }))}` };
  }

  evidence(): string {
    const byId = new Map(this.report.evidence.map((piece) => [piece.id, piece]));
    const notes = [...this.#numbers].map(([id, number]) => {
      const piece = byId.get(id);
      if (piece === undefined) return `[^${number}]: ${text(id)}`;
      const quote = piece.quote === undefined ? "" : `: “${text(piece.quote)}”`;
      return `[^${number}]: ${text(this.phrases.place(piece))} (${text(piece.digest)})${quote}`;
    });
    return notes.join("\n");
  }
}

/** A table of cells that are escaped already; nothing without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
