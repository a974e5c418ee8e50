// One pass over the bytes of a file gives its digest and those of all tensors in it.
import type { Hash } from "node:crypto";
import { AjarError } from "../core/errors.ts";
import { type Hasher, hasherOf } from "./hashers.ts";
import { DIGEST_BYTES, tensorHash } from "./tensor-digest.ts";

/** The bytes of one tensor, all in one stretch. */
export interface TensorSpan {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of a number to turn round; 1 where nothing is to be. */
  readonly swapBytes: 1 | 2 | 4 | 8;
  /** Elements lie in another order than row by row; steps are in elements. Such a span is held in memory. */
  readonly strided?: { readonly strides: readonly number[]; readonly elementBytes: number };
}

export interface SweepResult {
  /** Digest of all bytes; null when it was not asked for. */
  readonly file: Uint8Array | null;
  /** Digests of the spans, 32 bytes each, in their order. */
  readonly tensors: Uint8Array;
}

interface Active {
  readonly index: number;
  readonly span: TensorSpan;
  readonly hash: Hash;
  /** Bytes of a number that the chunk before broke off. */
  held: Uint8Array;
  /** All bytes of a strided span. */
  readonly gathered: Uint8Array[];
}

export class Sweep {
  readonly #spans: readonly TensorSpan[];
  readonly #file: Hasher | null;
  readonly #digests: Uint8Array;
  /** Indexes of spans in the order in which they begin. */
  readonly #order: readonly number[];
  #next = 0;
  #active: Active[] = [];
  #at = 0;

  constructor(spans: readonly TensorSpan[], wantsFile: boolean, algorithm = "sha256") {
    this.#spans = spans;
    this.#file = wantsFile ? hasherOf(algorithm) : null;
    this.#digests = new Uint8Array(spans.length * DIGEST_BYTES);
    this.#order = spans.map((_, index) => index).sort((a, b) => (spans[a]?.start ?? 0) - (spans[b]?.start ?? 0) || a - b);
  }

  /** Place of the first byte from `at` on that anybody wants; the end when nobody wants more. */
  nextWanted(sizeBytes: number): number {
    if (this.#file !== null || this.#active.length > 0) return this.#at;
    const span = this.#spans[this.#order[this.#next] ?? -1];
    return span === undefined ? sizeBytes : Math.max(this.#at, span.start);
  }

  /** Goes on at a later place; only to one that `nextWanted` gave. */
  skipTo(at: number): void {
    this.#at = at;
  }

  /** Takes in the bytes that follow. */
  update(chunk: Uint8Array): void {
    this.#file?.update(chunk);
    const from = this.#at;
    const to = from + chunk.length;
    if (this.#active.length > 0) this.#active = this.#active.filter((active) => this.#goesOn(active, chunk, from));
    for (let active = this.#start(to); active !== null; active = this.#start(to)) {
      if (this.#goesOn(active, chunk, from)) this.#active.push(active);
    }
    this.#at = to;
  }

  /** The next span that begins before a place; null when there is none. */
  #start(before: number): Active | null {
    const index = this.#order[this.#next];
    const span = index === undefined ? undefined : this.#spans[index];
    if (index === undefined || span === undefined || span.start >= before) return null;
    this.#next += 1;
    return { index, span, hash: tensorHash(span.dtype, span.shape), held: new Uint8Array(0), gathered: [] };
  }

  /** Takes in what a chunk has of a span; false once the span is complete. */
  #goesOn(active: Active, chunk: Uint8Array, from: number): boolean {
    feed(active, chunk, from);
    if (active.span.end > from + chunk.length) return true;
    this.#finish(active);
    return false;
  }

  #finish({ index, hash, span, gathered }: Active): void {
    if (span.strided !== undefined) hashInOrder(hash, span, Buffer.concat(gathered));
    this.#digests.set(hash.digest(), index * DIGEST_BYTES);
  }

  /** @throws AjarError BUG when a span goes on behind the last byte: they are checked before */
  end(): SweepResult {
    for (let active = this.#start(Number.POSITIVE_INFINITY); active !== null; active = this.#start(Number.POSITIVE_INFINITY)) {
      if (this.#goesOn(active, new Uint8Array(0), this.#at)) this.#active.push(active);
    }
    if (this.#active.length > 0) throw new AjarError("BUG", "a tensor passes the end of what was hashed");
    return { file: this.#file?.digest() ?? null, tensors: this.#digests };
  }
}

function feed(active: Active, chunk: Uint8Array, from: number): void {
  const { span, hash } = active;
  const part = chunk.subarray(Math.max(0, span.start - from), Math.max(0, span.end - from));
  if (span.strided !== undefined) active.gathered.push(Uint8Array.from(part));
  else if (span.swapBytes === 1) hash.update(part);
  else active.held = updateSwapped(hash, active.held, part, span.swapBytes);
}

/** Hashes whole numbers with their bytes turned round; returns what is left of the last one. */
function updateSwapped(hash: Hash, held: Uint8Array, part: Uint8Array, size: 2 | 4 | 8): Uint8Array {
  const bytes = Buffer.concat([held, part]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % size));
  if (size === 2) whole.swap16();
  else if (size === 4) whole.swap32();
  else whole.swap64();
  hash.update(whole);
  return bytes.subarray(whole.length);
}

/** Elements put in order at a time; a multiple of every element's size. */
const ORDERED_BYTES = 64 * 1024;

/** Hashes the elements row by row, wherever they lie. */
function hashInOrder(hash: Hash, span: TensorSpan, bytes: Buffer): void {
  const { shape, swapBytes, strided } = span;
  if (strided === undefined || shape.includes(0)) return;
  const { strides, elementBytes } = strided;
  const rowLength = shape.at(-1) ?? 1;
  const rowStep = (strides.at(-1) ?? 1) * elementBytes;
  const outer = shape.slice(0, -1);
  const index = outer.map(() => 0);
  const ordered = Buffer.alloc(ORDERED_BYTES);
  let filled = 0;
  const flush = (): void => {
    const part = ordered.subarray(0, filled);
    if (swapBytes === 1) hash.update(part);
    else updateSwapped(hash, new Uint8Array(0), part, swapBytes);
    filled = 0;
  };
  for (let isMore = true; isMore; isMore = advance(index, outer)) {
    const from = index.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0) * elementBytes;
    for (let column = 0; column < rowLength; column += 1) {
      if (filled === ORDERED_BYTES) flush();
      const at = from + column * rowStep;
      // Byte by byte: a call for each element takes ten times as long.
      for (let byte = 0; byte < elementBytes; byte += 1) ordered[filled + byte] = bytes[at + byte] ?? 0;
      filled += elementBytes;
    }
  }
  flush();
}

/** Counts up, the last place fastest; false when it is round again. */
function advance(index: number[], sizes: readonly number[]): boolean {
  for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
    index[axis] = (index[axis] ?? 0) + 1;
    if ((index[axis] ?? 0) < (sizes[axis] ?? 0)) return true;
    index[axis] = 0;
  }
  return false;
}
