// Counts by 128-bit key in bounded memory. Above its capacity it keeps the keys that begin with enough zero bits: which ones
// these are depends on all keys together and on no order, so tables of parts merge to the table of the whole, whatever the split.

/** Words of a key: four times 32 bits. */
export const KEY_WORDS = 4;
const EMPTY = -1;
/** More than any table has; times a word of a key it is still exact. */
const INDEXES = 2 ** 21;

export interface KeyTableShape {
  /** Keys kept at most. */
  readonly capacity: number;
  /** Numbers kept with each key; they are added up. */
  readonly counters: number;
  /** Sums of any size, or numbers of 32 bits, which take half the memory. */
  readonly numbers: "sums" | "uint32";
}

type Counts = Float64Array | Uint32Array;

/** A table as it is stored and sent; entries sorted by key. */
export interface KeyTableParts {
  /** Leading zero bits that every key kept has: each stands for 2^level keys. */
  readonly level: number;
  readonly keys: Uint32Array;
  readonly counts: Counts;
}

export class KeyTable {
  readonly #shape: KeyTableShape;
  #level = 0;
  #size = 0;
  #slots: Int32Array;
  #keys: Uint32Array;
  #counts: Counts;
  /** Keys and counts are also somebody else's, and copied before they are changed. */
  #isShared = false;

  constructor(shape: KeyTableShape) {
    this.#shape = shape;
    const room = 1024;
    this.#slots = new Int32Array(room * 2).fill(EMPTY);
    this.#keys = new Uint32Array(room * KEY_WORDS);
    this.#counts = this.#countsFor(room);
  }

  #countsFor(rows: number): Counts {
    const { numbers, counters } = this.#shape;
    return numbers === "sums" ? new Float64Array(rows * counters) : new Uint32Array(rows * counters);
  }

  get level(): number {
    return this.#level;
  }

  /** Adds to one counter of a key. The key's words are `keys[at..at+3]`. */
  add(keys: Uint32Array, at: number, counter: number, amount = 1): void {
    const index = this.#place(keys, at);
    if (index === EMPTY) return;
    this.#own();
    const slot = index * this.#shape.counters + counter;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + amount;
    if (this.#size > this.#shape.capacity) this.#thin();
  }

  /** Sets all counters of a key that the table does not hold yet. */
  put(keys: Uint32Array, at: number, values: Counts): void {
    const before = this.#size;
    const index = this.#place(keys, at);
    if (index === EMPTY || this.#size === before) return;
    this.#counts.set(values, index * this.#shape.counters);
    if (this.#size > this.#shape.capacity) this.#thin();
  }

  /** Index of a key, made where there is none; EMPTY when the table does not keep such keys. */
  #place(keys: Uint32Array, at: number): number {
    if (this.#level > 0 && Math.clz32(keys[at] ?? 0) < this.#level) return EMPTY;
    const mask = this.#slots.length - 1;
    let slot = (keys[at + 1] ?? 0) & mask;
    for (let index = this.#slots[slot] ?? EMPTY; index !== EMPTY; index = this.#slots[slot] ?? EMPTY) {
      if (this.#isKey(index, keys, at)) return index;
      slot = (slot + 1) & mask;
    }
    if ((this.#size + 1) * KEY_WORDS > this.#keys.length) {
      this.#grow();
      return this.#place(keys, at);
    }
    this.#own();
    const index = this.#size;
    this.#size += 1;
    this.#slots[slot] = index;
    for (let word = 0; word < KEY_WORDS; word += 1) this.#keys[index * KEY_WORDS + word] = keys[at + word] ?? 0;
    this.#counts.fill(0, index * this.#shape.counters, (index + 1) * this.#shape.counters);
    return index;
  }

  #isKey(index: number, keys: Uint32Array, at: number): boolean {
    const own = index * KEY_WORDS;
    const mine = this.#keys;
    return mine[own] === keys[at] && mine[own + 1] === keys[at + 1] && mine[own + 2] === keys[at + 2] && mine[own + 3] === keys[at + 3];
  }

  #own(): void {
    if (!this.#isShared) return;
    this.#keys = this.#keys.slice();
    this.#counts = this.#counts.slice();
    this.#isShared = false;
  }

  #grow(): void {
    // One beyond the capacity stands in the table before it is thinned.
    const room = Math.min(this.#size * 2, Math.max(this.#shape.capacity, this.#size) + 1);
    const keys = new Uint32Array(room * KEY_WORDS);
    keys.set(this.#keys);
    const counts = this.#countsFor(room);
    counts.set(this.#counts);
    this.#keys = keys;
    this.#counts = counts;
    this.#isShared = false;
    this.#index(slotsFor(room));
  }

  #index(length: number): void {
    this.#slots = new Int32Array(length).fill(EMPTY);
    const mask = length - 1;
    for (let index = 0; index < this.#size; index += 1) {
      let slot = (this.#keys[index * KEY_WORDS + 1] ?? 0) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }

  #thin(): void {
    while (this.#size > this.#shape.capacity) this.#raise(this.#level + 1);
  }

  #raise(level: number): void {
    this.#own();
    this.#level = level;
    const { counters } = this.#shape;
    let kept = 0;
    for (let index = 0; index < this.#size; index += 1) {
      if (Math.clz32(this.#keys[index * KEY_WORDS] ?? 0) < level) continue;
      this.#keys.copyWithin(kept * KEY_WORDS, index * KEY_WORDS, (index + 1) * KEY_WORDS);
      this.#counts.copyWithin(kept * counters, index * counters, (index + 1) * counters);
      kept += 1;
    }
    this.#size = kept;
    this.#index(this.#slots.length);
  }

  /** Forgets what a table of this level would not hold. */
  raiseTo(level: number): void {
    if (level > this.#level) this.#raise(level);
  }

  /** Takes in what another table of this shape holds. */
  merge(parts: KeyTableParts): void {
    const { level, keys, counts } = parts;
    if (this.adopt(parts)) return;
    this.raiseTo(level);
    const { counters } = this.#shape;
    for (let index = 0; index * KEY_WORDS < keys.length; index += 1) {
      for (let counter = 0; counter < counters; counter += 1) {
        const amount = counts[index * counters + counter] ?? 0;
        if (amount !== 0) this.add(keys, index * KEY_WORDS, counter, amount);
      }
    }
  }

  /** An empty table takes the arrays of another as they are: at its capacity a copy would be a third of all memory. */
  adopt({ level, keys, counts }: KeyTableParts): boolean {
    const size = keys.length / KEY_WORDS;
    const isSame = this.#shape.numbers === (counts instanceof Uint32Array ? "uint32" : "sums");
    if (this.#size > 0 || level < this.#level || size === 0 || size > this.#shape.capacity || !isSame) return false;
    this.#level = level;
    this.#size = size;
    this.#keys = keys;
    this.#counts = counts;
    this.#isShared = true;
    this.#index(slotsFor(size));
    return true;
  }

  /** Hands each entry to `each`: its counts begin at `at` of `counts`. */
  forEach(each: (counts: Counts, at: number) => void): void {
    for (let index = 0; index < this.#size; index += 1) each(this.#counts, index * this.#shape.counters);
  }

  /** Counts as they lie, and by key the number of each entry among them: what `parts` would copy, and only to be read. */
  sorted(): { readonly order: Uint32Array; readonly counts: Counts } {
    return { order: this.#order(), counts: this.#counts };
  }

  /** Sorted by key; the table's own arrays where they are sorted, so whoever gets it only reads. */
  parts(): KeyTableParts {
    const { counters } = this.#shape;
    if (this.#isSorted()) return this.unsortedParts();
    const keys = new Uint32Array(this.#size * KEY_WORDS);
    const counts = this.#countsFor(this.#size);
    for (const [at, index] of this.#order().entries()) {
      for (let word = 0; word < KEY_WORDS; word += 1) keys[at * KEY_WORDS + word] = this.#keys[index * KEY_WORDS + word] ?? 0;
      for (let counter = 0; counter < counters; counter += 1)
        counts[at * counters + counter] = this.#counts[index * counters + counter] ?? 0;
    }
    return { level: this.#level, keys, counts };
  }

  /** As they come: for a table that they are merged into and that sorts them itself. */
  unsortedParts(): KeyTableParts {
    this.#isShared = true;
    const keys = this.#keys.subarray(0, this.#size * KEY_WORDS);
    return { level: this.#level, keys, counts: this.#counts.subarray(0, this.#size * this.#shape.counters) };
  }

  /** Indexes by key. First words and indexes are sorted as one number, which takes no calls; equal first words are rare. */
  #order(): Uint32Array {
    const firsts = new Float64Array(this.#size);
    for (let index = 0; index < this.#size; index += 1) firsts[index] = (this.#keys[index * KEY_WORDS] ?? 0) * INDEXES + index;
    firsts.sort();
    const order = new Uint32Array(this.#size);
    for (let at = 0; at < order.length; at += 1) order[at] = (firsts[at] ?? 0) % INDEXES;
    const firstOf = (at: number): number => this.#keys[(order[at] ?? 0) * KEY_WORDS] ?? 0;
    for (let start = 0, end = 1; end <= order.length; end += 1) {
      if (end < order.length && firstOf(end) === firstOf(start)) continue;
      if (end - start > 1) order.subarray(start, end).sort((a, b) => this.#compare(a, b));
      start = end;
    }
    return order;
  }

  #isSorted(): boolean {
    for (let index = 1; index < this.#size; index += 1) if (this.#compare(index - 1, index) > 0) return false;
    return true;
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < KEY_WORDS; word += 1) {
      const difference = (this.#keys[a * KEY_WORDS + word] ?? 0) - (this.#keys[b * KEY_WORDS + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** A power of two, half of which is free. */
function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, rows * 2)));
}
