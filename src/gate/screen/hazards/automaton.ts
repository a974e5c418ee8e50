// Many terms looked for at once (Aho and Corasick, 1975), in flat arrays: a step costs the same whatever the number of terms.

/** Units that most terms are made of have a full row in each state; others, such as Han, are looked up by hash. */
const DENSE_UNITS = 0x80;

export class Automaton {
  /** UTF-16 units of each term. */
  readonly lengths: Uint16Array;
  readonly longest: number;
  /** By state: units from the root. */
  readonly depths: Uint16Array;
  /** By state: the state of the longest proper ending that some term begins with. */
  readonly fails: Int32Array;
  /** By state: 1 + the index of a term that ends here, or 0; then the next state where one ends, or 0. */
  readonly #ends: Int32Array;
  readonly #endLinks: Int32Array;
  /** By state: the first of the chain of states where terms end, or 0. */
  readonly #firsts: Int32Array;
  readonly #dense: Int32Array;
  readonly #columns: Int16Array;
  readonly #width: number;
  readonly #sparse: ReadonlyMap<number, number>;

  /** @param terms without doubles; empty ones are never found */
  constructor(terms: readonly string[]) {
    this.lengths = Uint16Array.from(terms, ({ length }) => length);
    this.longest = this.lengths.reduce((most, length) => Math.max(most, length), 0);
    const trie = buildTrie(terms);
    const states = trie.depths.length;
    this.depths = Uint16Array.from(trie.depths);
    this.fails = new Int32Array(states);
    this.#ends = Int32Array.from(trie.ends);
    this.#endLinks = new Int32Array(states);
    this.#firsts = new Int32Array(states);
    this.#columns = columnsOf(terms);
    this.#width = this.#columns.reduce((most, column) => Math.max(most, column), 0) + 1;
    this.#dense = new Int32Array(states * this.#width);
    const sparse = new Map<number, number>();
    this.#sparse = sparse;
    this.#link(trie.children, sparse);
  }

  /** The state after one more unit. */
  next(state: number, unit: number): number {
    if (unit < DENSE_UNITS) return this.#dense[state * this.#width + (this.#columns[unit] ?? 0)] ?? 0;
    return this.#nextSparse(state, unit);
  }

  /** Calls `each` where any term ends, with the first state of its chain and the place of the unit. */
  scan(units: Uint16Array, length: number, each: (state: number, at: number) => void): void {
    const dense = this.#dense;
    const columns = this.#columns;
    const width = this.#width;
    const firsts = this.#firsts;
    let state = 0;
    for (let at = 0; at < length; at += 1) {
      const unit = units[at] as number;
      state = unit < DENSE_UNITS ? (dense[state * width + (columns[unit] as number)] as number) : this.#nextSparse(state, unit);
      const first = firsts[state] as number;
      if (first !== 0) each(first, at);
    }
  }

  #nextSparse(state: number, unit: number): number {
    for (let at = state; ; at = this.fails[at] ?? 0) {
      const to = this.#sparse.get(at * 0x1_0000 + unit);
      if (to !== undefined) return to;
      if (at === 0) return 0;
    }
  }

  /** First state of the chain of those where terms end, this one or an ending of it; 0 when there is none. */
  firstEnd(state: number): number {
    return this.#firsts[state] ?? 0;
  }

  nextEnd(state: number): number {
    return this.#endLinks[state] ?? 0;
  }

  /** Index of the term that ends at a state of that chain. */
  termAt(state: number): number {
    return (this.#ends[state] ?? 0) - 1;
  }

  #linkEnds(state: number, fail: number): void {
    const link = state === 0 ? 0 : this.firstEnd(fail);
    this.#endLinks[state] = link;
    this.#firsts[state] = this.#ends[state] === 0 ? link : state;
  }

  #link(children: readonly ReadonlyMap<number, number>[], sparse: Map<number, number>): void {
    const width = this.#width;
    const queue: number[] = [0];
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] ?? 0;
      const fail = this.fails[state] ?? 0;
      this.#linkEnds(state, fail);
      // A row begins as that of the shorter ending, which is done since states are taken by depth.
      if (state !== 0) this.#dense.copyWithin(state * width, fail * width, (fail + 1) * width);
      for (const [unit, child] of children[state] ?? []) {
        this.fails[child] = state === 0 ? 0 : this.next(fail, unit);
        if (unit < DENSE_UNITS) this.#dense[state * width + (this.#columns[unit] ?? 0)] = child;
        else sparse.set(state * 0x1_0000 + unit, child);
        queue.push(child);
      }
    }
  }
}

interface Trie {
  readonly children: Map<number, number>[];
  readonly depths: number[];
  readonly ends: number[];
}

function buildTrie(terms: readonly string[]): Trie {
  const children: Map<number, number>[] = [new Map()];
  const depths = [0];
  const ends = [0];
  for (const [index, term] of terms.entries()) {
    let state = 0;
    for (let at = 0; at < term.length; at += 1) {
      const unit = term.charCodeAt(at);
      let child = children[state]?.get(unit);
      if (child === undefined) {
        child = children.length;
        children[state]?.set(unit, child);
        children.push(new Map());
        depths.push(at + 1);
        ends.push(0);
      }
      state = child;
    }
    if (state !== 0) ends[state] = index + 1;
  }
  return { children, depths, ends };
}

/** A column for each unit of ASCII that occurs in a term; column 0 is for the others and always leads to the root. */
function columnsOf(terms: readonly string[]): Int16Array {
  const columns = new Int16Array(DENSE_UNITS);
  let used = 0;
  for (const term of terms) {
    for (let at = 0; at < term.length; at += 1) {
      const unit = term.charCodeAt(at);
      if (unit < DENSE_UNITS && columns[unit] === 0) {
        used += 1;
        columns[unit] = used;
      }
    }
  }
  return columns;
}
