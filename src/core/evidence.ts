import { createHash } from "node:crypto";

/** A place inside an artifact. Lines count from 1 and include both ends; bytes count from 0, end excluded. */
export type Span =
  | { readonly kind: "lines"; readonly start: number; readonly end: number }
  | { readonly kind: "bytes"; readonly start: number; readonly end: number }
  | { readonly kind: "pointer"; readonly pointer: string };

/** How an observation was made. `listing` means that only the entry was seen, not its content. */
export type EvidenceMethod =
  | "text"
  | "front-matter"
  | "config"
  | "header"
  | "license-match"
  | "listing"
  | "search"
  | "host-record"
  | "claim";

export interface Evidence {
  /** `ev-` and 12 hex digits of the SHA-256 of all other fields: the same observation has the same id in every run. */
  readonly id: string;
  /** Reference of the source, as in `target.sources[].ref`. */
  readonly source: string;
  /** Path in the source; the empty string stands for the listing as a whole. */
  readonly path: string;
  /** `sha256:<hex>` of the bytes read, `git-blob:<hex>` where only a tree entry was seen, `listing:<hex>` for the listing. */
  readonly digest: string;
  readonly span?: Span;
  /** At most QUOTE_LIMIT characters, verbatim but for white space. */
  readonly quote?: string;
  readonly method: EvidenceMethod;
}

const QUOTE_LIMIT = 240;

/** White space folded, cut at QUOTE_LIMIT characters with an ellipsis. */
export function quoteOf(text: string): string {
  const folded = text.replace(/\s+/gu, " ").trim();
  const characters = Array.from(folded.slice(0, QUOTE_LIMIT * 2));
  return characters.length > QUOTE_LIMIT ? `${characters.slice(0, QUOTE_LIMIT - 1).join("")}…` : folded;
}

/** Builds an evidence record with its content-derived id. */
export function evidence(fields: Omit<Evidence, "id">): Evidence {
  const span = fields.span;
  const place = span === undefined ? "" : span.kind === "pointer" ? span.pointer : `${span.kind}:${span.start}-${span.end}`;
  const key = [fields.source, fields.path, fields.digest, place, fields.quote ?? "", fields.method].join("\0");
  const id = `ev-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
  return { id, ...fields };
}
