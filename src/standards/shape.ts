// Reads rule data of unknown shape and says exactly where it is wrong.
import { AjarError } from "../core/errors.ts";

/** A mapping from a rule file, with its place for error messages. Every getter throws BAD_RULE_DATA. */
export class Shape {
  readonly place: string;
  readonly #data: Readonly<Record<string, unknown>>;

  private constructor(data: Readonly<Record<string, unknown>>, place: string) {
    this.#data = data;
    this.place = place;
  }

  static of(data: unknown, place: string): Shape {
    if (typeof data !== "object" || data === null || Array.isArray(data)) return failAt(place, "must be a mapping");
    return new Shape(Object.fromEntries(Object.entries(data)), place);
  }

  get keys(): readonly string[] {
    return Object.keys(this.#data);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#data, key);
  }

  raw(key: string): unknown {
    return this.#data[key];
  }

  text(key: string): string {
    const value = this.#data[key];
    if (typeof value === "string" && value !== "") return value;
    return this.fail(key, "must be a text");
  }

  number(key: string): number {
    const value = this.#data[key];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.fail(key, "must be a number");
  }

  flag(key: string, byDefault: boolean): boolean {
    const value = this.#data[key];
    if (value === undefined) return byDefault;
    if (typeof value === "boolean") return value;
    return this.fail(key, "must be true or false");
  }

  word<const W extends string>(key: string, words: readonly W[]): W {
    const found = words.find((word) => word === this.#data[key]);
    if (found !== undefined) return found;
    return this.fail(key, `must be one of ${words.join(", ")}`);
  }

  texts(key: string): readonly string[] {
    return this.#items(key).map((item) => (typeof item === "string" && item !== "" ? item : this.fail(key, "must be a list of texts")));
  }

  words<const W extends string>(key: string, words: readonly W[], byDefault?: readonly W[]): readonly W[] {
    if (byDefault !== undefined && !this.has(key)) return byDefault;
    return this.texts(key).map((text) => words.find((word) => word === text) ?? this.fail(key, `must hold only ${words.join(", ")}`));
  }

  list(key: string): readonly Shape[] {
    return this.#items(key).map((item, index) => Shape.of(item, `${this.place} ${key}[${index}]`));
  }

  child(key: string): Shape {
    return Shape.of(this.#data[key], `${this.place} ${key}`);
  }

  fail(key: string, problem: string): never {
    return failAt(`${this.place} ${key}`, problem);
  }

  #items(key: string): readonly unknown[] {
    const value = this.#data[key];
    return Array.isArray(value) ? value : this.fail(key, "must be a list");
  }
}

function failAt(place: string, problem: string): never {
  throw new AjarError("BAD_RULE_DATA", `${place} ${problem}`, { subject: place });
}
