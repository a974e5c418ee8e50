// What columns of Arrow data are to the reader of rows: cells that say their texts.
import { isUtf8 } from "node:buffer";
import type { ArrowField } from "../../../formats/arrow/schema.ts";

/** Takes the texts of one row. */
export interface CellSink {
  text(name: string, text: string): void;
  /** A text was no UTF-8. */
  invalid(): void;
  /** Something was looked at that may have said nothing. @throws AjarError OVER_LIMIT where that happens too often */
  step(): void;
}

/** A stretch of a column that was loaded. */
export interface Column {
  /** Says the texts of the value at a place of the column. @throws BrokenCell */
  visit(at: number, out: CellSink): void;
}

/** More would be held at once than may be; fewer rows may do. */
export class WindowFull extends Error {}

/** A cell whose place in its buffers cannot be. */
export class BrokenCell extends Error {}

/** A field, and where its parts lie in a batch. */
export interface PlacedField {
  readonly field: ArrowField;
  /** As `Field.name` of a row. */
  readonly name: string;
  readonly length: number;
  readonly nulls: number;
  /** Its first buffer. */
  readonly buffer: number;
  /** Buffers that its views point into. */
  readonly viewBuffers: number;
  readonly children: readonly PlacedField[];
}

/** How a column gets what it is made of. */
export interface Loading {
  /** Unpacked bytes of a buffer. */
  lengthOf(buffer: number): Promise<number>;
  /** Counts bytes that will be held. @throws WindowFull where that is more than may be */
  hold(bytes: number): void;
  /** @throws WindowFull, AjarError as the file */
  read(buffer: number, start: number, length: number): Promise<Uint8Array>;
  /** Values `start` to `end` of a field; null where they can hold no text. */
  load(field: PlacedField, start: number, end: number): Promise<Column | null>;
}

/** Says bytes that are text, or may be. */
export function sayBytes(out: CellSink, name: string, bytes: Uint8Array, isText: boolean): void {
  const valid = isUtf8(bytes);
  if (!isText && (!valid || bytes.length === 0 || bytes.includes(0))) {
    out.step();
    return;
  }
  if (!valid) out.invalid();
  out.text(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

/** Which values of a stretch are there. */
export type Validity = (at: number) => boolean;

const ALL: Validity = () => true;

/** Reads the bitmap of a field's first buffer; bits count from the lowest. */
export async function loadValidity(
  loading: Loading,
  { buffer, nulls }: Pick<PlacedField, "buffer" | "nulls">,
  start: number,
  end: number,
): Promise<Validity> {
  if (nulls === 0 || (await loading.lengthOf(buffer)) === 0) return ALL;
  const first = Math.floor(start / 8);
  const bits = await loading.read(buffer, first, Math.ceil(end / 8) - first);
  return (at) => ((bits[Math.floor(at / 8) - first] ?? 0) & (1 << (at % 8))) !== 0;
}

/** Reads numbers of a buffer, `bytes` each. Those beyond 2^53 come as NaN, which is no place. */
export async function loadNumbers(
  loading: Loading,
  buffer: number,
  start: number,
  end: number,
  { bytes, signed }: { readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean },
): Promise<Float64Array> {
  loading.hold((end - start) * Float64Array.BYTES_PER_ELEMENT);
  const read = await loading.read(buffer, start * bytes, (end - start) * bytes);
  const view = new DataView(read.buffer, read.byteOffset, read.byteLength);
  const numbers = new Float64Array(end - start);
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = numberAt(view, at * bytes, bytes, signed);
  return numbers;
}

function numberAt(view: DataView, at: number, bytes: 1 | 2 | 4 | 8, signed: boolean): number {
  if (bytes === 1) return signed ? view.getInt8(at) : view.getUint8(at);
  if (bytes === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  const low = view.getUint32(at, true);
  if (bytes === 4) return signed ? low | 0 : low;
  const high = signed ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true);
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Stretches of something of `length`, which begin and end as offsets say. */
export class Spans {
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #first: number;
  readonly #length: number;

  /** Values count from `first`. */
  constructor(starts: Float64Array, ends: Float64Array, first: number, length: number) {
    this.#starts = starts;
    this.#ends = ends;
    this.#first = first;
    this.#length = length;
  }

  /** @throws BrokenCell where a stretch cannot be */
  of(at: number): { readonly start: number; readonly end: number } {
    const start = this.#starts[at - this.#first] ?? Number.NaN;
    const end = this.#ends[at - this.#first] ?? Number.NaN;
    if (!(start >= 0 && start <= end && end <= this.#length)) throw new BrokenCell();
    return { start, end };
  }

  /** From the first to the last place that any stretch which can be has. */
  hull(): { readonly start: number; readonly end: number } {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const [at, start] of this.#starts.entries()) {
      const end = this.#ends[at] ?? Number.NaN;
      if (!(start >= 0 && start < end && end <= this.#length)) continue;
      low = Math.min(low, start);
      high = Math.max(high, end);
    }
    return low < high ? { start: low, end: high } : { start: 0, end: 0 };
  }
}

/** Stretches between offsets that follow each other. */
export async function loadSpans(
  loading: Loading,
  buffer: number,
  { start, end, bytes, length }: { readonly start: number; readonly end: number; readonly bytes: 4 | 8; readonly length: number },
): Promise<Spans> {
  const offsets = await loadNumbers(loading, buffer, start, end + 1, { bytes, signed: true });
  return new Spans(offsets.subarray(0, -1), offsets.subarray(1), start, length);
}
