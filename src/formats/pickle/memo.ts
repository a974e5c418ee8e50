import { AjarError } from "../../core/errors.ts";
import { KIND } from "./values.ts";

const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
/** Keys beyond the dense part; no pickler leaves gaps. */
const MAX_FAR_KEYS = 10_000;

interface FarValue {
  readonly kind: number;
  readonly number: number;
}

/** The memo of an unpickler, in pages: growing it never copies what is there. */
export class Memo {
  /** Number of keys that are set: the key that MEMOIZE takes. */
  count = 0;
  /** Kind and number that `find` found last. */
  kind: number = KIND.unset;
  number = 0;
  readonly #limit: number;
  readonly #kinds: Uint8Array[] = [];
  readonly #numbers: Float64Array[] = [];
  readonly #far = new Map<number, FarValue>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Looks a key up; false when it was never set. */
  find(key: number): boolean {
    const kinds = key < this.#limit ? this.#kinds[key >>> PAGE_BITS] : undefined;
    if (kinds !== undefined) {
      this.kind = kinds[key & (PAGE - 1)] ?? KIND.unset;
      this.number = this.#numbers[key >>> PAGE_BITS]?.[key & (PAGE - 1)] ?? 0;
    } else {
      const far = this.#far.get(key);
      this.kind = far?.kind ?? KIND.unset;
      this.number = far?.number ?? 0;
    }
    return this.kind !== KIND.unset;
  }

  /** Sets a key; gives the kind of another value that stood there before, else `unset`. @throws AjarError OVER_LIMIT */
  set(key: number, kind: number, number: number): number {
    const kinds = key < this.#limit ? (this.#kinds[key >>> PAGE_BITS] ?? this.#page(key >>> PAGE_BITS)) : null;
    if (kinds === null) return this.#setFar(key, kind, number);
    const numbers = this.#numbers[key >>> PAGE_BITS];
    const at = key & (PAGE - 1);
    const before = kinds[at] ?? KIND.unset;
    if (before === KIND.unset) this.count += 1;
    else if (before === kind && numbers?.[at] === number) return KIND.unset;
    kinds[at] = kind;
    if (numbers !== undefined) numbers[at] = number;
    return before;
  }

  /** Pages are made in order but for hostile keys: one page at most is made for each key set. */
  #page(index: number): Uint8Array {
    const kinds = new Uint8Array(PAGE);
    this.#kinds[index] = kinds;
    this.#numbers[index] = new Float64Array(PAGE);
    return kinds;
  }

  #setFar(key: number, kind: number, number: number): number {
    if (this.#far.size >= MAX_FAR_KEYS) throw new AjarError("OVER_LIMIT", `memo of more than ${this.#limit} values`);
    const before = this.#far.get(key)?.kind ?? KIND.unset;
    if (before === KIND.unset) this.count += 1;
    this.#far.set(key, { kind, number });
    return before;
  }
}
