import { AjarError } from "../../core/errors.ts";

/** A file may hold a hundred thousand pickles, each of a few bytes. */
const FIRST_CAPACITY = 64;

/** Kinds and numbers side by side in typed arrays: grows by doubling up to a limit, never shrinks. */
export class ValueArray {
  kinds = new Uint8Array(FIRST_CAPACITY);
  numbers = new Float64Array(FIRST_CAPACITY);
  length = 0;
  readonly #limit: number;
  readonly #name: string;

  constructor(name: string, limit: number) {
    this.#name = name;
    this.#limit = limit;
  }

  push(kind: number, number: number): void {
    if (this.length === this.kinds.length) this.reserve(this.length + 1);
    this.kinds[this.length] = kind;
    this.numbers[this.length] = number;
    this.length += 1;
  }

  /** Makes room for `count` values. @throws AjarError OVER_LIMIT */
  reserve(count: number): void {
    if (count <= this.kinds.length) return;
    if (count > this.#limit) throw new AjarError("OVER_LIMIT", `${this.#name} of more than ${this.#limit} values`);
    const capacity = Math.min(this.#limit, Math.max(count, this.kinds.length * 2));
    const kinds = new Uint8Array(capacity);
    const numbers = new Float64Array(capacity);
    kinds.set(this.kinds);
    numbers.set(this.numbers);
    this.kinds = kinds;
    this.numbers = numbers;
  }
}
