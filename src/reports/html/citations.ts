import type { Evidence } from "../../core/evidence.ts";
import type { Report } from "../../core/report.ts";
import { safeText } from "../safe-text.ts";
import { escapeHtml } from "./escape.ts";
import type { Trio } from "./trio.ts";

/** Quotes shown where they are cited; the rest are a click away. */
const SHOWN = 3;
const SHORT_DIGEST = 19;

/**
 * Evidence by number: links where it is cited, the quotes below, and the list at the end. Numbers run in the order in which evidence is
 * first cited, so that they begin with 1 at the top of the page; what nothing cites follows.
 */
export class Citations {
  readonly #trio: Trio;
  readonly #byId: ReadonlyMap<string, Evidence>;
  readonly #numbers = new Map<string, number>();
  readonly #many: boolean;

  constructor(report: Report, trio: Trio) {
    this.#trio = trio;
    this.#byId = new Map(report.evidence.map((piece) => [piece.id, piece]));
    this.#many = report.target.sources.length > 1;
  }

  /** ` [4] [7]` as links to the list; nothing where nothing is cited. */
  links(ids: readonly string[] | undefined): string {
    const known = [...new Set(ids)].filter((id) => this.#byId.has(id));
    if (known.length === 0) return "";
    const shown = known
      .slice(0, SHOWN)
      .map((id) => this.#numberOf(id))
      .map((number) => `<a class="ref" href="#e${number}">${number}</a>`);
    const left = known.length - shown.length;
    return ` <span class="refs">${shown.join("")}${left > 0 ? `<span class="more">+${left}</span>` : ""}</span>`;
  }

  /** The first quotes themselves, each with its place. */
  quotes(ids: readonly string[]): string {
    const pieces = [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []).filter(({ quote }) => quote !== undefined && quote !== "");
    return pieces
      .slice(0, SHOWN)
      .map((piece) => this.#figure(piece))
      .join("");
  }

  #numberOf(id: string): number {
    const number = this.#numbers.get(id) ?? this.#numbers.size + 1;
    this.#numbers.set(id, number);
    return number;
  }

  /** All evidence, numbered. Comes last. */
  list(): string {
    for (const id of this.#byId.keys()) this.#numberOf(id);
    const items = [...this.#numbers].map(([id, number]) => {
      const piece = this.#byId.get(id);
      return piece === undefined ? "" : `<li id="e${number}" value="${number}">${this.#entry(piece)}</li>`;
    });
    return `<ol class="evidence">${items.join("\n")}</ol>`;
  }

  #figure(piece: Evidence): string {
    return `<figure class="quote"><blockquote>${escapeHtml(safeText(piece.quote ?? ""))}</blockquote><figcaption>${this.#place(piece)}</figcaption></figure>`;
  }

  #entry(piece: Evidence): string {
    const quote = piece.quote === undefined || piece.quote === "" ? "" : `<blockquote>${escapeHtml(safeText(piece.quote))}</blockquote>`;
    const method = this.#trio.say((phrases) => phrases.word(`method.${piece.method}`));
    return `<p class="place">${this.#place(piece)} <span class="method">${method}</span></p>${quote}<p class="digest">${escapeHtml(piece.digest)}</p>`;
  }

  #place(piece: Evidence): string {
    const place = this.#trio.say((phrases) => phrases.place(piece));
    const source = this.#many ? `<span class="source">${escapeHtml(safeText(piece.source))}</span> ` : "";
    return `${source}<code>${place}</code> <span class="short">${escapeHtml(piece.digest.slice(0, SHORT_DIGEST))}</span>`;
  }
}
