// The few items with the lowest rank: a sample that is the same however the rows were split.

export interface Ranked {
  /** Decides; a hash. */
  readonly rank: number;
  /** Equal ranks are one item; of two, the one that `before` puts first is kept. */
}

export class Lowest<T extends Ranked> {
  readonly #size: number;
  readonly #before: (a: T, b: T) => boolean;
  #items: T[] = [];

  constructor(size: number, before: (a: T, b: T) => boolean) {
    this.#size = size;
    this.#before = before;
  }

  /** Whether an item of this rank would be kept, so that others need not be built. */
  wants(rank: number): boolean {
    return this.#items.length < this.#size || rank <= (this.#items.at(-1)?.rank ?? Number.POSITIVE_INFINITY);
  }

  add(item: T): void {
    if (!this.wants(item.rank)) return;
    const at = this.#items.findIndex(({ rank }) => rank >= item.rank);
    const same = this.#items[at];
    if (same === undefined) this.#items.push(item);
    else if (same.rank !== item.rank) this.#items.splice(at, 0, item);
    else if (this.#before(item, same)) this.#items[at] = item;
    if (this.#items.length > this.#size) this.#items.pop();
  }

  get items(): readonly T[] {
    return this.#items;
  }
}
