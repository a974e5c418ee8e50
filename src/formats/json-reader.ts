// JSON read token by token. JSON.parse keeps the last of two equal keys in silence, and two readers of one header
// must not see two models; it also builds everything at once, whatever its size.
import { AjarError } from "../core/errors.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

export interface JsonReaderOptions {
  /** Offset of the text in its file, for errors. */
  readonly base?: number;
  /** Values that may be built in all. */
  readonly maxValues?: number;
  readonly onDuplicate?: (key: string, offset: number) => void;
  /** Reads NaN, Infinity and -Infinity as numbers, which Python's json writes and reads. */
  readonly nonFinite?: boolean;
}

/** Deeper than any header or index; recursion must end before the stack does. */
const MAX_DEPTH = 64;
/** Bounds memory: a value takes up to about 100 bytes. */
const DEFAULT_MAX_VALUES = 5_000_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const NON_FINITE = /NaN|-?Infinity/uy;
/** What a string may hold before a quote, an escape or a forbidden control character. */
const isPlain = (code: number) => code >= 0x20 && code !== 0x22 && code !== 0x5c;

/** Pulls values out of JSON text. Offsets count characters, which are bytes for ASCII text. */
export class JsonReader {
  readonly #text: string;
  readonly #base: number;
  readonly #onDuplicate: (key: string, offset: number) => void;
  readonly #nonFinite: boolean;
  #valuesLeft: number;
  #at = 0;

  constructor(text: string, options: JsonReaderOptions = {}) {
    this.#text = text;
    this.#base = options.base ?? 0;
    this.#valuesLeft = options.maxValues ?? DEFAULT_MAX_VALUES;
    this.#onDuplicate = options.onDuplicate ?? (() => undefined);
    this.#nonFinite = options.nonFinite ?? false;
  }

  get offset(): number {
    return this.#base + this.#at;
  }

  /** Hands each member of an object to `member`, which must read its value. @throws AjarError INCONSISTENT | TRUNCATED | OVER_LIMIT */
  members(member: (key: string, offset: number) => void): void {
    this.#expect("{");
    if (this.#accept("}")) return;
    const seen = new Set<string>();
    do {
      this.#space();
      const offset = this.offset;
      const key = this.#string();
      if (seen.has(key)) this.#onDuplicate(key, offset);
      seen.add(key);
      this.#expect(":");
      member(key, offset);
    } while (this.#accept(","));
    this.#expect("}");
  }

  /** The next value with all that is in it. @throws AjarError INCONSISTENT | TRUNCATED | OVER_LIMIT */
  value(depth = 0): JsonValue {
    this.#count(depth);
    this.#space();
    const character = this.#text[this.#at];
    switch (character) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  /** Whether the next value begins with a character; nothing is read. */
  isAt(character: string): boolean {
    this.#space();
    return this.#text[this.#at] === character;
  }

  /** Steps over the next value without building it; gives how many members or items it has. @throws AjarError as `value` */
  skip(depth = 0): number {
    this.#count(depth);
    this.#space();
    const opening = this.#text[this.#at];
    if (opening !== "{" && opening !== "[") {
      if (opening === '"') this.#string();
      else this.value(depth);
      return 0;
    }
    this.#at += 1;
    const closing = opening === "{" ? "}" : "]";
    if (this.#accept(closing)) return 0;
    let items = 0;
    do {
      if (opening === "{") {
        this.#space();
        this.#string();
        this.#expect(":");
      }
      this.skip(depth + 1);
      items += 1;
    } while (this.#accept(","));
    this.#expect(closing);
    return items;
  }

  /** Only white space may follow. @throws AjarError INCONSISTENT */
  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#broken("JSON goes on after its end");
  }

  #count(depth: number): void {
    this.#valuesLeft -= 1;
    if (depth > MAX_DEPTH || this.#valuesLeft < 0) {
      throw new AjarError("OVER_LIMIT", `JSON at ${this.offset} is nested too deep or holds too many values`, { offset: this.offset });
    }
  }

  #object(depth: number): JsonObject {
    const object = new Map<string, JsonValue>();
    this.members((key) => object.set(key, this.value(depth + 1)));
    return object;
  }

  #array(depth: number): readonly JsonValue[] {
    const array: JsonValue[] = [];
    this.#expect("[");
    if (this.#accept("]")) return array;
    do array.push(this.value(depth + 1));
    while (this.#accept(","));
    this.#expect("]");
    return array;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#broken("JSON string is missing");
    const start = this.#at;
    let at = start + 1;
    while (isPlain(this.#text.charCodeAt(at))) at += 1;
    if (this.#text[at] === '"') {
      this.#at = at + 1;
      return this.#text.slice(start + 1, at);
    }
    return this.#escapedString(start, at);
  }

  #escapedString(start: number, from: number): string {
    let at = from;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === "\\" ? 2 : 1;
    this.#at = Math.min(at, this.#text.length);
    if (at >= this.#text.length) throw this.#broken("JSON string is cut off");
    this.#at = at + 1;
    try {
      return String(JSON.parse(this.#text.slice(start, at + 1)));
    } catch (cause) {
      this.#at = start;
      throw this.#broken("JSON string is broken", cause);
    }
  }

  #number(): number {
    if (this.#nonFinite) {
      NON_FINITE.lastIndex = this.#at;
      const word = NON_FINITE.exec(this.#text)?.[0];
      if (word !== undefined) return this.#word(word, Number(word));
    }
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#broken("JSON value is missing");
    this.#at = NUMBER.lastIndex;
    return Number(match[0]);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#broken("JSON value is missing");
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #accept(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#broken(`JSON lacks ${JSON.stringify(character)}`);
  }

  #broken(what: string, cause?: unknown): AjarError {
    const code = this.#at >= this.#text.length ? "TRUNCATED" : "INCONSISTENT";
    return new AjarError(code, `${what} at ${this.offset}`, { offset: this.offset, cause });
  }
}

/** Parses a whole JSON text into Maps, so that no key can reach a prototype. @throws AjarError INCONSISTENT | TRUNCATED | OVER_LIMIT */
export function parseJson(text: string, options: JsonReaderOptions = {}): JsonValue {
  const reader = new JsonReader(text.startsWith("\uFEFF") ? text.slice(1) : text, options);
  const value = reader.value();
  reader.end();
  return value;
}

/** Narrows to an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Narrows to an array. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
