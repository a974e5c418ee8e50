// JSON of strangers, read by kind: what is not what it should be ends the verification. Unknown fields are ignored.
import { AjarError } from "../core/errors.ts";
import type { RefusalReason } from "../core/signature.ts";
import { isJsonArray, isJsonObject, type JsonObject, JsonReader, type JsonValue } from "../formats/json-reader.ts";
import { Refused } from "./refused.ts";

/** Ten values for each of a million files. */
const MAX_VALUES = 10_000_000;

/** A document that is one object without a key that comes twice: two readers must not see two signatures. @throws Refused */
export function parseObject(bytes: Uint8Array, reason: RefusalReason): JsonObject {
  let value: JsonValue;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const reader = new JsonReader(text, {
      maxValues: MAX_VALUES,
      onDuplicate: (key) => {
        throw new Refused(reason, { detail: `key ${JSON.stringify(key.slice(0, 100))} comes twice` });
      },
    });
    value = reader.value();
    reader.end();
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (error instanceof AjarError) throw new Refused(reason, { detail: error.message });
    throw new Refused(reason, { detail: "not UTF-8" });
  }
  if (!isJsonObject(value)) throw new Refused(reason, { detail: "not a JSON object" });
  return value;
}

/** Fields of one object, with the place of the object for messages. */
export class Fields {
  readonly #object: JsonObject;
  readonly #place: string;
  readonly #reason: RefusalReason;

  constructor(object: JsonObject, place: string, reason: RefusalReason) {
    this.#object = object;
    this.#place = place;
    this.#reason = reason;
  }

  has(key: string): boolean {
    const value = this.#object.get(key);
    return value !== undefined && value !== null;
  }

  text(key: string): string {
    const value = this.#object.get(key);
    return typeof value === "string" ? value : this.#fail(key, "a text");
  }

  /** Undefined when absent or null. */
  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  number(key: string): number {
    const value = this.#object.get(key);
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : this.#fail(key, "a whole number above zero");
  }

  fields(key: string): Fields {
    const value = this.#object.get(key);
    return isJsonObject(value) ? new Fields(value, this.#at(key), this.#reason) : this.#fail(key, "an object");
  }

  list(key: string): readonly JsonValue[] {
    const value = this.#object.get(key);
    return isJsonArray(value) ? value : this.#fail(key, "a list");
  }

  /** A list whose items are all objects. */
  objects(key: string): readonly Fields[] {
    return this.list(key).map((item, index) =>
      isJsonObject(item) ? new Fields(item, `${this.#at(key)}[${index}]`, this.#reason) : this.#fail(`${key}[${index}]`, "an object"),
    );
  }

  /** Bytes in base64, standard or for URLs, padded or not; nothing else may be in it. */
  bytes(key: string): Buffer {
    const stated = this.text(key).replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/u, "");
    const bytes = Buffer.from(stated, "base64");
    return bytes.toString("base64").replace(/=+$/u, "") === stated ? bytes : this.#fail(key, "base64");
  }

  fail(key: string, problem: string): never {
    throw new Refused(this.#reason, { detail: `${this.#at(key)}: ${problem}` });
  }

  #at(key: string): string {
    return this.#place === "" ? key : `${this.#place}.${key}`;
  }

  #fail(key: string, wanted: string): never {
    return this.fail(key, `not ${wanted}`);
  }
}
