import { AjarError } from "../../core/errors.ts";

/** An import as the pickle writes it. */
export interface GlobalName {
  readonly module: string;
  readonly name: string;
  /** Read under a protocol below 3, where CPython maps names of Python 2 to those of Python 3. */
  readonly isPython2: boolean;
  /** Place of the opcode that first named it. */
  readonly offset: number;
}

/** More different imports than any library has names. */
const MAX_GLOBALS = 200_000;

/** Every import once, by number. */
export class GlobalTable {
  readonly list: GlobalName[] = [];
  readonly #index = new Map<string, number>();

  /** The number of an import. @throws AjarError OVER_LIMIT */
  intern(module: string, name: string, isPython2: boolean, offset: number): number {
    const key = `${module}\0${name}\0${isPython2 ? 2 : 3}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    if (this.list.length >= MAX_GLOBALS) throw new AjarError("OVER_LIMIT", `more than ${MAX_GLOBALS} different imports`, { offset });
    this.#index.set(key, this.list.length);
    this.list.push({ module, name, isPython2, offset });
    return this.list.length - 1;
  }
}
