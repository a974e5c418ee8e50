// Tuples, lists, dicts and objects while nothing is built. Only the latest are remembered, in rings of fixed size: what a
// call or a tensor needs was made just before it, and a pickle of ten million tuples must not need ten million records.

/** Items remembered over all containers, per container remembered. */
const ITEMS_EACH = 4;
/** Containers with more items than this are counted and not kept. */
const MAX_KEPT_ITEMS = 256;
/** An expanded size beyond this only says "too much". */
const MAX_WEIGHT = 1e30;

/** Items of a container: place in `itemKinds` and `itemNumbers`, to be used before anything else is added. */
export interface Items {
  readonly length: number;
  kind(index: number): number;
  number(index: number): number;
}

const NO_ITEMS: Items = { length: 0, kind: () => 0, number: () => 0 };

const FIRST_RING = 64;

function larger<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

export class Containers {
  /** Ids count up from 0 and are never used again. */
  #next = 0;
  #nextItem = 0;
  readonly #most: number;
  #ring: number;
  #mask: number;
  #itemMask: number;
  #weights: Float64Array;
  #starts: Float64Array;
  #lengths: Int32Array;
  #callees: Int32Array;
  #itemKinds: Uint8Array;
  #itemNumbers: Float64Array;
  /** The largest size that any container has when everything shared in it is written out. */
  heaviest = 0;

  /** Remembers `most` containers in the end, a power of two; begins with few, as most pickles have no more. */
  constructor(most: number) {
    const ring = Math.min(most, FIRST_RING);
    this.#most = most;
    this.#ring = ring;
    this.#mask = ring - 1;
    this.#itemMask = ring * ITEMS_EACH - 1;
    this.#weights = new Float64Array(ring);
    this.#starts = new Float64Array(ring);
    this.#lengths = new Int32Array(ring);
    this.#callees = new Int32Array(ring);
    this.#itemKinds = new Uint8Array(ring * ITEMS_EACH);
    this.#itemNumbers = new Float64Array(ring * ITEMS_EACH);
  }

  /** Twice the room, before anything is written over: places stay what they were. */
  #grow(): void {
    this.#ring *= 2;
    this.#mask = this.#ring - 1;
    this.#itemMask = this.#ring * ITEMS_EACH - 1;
    this.#weights = larger(this.#weights, new Float64Array(this.#ring));
    this.#starts = larger(this.#starts, new Float64Array(this.#ring));
    this.#lengths = larger(this.#lengths, new Int32Array(this.#ring));
    this.#callees = larger(this.#callees, new Int32Array(this.#ring));
    this.#itemKinds = larger(this.#itemKinds, new Uint8Array(this.#ring * ITEMS_EACH));
    this.#itemNumbers = larger(this.#itemNumbers, new Float64Array(this.#ring * ITEMS_EACH));
  }

  /** A container without items; `callee` is the global that made an object, -1 for none. */
  create(callee = -1): number {
    const id = this.#next;
    if (id === this.#ring && this.#ring < this.#most) this.#grow();
    this.#next += 1;
    const slot = id & this.#mask;
    this.#weights[slot] = 1;
    this.#starts[slot] = 0;
    this.#lengths[slot] = 0;
    this.#callees[slot] = callee;
    return id;
  }

  isKnown(id: number): boolean {
    return id >= 0 && id < this.#next && this.#next - id <= this.#ring;
  }

  /** Global that made an object; -1 when none did or it is too long ago. */
  calleeOf(id: number): number {
    return this.isKnown(id) ? (this.#callees[id & this.#mask] ?? -1) : -1;
  }

  weightOf(id: number): number {
    return this.isKnown(id) ? (this.#weights[id & this.#mask] ?? 1) : 1;
  }

  addWeight(id: number, weight: number): void {
    if (!this.isKnown(id)) return;
    const total = Math.min(MAX_WEIGHT, (this.#weights[id & this.#mask] ?? 0) + weight);
    this.#weights[id & this.#mask] = total;
    if (total > this.heaviest) this.heaviest = total;
  }

  /** Remembers the items of a container that has none yet: a tuple's, or those of a dict's or list's first batch. */
  keep(id: number, kinds: Uint8Array, numbers: Float64Array, from: number, to: number): void {
    const length = to - from;
    const slot = id & this.#mask;
    if (length > MAX_KEPT_ITEMS || !this.isKnown(id) || (this.#lengths[slot] ?? 0) > 0) return;
    const start = this.#nextItem;
    while (start + length > this.#itemMask + 1 && this.#ring < this.#most) this.#grow();
    for (let index = 0; index < length; index += 1) {
      const place = (start + index) & this.#itemMask;
      this.#itemKinds[place] = kinds[from + index] ?? 0;
      this.#itemNumbers[place] = numbers[from + index] ?? 0;
    }
    this.#nextItem += length;
    this.#starts[slot] = start;
    this.#lengths[slot] = length;
  }

  /** Lets an object show the items of the tuple it was made with. */
  share(id: number, from: number): void {
    if (!this.isKnown(from)) return;
    const slot = id & this.#mask;
    this.#starts[slot] = this.#starts[from & this.#mask] ?? 0;
    this.#lengths[slot] = this.#lengths[from & this.#mask] ?? 0;
    this.addWeight(id, this.weightOf(from));
  }

  /** The items kept for a container; none when there were too many or it is too long ago. */
  items(id: number): Items {
    if (!this.isKnown(id)) return NO_ITEMS;
    const start = this.#starts[id & this.#mask] ?? 0;
    const length = this.#lengths[id & this.#mask] ?? 0;
    if (this.#nextItem - start > this.#itemMask + 1) return NO_ITEMS;
    return {
      length,
      kind: (index) => (index < length ? (this.#itemKinds[(start + index) & this.#itemMask] ?? 0) : 0),
      number: (index) => (index < length ? (this.#itemNumbers[(start + index) & this.#itemMask] ?? 0) : 0),
    };
  }
}
