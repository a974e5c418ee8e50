import type { Message } from "../../core/report.ts";
import { type Paint, painter, type Tone } from "../paint.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { wrap } from "../width.ts";

/** Lines of a report in the making, with numbered references to the evidence that they cite. */
export class Sheet extends Phrases {
  readonly options: ReportOptions;
  readonly paint: Paint;
  readonly #lines: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(options: ReportOptions) {
    super(options.language);
    this.options = options;
    this.paint = painter(options.color);
  }

  /** Evidence ids in the order of their numbers, from 1. */
  get cited(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** The message's sentence with the numbers of its evidence, `… [1][4]`. */
  cite(message: Message): string {
    return this.tell(message) + this.numbers(message.evidence ?? []);
  }

  /** ` [1][4]`, giving new numbers to ids not cited yet; long runs are cut. */
  numbers(ids: readonly string[]): string {
    const limit = this.options.verbose ? ids.length : SHOWN_NUMBERS;
    const shown = ids.slice(0, limit).map((id) => `[${this.#numberOf(id)}]`);
    if (shown.length === 0) return "";
    return ` ${shown.join("")}${ids.length > limit ? `+${ids.length - limit}` : ""}`;
  }

  #numberOf(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#numbers.size + 1);
    return this.#numbers.size;
  }

  /** A line as it is, already painted and cut to width. */
  line(content = ""): void {
    this.#lines.push(content.trimEnd());
  }

  heading(id: string): void {
    this.line();
    this.line(this.paint("strong", this.word(id)));
  }

  /** Plain text after `indent` spaces, broken at the width; the first line may carry a lead such as `1. ` or a bullet. */
  block(content: string, indent: number, lead = "", tone?: Tone): void {
    const room = Math.max(MIN_ROOM, this.options.width - indent);
    wrap(content, room).forEach((part, index) => {
      const margin = index === 0 ? leadIn(lead, indent) : " ".repeat(indent);
      this.line(margin + (tone === undefined ? part : this.paint(tone, part)));
    });
  }

  /** A list cut to `limit` items with a note of how many were left out; all of it in verbose mode. */
  some<T>(items: readonly T[], limit: number, indent: number, show: (item: T) => void): void {
    const shown = this.options.verbose ? items : items.slice(0, limit);
    shown.forEach(show);
    const left = items.length - shown.length;
    if (left > 0) this.line(`${" ".repeat(indent)}${this.paint("faint", this.say("report.more", { count: left }))}`);
  }

  override toString(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

/** More numbers than this behind one sentence help nobody; --verbose has them all. */
const SHOWN_NUMBERS = 3;
/** Below this many cells a line holds no words; wider than the terminal is then the lesser evil. */
const MIN_ROOM = 20;

/** A lead of plain text is set against the block; one that brings its own margin (painted marks) stays as it is. */
function leadIn(lead: string, indent: number): string {
  return lead.startsWith(" ") ? lead : " ".repeat(Math.max(0, indent - lead.length)) + lead;
}
