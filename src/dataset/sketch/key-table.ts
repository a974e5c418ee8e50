// Counts by 128-bit key in bounded memory. Above its capacity it keeps the keys that begin with enough zero bits: which ones
// these are depends on all keys together and on no order, so tables of parts merge to the table of the whole, whatever the split.

/** Words of a key: four times 32 bits. */
export const KEY_WORDS = 4;
const EMPTY = -1;

export interface KeyTableShape {
  /** Keys kept at most. */
  readonly capacity: number;
  /** Numbers kept with each key; they are added up. */
  readonly counters: number;
}

/** A table as it is stored and sent; entries sorted by key. */
export interface KeyTableParts {
  /** Leading zero bits that every key kept has: each stands for 2^level keys. */
  readonly level: number;
  readonly keys: Uint32Array;
  readonly counts: Float64Array;
}

export class KeyTable {
  readonly #shape: KeyTableShape;
  #level = 0;
  #size = 0;
  #slots: Int32Array;
  #keys: Uint32Array;
  #counts: Float64Array;

  constructor(shape: KeyTableShape) {
    this.#shape = shape;
    const room = 1024;
    this.#slots = new Int32Array(room * 2).fill(EMPTY);
    this.#keys = new Uint32Array(room * KEY_WORDS);
    this.#counts = new Float64Array(room * shape.counters);
  }

  get level(): number {
    return this.#level;
  }

  /** Adds to one counter of a key. The key's words are `keys[at..at+3]`. */
  add(keys: Uint32Array, at: number, counter: number, amount = 1): void {
    const index = this.#place(keys, at);
    if (index === EMPTY) return;
    const slot = index * this.#shape.counters + counter;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + amount;
    if (this.#size > this.#shape.capacity) this.#thin();
  }

  /** Sets all counters of a key that the table does not hold yet. */
  put(keys: Uint32Array, at: number, values: Float64Array): void {
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

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    const counts = new Float64Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#keys = keys;
    this.#counts = counts;
    this.#index(this.#slots.length * 2);
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
  merge({ level, keys, counts }: KeyTableParts): void {
    this.raiseTo(level);
    const { counters } = this.#shape;
    for (let index = 0; index * KEY_WORDS < keys.length; index += 1) {
      for (let counter = 0; counter < counters; counter += 1) {
        const amount = counts[index * counters + counter] ?? 0;
        if (amount !== 0) this.add(keys, index * KEY_WORDS, counter, amount);
      }
    }
  }

  /** Hands each entry to `each`: its counts begin at `at` of `counts`. */
  forEach(each: (counts: Float64Array, at: number) => void): void {
    for (let index = 0; index < this.#size; index += 1) each(this.#counts, index * this.#shape.counters);
  }

  parts(): KeyTableParts {
    const { counters } = this.#shape;
    const order = Array.from({ length: this.#size }, (_, index) => index).sort((a, b) => this.#compare(a, b));
    const keys = new Uint32Array(this.#size * KEY_WORDS);
    const counts = new Float64Array(this.#size * counters);
    for (const [at, index] of order.entries()) {
      keys.set(this.#keys.subarray(index * KEY_WORDS, (index + 1) * KEY_WORDS), at * KEY_WORDS);
      counts.set(this.#counts.subarray(index * counters, (index + 1) * counters), at * counters);
    }
    return { level: this.#level, keys, counts };
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < KEY_WORDS; word += 1) {
      const difference = (this.#keys[a * KEY_WORDS + word] ?? 0) - (this.#keys[b * KEY_WORDS + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
