// Fields of one batch -> columns, a stretch of rows at a time.
import { AjarError, assertNever } from "../../../core/errors.ts";
import type { ArrowBody } from "../../../formats/arrow/body.ts";
import type { ArrowField } from "../../../formats/arrow/schema.ts";
import { BrokenCell, type Column, type Loading, loadNumbers, loadValidity, type PlacedField, WindowFull } from "./cells.ts";
import { loadFixedLists, loadLists, loadListViews, loadRecords, loadRuns, loadUnion } from "./nested.ts";
import { loadBytes, loadFixedBytes, loadFloats, loadIntegers, loadViews } from "./scalars.ts";

/** Values of a field that is a dictionary's, by their places in it. */
export type DictionaryOf = (field: PlacedField) => Promise<Column>;

/** Whether values of a field may say anything: texts, bytes, numbers of seven digits. */
function mayHoldText({ layout, children }: ArrowField): boolean {
  switch (layout.kind) {
    case "bytes":
    case "view":
      return true;
    case "fixed":
      return layout.bytes > 0;
    case "int":
      return layout.bytes >= 4;
    case "float":
      return layout.bytes === 8;
    case "null":
    case "other":
      return false;
    case "runs":
      return children.slice(1).some(mayHoldText);
    default:
      return children.some(mayHoldText);
  }
}

/** Loads from one body, holding no more than a number of bytes at once. */
export class ColumnLoader implements Loading {
  readonly #body: ArrowBody;
  readonly #dictionary: DictionaryOf;
  readonly #most: number;
  held = 0;

  constructor(body: ArrowBody, dictionary: DictionaryOf, most: number) {
    this.#body = body;
    this.#dictionary = dictionary;
    this.#most = most;
  }

  hold(bytes: number): void {
    this.held += bytes;
    if (this.held > this.#most) throw new WindowFull();
  }

  async lengthOf(buffer: number): Promise<number> {
    return (await this.#body.buffer(buffer)).length;
  }

  async read(buffer: number, start: number, length: number): Promise<Uint8Array> {
    this.hold(length);
    return await (await this.#body.buffer(buffer)).read(start, length);
  }

  async load(placed: PlacedField, start: number, end: number): Promise<Column | null> {
    if (start >= end || !mayHoldText(placed.field)) return null;
    if (end > placed.length) throw new AjarError("INCONSISTENT", `${placed.length} values of an Arrow field where ${end} are needed`);
    return placed.field.dictionary === null
      ? await this.#values(placed, start, end)
      : await this.#places(placed, placed.field.dictionary, start, end);
  }

  async #values(placed: PlacedField, start: number, end: number): Promise<Column | null> {
    const { layout } = placed.field;
    switch (layout.kind) {
      case "null":
      case "other":
        return null;
      case "int":
        return await loadIntegers(this, placed, start, end, layout);
      case "float":
        return await loadFloats(this, placed, start, end, layout.bytes);
      case "bytes":
        return await loadBytes(this, placed, start, end, layout);
      case "view":
        return await loadViews(this, placed, start, end, layout.isText);
      case "fixed":
        return await loadFixedBytes(this, placed, start, end, layout.bytes);
      case "list":
        return await loadLists(this, placed, start, end, layout.offsetBytes);
      case "list-view":
        return await loadListViews(this, placed, start, end, layout.offsetBytes);
      case "fixed-list":
        return await loadFixedLists(this, placed, start, end, layout.size);
      case "struct":
        return await loadRecords(this, placed, start, end);
      case "union":
        return await loadUnion(this, placed, start, end, layout);
      case "runs":
        return await loadRuns(this, placed, start, end);
      default:
        return assertNever(layout);
    }
  }

  async #places(
    placed: PlacedField,
    shape: { readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean },
    start: number,
    end: number,
  ): Promise<Column> {
    const values = await this.#dictionary(placed);
    const isThere = await loadValidity(this, placed, start, end);
    const places = await loadNumbers(this, placed.buffer + 1, start, end, shape);
    return {
      visit(at, out) {
        if (!isThere(at)) return out.step();
        const place = places[at - start] ?? Number.NaN;
        if (!(place >= 0)) throw new BrokenCell();
        values.visit(place, out);
      },
    };
  }
}
