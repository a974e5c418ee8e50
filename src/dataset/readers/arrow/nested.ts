// Columns whose values hold values of others: lists, records, unions, runs.
import { AjarError } from "../../../core/errors.ts";
import {
  BrokenCell,
  type Column,
  type Loading,
  loadNumbers,
  loadSpans,
  loadValidity,
  type PlacedField,
  Spans,
  type Validity,
} from "./cells.ts";

const NOTHING: Column = { visit: (_at, out) => out.step() };

/** Lists one after another, with offsets; maps are lists of keys with values. */
export async function loadLists(loading: Loading, field: PlacedField, start: number, end: number, bytes: 4 | 8): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const [items] = field.children;
  if (items === undefined) return NOTHING;
  const spans = await loadSpans(loading, field.buffer + 1, { start, end, bytes, length: items.length });
  return await listColumn(loading, items, spans, isThere);
}

/** Lists that may lie anywhere, each with its place and its size. */
export async function loadListViews(loading: Loading, field: PlacedField, start: number, end: number, bytes: 4 | 8): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const [items] = field.children;
  if (items === undefined) return NOTHING;
  const starts = await loadNumbers(loading, field.buffer + 1, start, end, { bytes, signed: true });
  const sizes = await loadNumbers(loading, field.buffer + 2, start, end, { bytes, signed: true });
  const ends = starts.map((from, at) => from + (sizes[at] ?? Number.NaN));
  return await listColumn(loading, items, new Spans(starts, ends, start, items.length), isThere);
}

async function listColumn(loading: Loading, items: PlacedField, spans: Spans, isThere: Validity): Promise<Column> {
  const hull = spans.hull();
  const inner = await loading.load(items, hull.start, hull.end);
  if (inner === null) return NOTHING;
  return {
    visit(at, out) {
      out.step();
      if (!isThere(at)) return;
      const { start, end } = spans.of(at);
      for (let item = start; item < end; item += 1) inner.visit(item, out);
    },
  };
}

/** Lists of one size. */
export async function loadFixedLists(loading: Loading, field: PlacedField, start: number, end: number, size: number): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const [items] = field.children;
  const inner = items === undefined ? null : await loading.load(items, start * size, end * size);
  if (inner === null) return NOTHING;
  return {
    visit(at, out) {
      out.step();
      if (!isThere(at)) return;
      for (let item = at * size; item < (at + 1) * size; item += 1) inner.visit(item, out);
    },
  };
}

export async function loadRecords(loading: Loading, field: PlacedField, start: number, end: number): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const columns: Column[] = [];
  for (const child of field.children) {
    const column = await loading.load(child, start, end);
    if (column !== null) columns.push(column);
  }
  return {
    visit(at, out) {
      out.step();
      if (isThere(at)) for (const column of columns) column.visit(at, out);
    },
  };
}

interface Union {
  readonly isDense: boolean;
  readonly typeIds: readonly number[];
}

/** Values of one of several kinds: side by side in all of them, or where an offset says. */
export async function loadUnion(
  loading: Loading,
  field: PlacedField,
  start: number,
  end: number,
  { isDense, typeIds }: Union,
): Promise<Column> {
  const { buffer, children } = field;
  const kinds = await loadNumbers(loading, buffer, start, end, { bytes: 1, signed: true });
  const childOf = (kind: number): number => (typeIds.length === 0 ? kind : typeIds.indexOf(kind));
  const offsets = isDense ? await loadNumbers(loading, buffer + 1, start, end, { bytes: 4, signed: true }) : null;
  const placeOf = (at: number): number => offsets?.[at - start] ?? at;
  const columns: (Column | null)[] = [];
  for (const [index, child] of children.entries()) {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let at = start; at < end; at += 1) {
      const place = placeOf(at);
      if (childOf(kinds[at - start] ?? -1) !== index || place < 0 || place >= child.length) continue;
      low = Math.min(low, place);
      high = Math.max(high, place + 1);
    }
    columns.push(low < high ? await loading.load(child, low, high) : null);
  }
  return {
    visit(at, out) {
      const index = childOf(kinds[at - start] ?? -1);
      const child = children[index];
      const place = placeOf(at);
      if (child === undefined || place < 0 || place >= child.length) throw new BrokenCell();
      (columns[index] ?? NOTHING).visit(place, out);
    },
  };
}

/** Runs of equal values: where each ends, and its value. */
export async function loadRuns(loading: Loading, field: PlacedField, start: number, end: number): Promise<Column> {
  const [ends, values] = field.children;
  if (ends === undefined || values === undefined || ends.field.layout.kind !== "int") {
    throw new AjarError("INCONSISTENT", "Arrow runs without their ends");
  }
  const stops = await loadNumbers(loading, ends.buffer + 1, 0, ends.length, { ...ends.field.layout, signed: true });
  const first = runAt(stops, start);
  const last = runAt(stops, end - 1);
  const inner = await loading.load(values, first, Math.min(last + 1, values.length));
  if (inner === null) return NOTHING;
  return {
    visit(at, out) {
      const run = runAt(stops, at);
      if (run < first || run > last || run >= values.length) throw new BrokenCell();
      inner.visit(run, out);
    },
  };
}

/** The first run that ends after a place. */
function runAt(stops: Float64Array, at: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stops[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
