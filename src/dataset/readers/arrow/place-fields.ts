// Which nodes and buffers of a batch belong to which field: both lie depth first, as the schema has them.
import { AjarError } from "../../../core/errors.ts";
import type { BatchLayout } from "../../../formats/arrow/messages.ts";
import type { ArrowField, ArrowLayout } from "../../../formats/arrow/schema.ts";
import { pointerPart } from "../json-texts.ts";
import type { PlacedField } from "./cells.ts";

/** Fields with their parts of a batch. @throws AjarError INCONSISTENT where the batch is not of these fields */
export function placeFields(
  fields: readonly ArrowField[],
  layout: BatchLayout,
  nameOf: (field: ArrowField) => string,
): readonly PlacedField[] {
  const placer = new Placer(layout);
  const placed = fields.map((field) => placer.place(field, nameOf(field)));
  placer.end();
  return placed;
}

/** Name of a column. */
export function columnName({ name }: ArrowField): string {
  return `/${pointerPart(name)}`;
}

/** Name of the values below a field. */
function childName({ kind }: ArrowLayout, parent: string, { name }: ArrowField): string {
  if (kind === "struct") return `${parent}/${pointerPart(name)}`;
  return kind === "union" || kind === "runs" ? parent : `${parent}/*`;
}

class Placer {
  readonly #layout: BatchLayout;
  #node = 0;
  #buffer = 0;
  #views = 0;

  constructor(layout: BatchLayout) {
    this.#layout = layout;
  }

  place(field: ArrowField, name: string): PlacedField {
    const node = this.#layout.nodes[this.#node];
    if (node === undefined) throw this.#wrong();
    this.#node += 1;
    const buffer = this.#buffer;
    const isPlace = field.dictionary !== null;
    const viewBuffers = !isPlace && field.layout.kind === "view" ? this.#nextViews() : 0;
    this.#buffer += (isPlace ? 2 : BUFFERS[field.layout.kind](field.layout)) + viewBuffers;
    const children = isPlace ? [] : field.children.map((child) => this.place(child, childName(field.layout, name, child)));
    return { field, name, length: node.length, nulls: node.nulls, buffer, viewBuffers, children };
  }

  #nextViews(): number {
    const count = this.#layout.viewBuffers[this.#views];
    if (count === undefined || count > this.#layout.buffers.length) throw this.#wrong();
    this.#views += 1;
    return count;
  }

  end(): void {
    if (this.#node !== this.#layout.nodes.length || this.#buffer !== this.#layout.buffers.length) throw this.#wrong();
  }

  #wrong(): AjarError {
    const { nodes, buffers } = this.#layout;
    return new AjarError("INCONSISTENT", `an Arrow batch of ${nodes.length} nodes and ${buffers.length} buffers is not of its schema`);
  }
}

/** Buffers of each layout (Columnar format, "Buffer Listing for Each Layout"). */
const BUFFERS: Readonly<Record<ArrowLayout["kind"], (layout: ArrowLayout) => number>> = {
  null: () => 0,
  int: () => 2,
  float: () => 2,
  other: () => 2,
  bytes: () => 3,
  view: () => 2,
  fixed: () => 2,
  list: () => 2,
  "list-view": () => 3,
  "fixed-list": () => 1,
  struct: () => 1,
  union: (layout) => (layout.kind === "union" && layout.isDense ? 2 : 1),
  runs: () => 0,
};
