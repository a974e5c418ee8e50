// Texts out of JSON of any size and depth, read as it comes: no value is built, a long string comes in pieces.
import { AjarError } from "../../core/errors.ts";
import { type Field, MAX_NAME_UNITS, PIECE_UNITS, type RowSink } from "../row.ts";

/** Paths are told to this depth; what lies deeper is read all the same. */
export const MAX_POINTER_DEPTH = 64;
/** Deeper than any data set that means well. Costs a word a level up to there. */
const MAX_DEPTH = 1_000_000;
/** Integers of fewer digits identify nobody. */
export const LEAST_DIGITS = 7;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** What makes a row. */
export type RowsOf =
  /** The whole text. */
  | "root"
  /** Each element of the array that it is; where it is an object, each element of the arrays that are its members, and the rest of it as one more. */
  | "elements";

type State = "value" | "string" | "escape" | "word" | "between";

/** Fed with pieces of text; gives rows to a sink. */
export class JsonTexts {
  readonly #sink: RowSink;
  readonly #rowsOf: RowsOf;
  /** Per open container whether it is an array, and under which key or place it lies. */
  readonly #arrays: boolean[] = [];
  readonly #keys: string[] = [];
  #state: State = "between";
  /** The next string of an object is a key. */
  #wantsKey = false;
  #isKey = false;
  #text = "";
  #word = "";
  #escape = "";
  #continues = false;
  #fields: Field[] = [];
  #held = 0;
  #header: Field[] = [];
  #index: number;
  #isDeep = false;
  #rowBytes = 0;
  /** Units read, for errors. */
  #at = 0;

  constructor(sink: RowSink, rowsOf: RowsOf, index = 0) {
    this.#sink = sink;
    this.#rowsOf = rowsOf;
    this.#index = index;
  }

  /** @throws AjarError INCONSISTENT with the place in UTF-16 units, where it is no JSON */
  push(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#state === "string") at = this.#inString(text, at);
      else if (this.#state === "escape") at = this.#inEscape(text, at);
      else if (this.#state === "word") at = this.#inWord(text, at);
      else {
        this.#structure(text, at);
        at += 1;
      }
    }
    this.#at += text.length;
    this.#rowBytes += text.length;
  }

  /** @throws AjarError TRUNCATED when a value is open; what was read of it is handed on before */
  end(): void {
    if (this.#state === "word") this.#endWord();
    const isOpen = this.#state !== "between" || this.#arrays.length > 0;
    if (this.#state === "string" && !this.#isKey) this.#piece();
    if (this.#rowsOf === "root" || this.#fields.length > 0) this.#endRow();
    if (this.#header.length > 0) {
      this.#fields = this.#header;
      this.#endRow();
    }
    if (isOpen) throw new AjarError("TRUNCATED", "the JSON ends inside a value", { offset: this.#at });
  }

  #inString(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH) break;
    }
    this.#text += text.slice(from, at);
    if (!this.#isKey && this.#text.length >= PIECE_UNITS) this.#piece();
    if (this.#isKey && this.#text.length > PIECE_UNITS) this.#text = this.#text.slice(0, MAX_NAME_UNITS);
    if (at === text.length) return at;
    if (text.charCodeAt(at) === BACKSLASH) {
      this.#state = "escape";
      this.#escape = "";
    } else this.#endString();
    return at + 1;
  }

  #inEscape(text: string, at: number): number {
    this.#escape += text[at];
    const [kind] = this.#escape;
    if (kind === "u" && this.#escape.length < 5) return at + 1;
    const code = Number.parseInt(this.#escape.slice(1), 16);
    this.#text += kind === "u" ? String.fromCharCode(Number.isNaN(code) ? 0xfffd : code) : (ESCAPES[kind ?? ""] ?? kind ?? "");
    this.#state = "string";
    return at + 1;
  }

  #inWord(text: string, from: number): number {
    let at = from;
    while (at < text.length && /[\w.+-]/u.test(text[at] ?? "")) at += 1;
    if (this.#word.length < PIECE_UNITS) this.#word += text.slice(from, at);
    if (at < text.length) this.#endWord();
    return at;
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = "";
    this.#state = "between";
    if (/^-?\d{7,40}$/u.test(word)) this.#add({ name: this.#pointer(), text: word });
    else if (!/^(?:true|false|null|NaN|-?Infinity|-?\d[\d.eE+-]*)$/u.test(word)) throw this.#wrong("a word is no value");
    this.#endValue();
  }

  #structure(text: string, at: number): void {
    const character = text[at] ?? "";
    switch (character) {
      case " ":
      case "\n":
      case "\r":
      case "\t":
        return;
      case '"':
        this.#isKey = this.#wantsKey;
        this.#text = "";
        this.#continues = false;
        this.#state = "string";
        return;
      case "{":
      case "[":
        this.#open(character === "[");
        return;
      case "}":
      case "]":
        this.#close(character === "]", at);
        return;
      case ",":
        this.#wantsKey = this.#arrays.length > 0 && this.#arrays.at(-1) === false;
        return;
      case ":":
        this.#wantsKey = false;
        return;
      default:
        if (!/[\w.+-]/u.test(character)) throw this.#wrong(`a ${JSON.stringify(character)} between values`, at);
        this.#word = character;
        this.#state = "word";
    }
  }

  #open(isArray: boolean): void {
    if (this.#arrays.length >= MAX_DEPTH) throw new AjarError("OVER_LIMIT", `nested deeper than ${MAX_DEPTH}`, { offset: this.#at });
    this.#arrays.push(isArray);
    this.#keys.push(isArray ? "*" : "");
    this.#wantsKey = !isArray;
    if (this.#arrays.length > MAX_POINTER_DEPTH && !this.#isDeep) {
      this.#isDeep = true;
      this.#sink.broken(this.#index, "too-deep");
    }
  }

  #close(isArray: boolean, at: number): void {
    if (this.#arrays.pop() !== isArray) throw this.#wrong("a bracket closes what was not opened", at);
    this.#keys.pop();
    this.#wantsKey = false;
    this.#endValue();
  }

  #endString(): void {
    this.#state = "between";
    if (this.#isKey) {
      this.#keys[this.#keys.length - 1] = this.#text.slice(0, MAX_NAME_UNITS);
      this.#wantsKey = false;
      this.#isKey = false;
      return;
    }
    this.#add(this.#continues ? { name: this.#pointer(), text: this.#text, continues: true } : { name: this.#pointer(), text: this.#text });
    this.#text = "";
    this.#endValue();
  }

  /** Hands on what is there of a string that goes on. */
  #piece(): void {
    this.#add({ name: this.#pointer(), text: this.#text, ...(this.#continues ? { continues: true } : {}) });
    this.#text = "";
    this.#continues = true;
    this.#flush();
  }

  #add(field: Field): void {
    if (this.#rowsOf === "elements" && !this.#isInElement()) {
      if (this.#header.length < 10_000) this.#header.push(field);
      return;
    }
    this.#fields.push(field);
    this.#held += field.text.length;
    if (this.#held >= PIECE_UNITS && field.continues !== true) this.#flush();
  }

  /** Whether what is read now lies in an element that is a row. */
  #isInElement(): boolean {
    return this.#arrays[0] === true || (this.#arrays[0] === false && this.#arrays[1] === true);
  }

  #endValue(): void {
    if (this.#rowsOf === "root") return;
    const depth = this.#arrays.length;
    const isElement = (depth === 1 && this.#arrays[0] === true) || (depth === 2 && this.#arrays[0] === false && this.#arrays[1] === true);
    if (isElement) this.#endRow();
  }

  #flush(): void {
    if (this.#fields.length === 0) return;
    this.#sink.row({ index: this.#index, fields: this.#fields, bytes: this.#rowBytes, more: true });
    this.#fields = [];
    this.#held = 0;
    this.#rowBytes = 0;
  }

  #endRow(): void {
    this.#sink.row({ index: this.#index, fields: this.#fields, bytes: this.#rowBytes, more: false });
    this.#fields = [];
    this.#held = 0;
    this.#rowBytes = 0;
    this.#isDeep = false;
    this.#index += 1;
  }

  #pointer(): string {
    const keys = this.#keys.slice(
      this.#rowsOf === "elements" && this.#isInElement() && this.#arrays[0] === true ? 1 : 0,
      MAX_POINTER_DEPTH,
    );
    return keys.length === 0 ? "" : `/${keys.map(pointerPart).join("/")}`;
  }

  #wrong(problem: string, within = 0): AjarError {
    return new AjarError("INCONSISTENT", `no JSON: ${problem}`, { offset: this.#at + within });
  }
}

/** RFC 6901, section 3. */
export function pointerPart(key: string): string {
  const cut = key.length > MAX_NAME_UNITS ? key.slice(0, MAX_NAME_UNITS) : key;
  return cut.includes("~") || cut.includes("/") ? cut.replaceAll("~", "~0").replaceAll("/", "~1") : cut;
}
