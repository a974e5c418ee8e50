// Columns of values that hold no others: texts, bytes, and numbers long enough to be somebody's.
import { LEAST_DIGITS } from "../json-texts.ts";
import { BrokenCell, type Column, type Loading, loadSpans, loadValidity, type PlacedField, sayBytes } from "./cells.ts";

const LEAST_NUMBER = 10 ** (LEAST_DIGITS - 1);
const VIEW_BYTES = 16;
/** A view of so many bytes holds them itself. */
const INLINE_BYTES = 12;

interface Shape {
  readonly bytes: number;
  readonly signed: boolean;
}

type NumberReader = (view: DataView, at: number) => string | null;

/** Integers of 32 and 64 bits; shorter ones have no seven digits. */
export async function loadIntegers(
  loading: Loading,
  field: PlacedField,
  start: number,
  end: number,
  { bytes, signed }: Shape,
): Promise<Column | null> {
  if (bytes < 4) return null;
  const read: NumberReader = bytes === 4 ? (signed ? int32 : uint32) : signed ? int64 : uint64;
  return await loadFixedNumbers(loading, field, { start, end, bytes }, read);
}

/** Numbers of 64 bits: integers turn into these where some are missing. */
export async function loadFloats(loading: Loading, field: PlacedField, start: number, end: number, bytes: number): Promise<Column | null> {
  return bytes < 8 ? null : await loadFixedNumbers(loading, field, { start, end, bytes }, float64);
}

function worded(value: number): string | null {
  return Number.isSafeInteger(value) && Math.abs(value) >= LEAST_NUMBER ? String(value) : null;
}
const int32: NumberReader = (view, at) => worded(view.getInt32(at, true));
const uint32: NumberReader = (view, at) => worded(view.getUint32(at, true));
const float64: NumberReader = (view, at) => worded(view.getFloat64(at, true));
const int64: NumberReader = (view, at) => {
  const near = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(near) ? worded(near) : String(view.getBigInt64(at, true));
};
const uint64: NumberReader = (view, at) => {
  const near = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(near) ? worded(near) : String(view.getBigUint64(at, true));
};

async function loadFixedNumbers(
  loading: Loading,
  field: PlacedField,
  { start, end, bytes }: { readonly start: number; readonly end: number; readonly bytes: number },
  read: NumberReader,
): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const data = await loading.read(field.buffer + 1, start * bytes, (end - start) * bytes);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const { name } = field;
  return {
    visit(at, out) {
      const text = isThere(at) ? read(view, (at - start) * bytes) : null;
      if (text === null) out.step();
      else out.text(name, text);
    },
  };
}

interface Bytes {
  readonly isText: boolean;
  readonly offsetBytes: 4 | 8;
}

/** Texts or bytes one after another, with offsets. */
export async function loadBytes(
  loading: Loading,
  field: PlacedField,
  start: number,
  end: number,
  { isText, offsetBytes }: Bytes,
): Promise<Column> {
  const { name, buffer } = field;
  const isThere = await loadValidity(loading, field, start, end);
  const length = await loading.lengthOf(buffer + 2);
  const spans = await loadSpans(loading, buffer + 1, { start, end, bytes: offsetBytes, length });
  const hull = spans.hull();
  const data = await loading.read(buffer + 2, hull.start, hull.end - hull.start);
  return {
    visit(at, out) {
      if (!isThere(at)) return out.step();
      const span = spans.of(at);
      sayBytes(out, name, data.subarray(span.start - hull.start, span.end - hull.start), isText);
    },
  };
}

/** Bytes of one size: what is text is said. */
export async function loadFixedBytes(loading: Loading, field: PlacedField, start: number, end: number, size: number): Promise<Column> {
  const isThere = await loadValidity(loading, field, start, end);
  const data = await loading.read(field.buffer + 1, start * size, (end - start) * size);
  return {
    visit(at, out) {
      if (!isThere(at)) return out.step();
      sayBytes(out, field.name, data.subarray((at - start) * size, (at - start + 1) * size), false);
    },
  };
}

/** Views: sixteen bytes each, which hold a short text or say where a long one lies. */
export async function loadViews(loading: Loading, field: PlacedField, start: number, end: number, isText: boolean): Promise<Column> {
  const { name, buffer, viewBuffers } = field;
  const isThere = await loadValidity(loading, field, start, end);
  const bytes = await loading.read(buffer + 1, start * VIEW_BYTES, (end - start) * VIEW_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hulls = await viewedBytes(loading, { view, first: buffer + 2, count: viewBuffers });
  return {
    visit(at, out) {
      if (!isThere(at)) return out.step();
      const place = (at - start) * VIEW_BYTES;
      const length = view.getInt32(place, true);
      if (length < 0) throw new BrokenCell();
      if (length <= INLINE_BYTES) return sayBytes(out, name, bytes.subarray(place + 4, place + 4 + length), isText);
      const hull = hulls.get(view.getInt32(place + 8, true));
      const offset = view.getInt32(place + 12, true);
      if (hull === undefined || offset < 0 || offset > hull.length - length) throw new BrokenCell();
      sayBytes(out, name, hull.bytes.subarray(offset - hull.start, offset - hull.start + length), isText);
    },
  };
}

interface Hull {
  readonly start: number;
  /** Of the whole buffer. */
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** What views of a stretch point at: of each buffer, from the first byte to the last. */
async function viewedBytes(
  loading: Loading,
  { view, first, count }: { readonly view: DataView; readonly first: number; readonly count: number },
): Promise<ReadonlyMap<number, Hull>> {
  const ranges = new Map<number, { low: number; high: number; length: number }>();
  for (let place = 0; place < view.byteLength; place += VIEW_BYTES) {
    const length = view.getInt32(place, true);
    const index = view.getInt32(place + 8, true);
    const offset = view.getInt32(place + 12, true);
    if (length <= INLINE_BYTES || index < 0 || index >= count || offset < 0) continue;
    const known = ranges.get(index) ?? { low: Number.POSITIVE_INFINITY, high: 0, length: await loading.lengthOf(first + index) };
    if (offset > known.length - length) continue;
    ranges.set(index, { ...known, low: Math.min(known.low, offset), high: Math.max(known.high, offset + length) });
  }
  const hulls = new Map<number, Hull>();
  for (const [index, { low, high, length }] of ranges) {
    hulls.set(index, { start: low, length, bytes: await loading.read(first + index, low, high - low) });
  }
  return hulls;
}
