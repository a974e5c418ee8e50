// Quantities stated in one document, before they become facts: compute checks need the same rows with their tables.
import type { Quantity } from "../../core/fact.ts";
import type { Artifact } from "../../core/inventory.ts";
import type { Document } from "../../documents/document.ts";
import type { DetectorContext } from "../detector.ts";
import { passagesOf } from "./passages.ts";
import { proseQuantities } from "./quantities-prose.ts";
import { tableQuantities } from "./quantities-table.ts";

/** A quantity with its place. */
export interface StatedQuantity {
  readonly quantity: Quantity;
  readonly value: number;
  readonly unit: string;
  /** Which model of the family, as written; empty for the release. */
  readonly subject: string;
  readonly stated: string;
  /** Half of what the writing leaves open. */
  readonly slack: number;
  readonly hardware?: string;
  readonly artifact: Artifact;
  readonly startLine: number;
  readonly endLine: number;
  readonly quote: string;
  /** First line of the table it stands in; 0 for prose. */
  readonly table: number;
  /** Parameters that are in use per token, of a mixture of experts. */
  readonly active: boolean;
}

/** Quantities kept per document; a results sheet with thousands of rows is not a card. */
const MAX_QUANTITIES = 2_000;

const cache = new WeakMap<Document, readonly StatedQuantity[]>();

/** Reads all quantities of one document in reading order, tables and prose. */
export function quantitiesIn(context: DetectorContext, artifact: Artifact, names: ReadonlySet<string>): readonly StatedQuantity[] {
  const document = context.document(artifact);
  if (document === null) return [];
  const known = cache.get(document);
  if (known !== undefined) return known;
  const prose = passagesOf(context, artifact).flatMap((passage) =>
    passage.kind === "row" || passage.kind === "code" ? [] : proseQuantities(passage, names),
  );
  const tables = document.blocks.flatMap((block) => (block.kind === "table" ? tableQuantities(block, artifact, names) : []));
  const found = [...prose, ...tables].sort((a, b) => a.startLine - b.startLine).slice(0, MAX_QUANTITIES);
  cache.set(document, found);
  return found;
}
