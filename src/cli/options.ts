import { AjarError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { OptionSpec } from "./command.ts";

export type Value = boolean | number | string | readonly string[];

/** Option values by name, already checked against their specs. */
export class Options {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The same with more values. */
  with(added: ReadonlyMap<string, Value>): Options {
    return new Options(new Map([...this.#values, ...added]));
  }

  /** Undefined when neither the option nor its negation was given. */
  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return typeof value === "boolean" ? value : undefined;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === "string" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name);
    return typeof value === "number" ? value : undefined;
  }

  /** Values in the order given; empty when absent. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value : [];
  }
}

const FLAG_VALUES: Readonly<Record<string, boolean>> = {
  "1": true,
  true: true,
  yes: true,
  on: true,
  "0": false,
  false: false,
  no: false,
  off: false,
};
const BYTE_UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Turns the words given for one option into its value. `origin` names where they came from: `--timeout`, `AJAR_TIMEOUT`. */
export function readValue(spec: OptionSpec, words: readonly string[], origin: string): Value {
  const last = words.at(-1) ?? "";
  switch (spec.kind) {
    case "flag": {
      const value = FLAG_VALUES[last.toLowerCase()];
      if (value === undefined) throw badOption(origin, `"${last}" is neither yes nor no`, "Use 1 or 0.");
      return value;
    }
    case "number":
      return readNumber(spec, last, origin);
    case "text":
      return readChoice(spec, last, origin);
    case "list": {
      const parts = spec.commas === true ? words.flatMap((word) => word.split(",")) : words;
      return parts.map((part) => readChoice(spec, part.trim(), origin));
    }
  }
}

function readNumber(spec: OptionSpec, word: string, origin: string): number {
  const match = /^(\d{1,15})([kmgt]?)(?:i?b)?$/iu.exec(word);
  const unit = match?.[2]?.toLowerCase() ?? "";
  if (match === null || (spec.bytes !== true && word !== match[1])) {
    throw badOption(origin, `"${word}" is not a whole number`, spec.bytes === true ? "Give bytes, or 500M, 2G." : "Give digits only.");
  }
  const value = Number(match[1]) * (BYTE_UNITS[unit] ?? 1);
  const least = spec.least ?? 0;
  if (value < least || !Number.isSafeInteger(value)) throw badOption(origin, `${word} is out of range`, `The least is ${least}.`);
  return value;
}

function readChoice(spec: OptionSpec, word: string, origin: string): string {
  if (word === "") throw badOption(origin, "the value is empty", `Give a ${spec.value ?? "value"}.`);
  if (spec.choices === undefined || spec.choices.includes(word)) return word;
  const alias = spec.aliases?.[word];
  if (alias !== undefined) return alias;
  const near = nearest(word, spec.choices);
  throw badOption(origin, `"${word}" is not one of ${spec.choices.join(", ")}`, near === null ? undefined : `Did you mean ${near}?`);
}

/** A value that its option does not take. */
export function badOption(origin: string, message: string, hint: string | undefined): AjarError {
  return new AjarError("BAD_OPTION", message, hint === undefined ? { subject: origin } : { subject: origin, hint });
}
