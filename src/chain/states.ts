// Sets of (license, bits), each distinct one kept once: a million releases share a few thousand of them.
import { BIT, type Bits, settled } from "./carry.ts";
import { narrower, type PackedPermissions, type TermsTable } from "./terms-table.ts";

/** Number of an interned state. */
export type State = number;

/** The state of a release that no license bears on. */
const EMPTY: State = 0;

/** Unions remembered before the memory of them starts afresh: a bound, never reached by the graphs seen. */
const MAX_REMEMBERED = 1 << 20;
/** Pairs of states as one number; both stay below 2^26. */
const PAIR = 2 ** 26;

/** Bits of every license of a table, as rows of one growing array. */
export class StateTable {
  readonly table: TermsTable;
  readonly #stride: number;
  #rows: Uint16Array;
  #count = 0;
  /** Hash slots holding state number + 1. */
  #slots = new Int32Array(1024);
  #permissions = new Uint16Array(256);
  readonly #settled: State[] = [];
  readonly #steps: State[] = [];
  #unions = new Map<number, State>();
  /** Row in the making. */
  readonly #draft: Uint16Array;

  /** `table` must not grow any more: states hold one number a license. */
  constructor(table: TermsTable) {
    this.table = table;
    this.#stride = table.size;
    this.#rows = new Uint16Array(256 * this.#stride);
    this.#draft = new Uint16Array(this.#stride);
    this.#intern();
  }

  /** Distinct states so far. */
  get count(): number {
    return this.#count;
  }

  /** The state of being under all of these licenses, by position in the table. */
  own(licenses: readonly number[]): State {
    this.#draft.fill(0);
    for (const license of licenses) this.#draft[license] = BIT.own;
    return this.#intern();
  }

  /** What a state becomes when something is made over a channel. */
  step(state: State, channel: number): State {
    const key = state * 4 + channel;
    const known = this.#steps[key];
    if (known !== undefined) return known;
    for (let license = 0; license < this.#stride; license += 1) {
      const bits = this.bits(state, license);
      this.#draft[license] = bits === 0 ? 0 : this.table.step(license, bits, channel);
    }
    const result = this.#intern();
    this.#steps[key] = result;
    return result;
  }

  union(first: State, second: State): State {
    if (first === second || second === EMPTY) return first;
    if (first === EMPTY) return second;
    const key = Math.min(first, second) * PAIR + Math.max(first, second);
    const known = this.#unions.get(key);
    if (known !== undefined) return known;
    for (let license = 0; license < this.#stride; license += 1) {
      this.#draft[license] = this.bits(first, license) | this.bits(second, license);
    }
    const result = this.#intern();
    if (this.#unions.size >= MAX_REMEMBERED) this.#unions = new Map();
    this.#unions.set(key, result);
    return result;
  }

  /** The state once all parents are known. */
  settle(state: State): State {
    const known = this.#settled[state];
    if (known !== undefined) return known;
    for (let license = 0; license < this.#stride; license += 1) this.#draft[license] = settled(this.bits(state, license));
    const result = this.#intern();
    this.#settled[state] = result;
    return result;
  }

  bits(state: State, license: number): Bits {
    return this.#rows[state * this.#stride + license] ?? 0;
  }

  /** The narrowest permission of each use. */
  permissions(state: State): PackedPermissions {
    return this.#permissions[state] ?? 0;
  }

  /** Number of the row in the making, kept if it is new. */
  #intern(): State {
    if (this.#count * 2 >= this.#slots.length) this.#rehash();
    const mask = this.#slots.length - 1;
    for (let slot = hash(this.#draft) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found === -1) return this.#keep(slot);
      if (this.#isDraft(found)) return found;
    }
  }

  #isDraft(state: State): boolean {
    const start = state * this.#stride;
    for (let at = 0; at < this.#stride; at += 1) if (this.#rows[start + at] !== this.#draft[at]) return false;
    return true;
  }

  #keep(slot: number): State {
    const state = this.#count;
    this.#count += 1;
    if (this.#count * this.#stride > this.#rows.length) this.#rows = grown(this.#rows);
    if (this.#count > this.#permissions.length) this.#permissions = grown(this.#permissions);
    this.#rows.set(this.#draft, state * this.#stride);
    this.#slots[slot] = state + 1;
    let permissions: PackedPermissions = 0;
    for (let license = 0; license < this.#stride; license += 1) {
      const bits = this.#draft[license] ?? 0;
      if (bits !== 0) permissions = narrower(permissions, this.table.permissions(license, bits));
    }
    this.#permissions[state] = permissions;
    return state;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let state = 0; state < this.#count; state += 1) {
      let slot = hash(this.#rows.subarray(state * this.#stride, (state + 1) * this.#stride)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = state + 1;
    }
  }
}

function grown(rows: Uint16Array): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(rows.length * 2);
  larger.set(rows);
  return larger;
}

/** FNV-1a over the numbers of a row. */
function hash(row: Uint16Array): number {
  let value = 0x811c9dc5;
  for (const number of row) value = Math.imul(value ^ number, 0x01000193);
  return value >>> 0;
}
