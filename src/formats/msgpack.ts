// MessagePack as flax writes checkpoints (flax/serialization.py; msgpack specification): a tree of maps whose leaves are arrays.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { RangeCursor } from "./range-cursor.ts";
import { elementsOf } from "./tensor.ts";

interface MsgpackArray {
  /** Keys from the root, joined by slashes. */
  readonly name: string;
  /** As NumPy names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly start: number;
  readonly end: number;
}

/** A leaf of bytes, or one of an extension that flax does not write. */
interface MsgpackLeaf {
  readonly name: string;
  /** Extension type; null for plain bytes. */
  readonly type: number | null;
  readonly start: number;
  readonly end: number;
}

export interface MsgpackTree {
  readonly arrays: readonly MsgpackArray[];
  readonly parameters: number;
  readonly leaves: readonly MsgpackLeaf[];
  /** Bytes behind the tree. */
  readonly trailing: { readonly start: number; readonly end: number } | null;
}

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_PIECE = 1024 * 1024;
/** Keys of a tree; a name is kept of each array. */
const MAX_NAME_BYTES = 64 * 1024;
const MAX_DEPTH = 64;
const MAX_VALUES = 5_000_000;
const MAX_ARRAYS = 200_000;
const MAX_LEAVES = 10_000;
const MAX_DIMENSIONS = 64;
const MAX_PATH = 1000;
/** Characters of all names that are kept. */
const MAX_NAMES = 32 * 1024 * 1024;
/** Extension types of flax: ndarray, complex, NumPy scalar. */
const NDARRAY = 1;
const COMPLEX = 2;
const SCALAR = 3;

/** What the first byte of a value says. */
interface Head {
  readonly kind: "map" | "array" | "text" | "bytes" | "ext" | "number";
  /** Entries, bytes of content, or bytes of a number. */
  readonly length: number;
  /** Of an extension. */
  readonly type: number;
}

/** @throws AjarError NOT_THIS_FORMAT | TRUNCATED | OVER_LIMIT | INCONSISTENT with the offset */
export async function readMsgpack(reader: ByteReader): Promise<MsgpackTree> {
  const walk = new Walk(reader);
  await walk.root();
  const { arrays, leaves, end } = walk;
  const trailing = end < reader.sizeBytes ? { start: end, end: reader.sizeBytes } : null;
  return { arrays, leaves, trailing, parameters: arrays.reduce((sum, { elements }) => sum + elements, 0) };
}

class Walk {
  readonly arrays: MsgpackArray[] = [];
  readonly leaves: MsgpackLeaf[] = [];
  readonly #cursor: RangeCursor;
  #values = 0;
  #names = 0;

  constructor(reader: ByteReader) {
    this.#cursor = new RangeCursor(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_PIECE });
    this.#cursor.setLittleEndian(false);
  }

  get end(): number {
    return this.#cursor.offset;
  }

  async root(): Promise<void> {
    const head = await this.#head();
    if (head.kind !== "map") throw new AjarError("NOT_THIS_FORMAT", "MessagePack file is no map", { offset: 0 });
    await this.#map(head.length, "", 0);
  }

  async #value(name: string, depth: number): Promise<void> {
    const at = this.#cursor.offset;
    if (depth > MAX_DEPTH) throw new AjarError("OVER_LIMIT", `MessagePack nested deeper than ${MAX_DEPTH}`, { offset: at });
    const head = await this.#head();
    switch (head.kind) {
      case "map":
        return await this.#map(head.length, name, depth);
      case "array":
        for (let index = 0; index < head.length; index += 1) await this.#value(join(name, String(index)), depth + 1);
        return;
      case "ext":
        return await this.#extension(head, name);
      case "bytes":
        this.#leaf(name, null, head.length);
        break;
      default:
        break;
    }
    this.#cursor.skip(head.length);
  }

  async #map(entries: number, name: string, depth: number): Promise<void> {
    for (let index = 0; index < entries; index += 1) {
      const key = await this.#key();
      await this.#value(join(name, key), depth + 1);
    }
  }

  async #key(): Promise<string> {
    const at = this.#cursor.offset;
    const head = await this.#head();
    if (head.kind !== "text" || head.length > MAX_NAME_BYTES) {
      throw new AjarError("INCONSISTENT", `MessagePack key at ${at} is no short text`, { offset: at });
    }
    await this.#cursor.need(head.length);
    return new TextDecoder().decode(this.#cursor.here.take(head.length));
  }

  #leaf(name: string, type: number | null, length: number): void {
    const start = this.#cursor.offset;
    if (this.leaves.length < MAX_LEAVES) this.leaves.push({ name, type, start, end: start + length });
  }

  async #extension({ type, length }: Head, name: string): Promise<void> {
    this.#cursor.checkLeft(length);
    const end = this.#cursor.offset + length;
    if (type === NDARRAY || type === SCALAR) await this.#array(name, end);
    else if (type !== COMPLEX) this.#leaf(name, type, length);
    const left = end - this.#cursor.offset;
    if (left < 0) throw new AjarError("INCONSISTENT", `MessagePack array ${name.slice(0, 100)} passes its end`, { offset: end });
    this.#cursor.skip(left);
  }

  /** (shape, name of the type, bytes), itself MessagePack (_ndarray_to_bytes). */
  async #array(name: string, end: number): Promise<void> {
    const at = this.#cursor.offset;
    const parts = await this.#head();
    const shape = parts.kind === "array" && parts.length === 3 ? await this.#shape() : null;
    const type = await this.#head();
    if (shape === null || type.kind !== "text" || type.length > 100) throw this.#broken(name, at);
    await this.#cursor.need(type.length);
    const dtype = new TextDecoder().decode(this.#cursor.here.take(type.length));
    const data = await this.#head();
    const start = this.#cursor.offset;
    if (data.kind !== "bytes" || start + data.length > end) throw this.#broken(name, at);
    this.#names += name.length;
    if (this.arrays.length >= MAX_ARRAYS || this.#names > MAX_NAMES)
      throw new AjarError("OVER_LIMIT", `more than ${MAX_ARRAYS} arrays, or names over the limit`, { offset: at });
    this.arrays.push({ name, dtype, shape, elements: elementsOf(shape, at), start, end: start + data.length });
    this.#cursor.skip(data.length);
  }

  async #shape(): Promise<readonly number[] | null> {
    const head = await this.#head();
    if (head.kind !== "array" || head.length > MAX_DIMENSIONS) return null;
    const shape: number[] = [];
    for (let index = 0; index < head.length; index += 1) shape.push(await this.#count());
    return shape;
  }

  /** A whole number that is none below zero. */
  async #count(): Promise<number> {
    await this.#cursor.need(1);
    const at = this.#cursor.offset;
    const code = this.#cursor.here.u8();
    if (code < 0x80) return code;
    const bytes = { 204: 1, 205: 2, 206: 4, 207: 8 }[code];
    if (bytes === undefined) throw new AjarError("INCONSISTENT", `MessagePack at ${at} holds no count`, { offset: at });
    await this.#cursor.need(bytes);
    const cursor = this.#cursor.here;
    return bytes === 1 ? cursor.u8() : bytes === 2 ? cursor.u16() : bytes === 4 ? cursor.u32() : cursor.u64();
  }

  #broken(name: string, offset: number): AjarError {
    return new AjarError("INCONSISTENT", `MessagePack array ${name.slice(0, 100)} is broken`, { offset });
  }

  async #head(): Promise<Head> {
    this.#values += 1;
    const at = this.#cursor.offset;
    if (this.#values > MAX_VALUES) throw new AjarError("OVER_LIMIT", `more than ${MAX_VALUES} values`, { offset: at });
    await this.#cursor.need(1);
    const code = this.#cursor.here.u8();
    const short = shortHead(code);
    if (short !== null) return short;
    const rule = LONG[code];
    if (rule === undefined) throw new AjarError("INCONSISTENT", `MessagePack has no type ${code}`, { offset: at });
    const { kind, lengthBytes, fixed } = rule;
    await this.#cursor.need(lengthBytes + (kind === "ext" ? 1 : 0));
    const cursor = this.#cursor.here;
    const length = lengthBytes === 0 ? fixed : lengthBytes === 1 ? cursor.u8() : lengthBytes === 2 ? cursor.u16() : cursor.u32();
    const type = kind === "ext" ? cursor.i8() : 0;
    // Entries take a byte at least, keys and values each.
    this.#cursor.checkLeft(kind === "map" ? length * 2 : length);
    return { kind, length, type };
  }
}

function join(name: string, key: string): string {
  return (name === "" ? key : `${name}/${key}`).slice(0, MAX_PATH);
}

function shortHead(code: number): Head | null {
  if (code < 0x80 || code >= 0xe0) return { kind: "number", length: 0, type: 0 };
  if (code < 0x90) return { kind: "map", length: code & 15, type: 0 };
  if (code < 0xa0) return { kind: "array", length: code & 15, type: 0 };
  return code < 0xc0 ? { kind: "text", length: code & 31, type: 0 } : null;
}

interface LongRule {
  readonly kind: Head["kind"];
  readonly lengthBytes: 0 | 1 | 2 | 4;
  readonly fixed: number;
}

function long(kind: Head["kind"], lengthBytes: LongRule["lengthBytes"], fixed = 0): LongRule {
  return { kind, lengthBytes, fixed };
}

const LONG: Readonly<Record<number, LongRule>> = {
  192: long("number", 0),
  194: long("number", 0),
  195: long("number", 0),
  196: long("bytes", 1),
  197: long("bytes", 2),
  198: long("bytes", 4),
  199: long("ext", 1),
  200: long("ext", 2),
  201: long("ext", 4),
  202: long("number", 0, 4),
  203: long("number", 0, 8),
  204: long("number", 0, 1),
  205: long("number", 0, 2),
  206: long("number", 0, 4),
  207: long("number", 0, 8),
  208: long("number", 0, 1),
  209: long("number", 0, 2),
  210: long("number", 0, 4),
  211: long("number", 0, 8),
  212: long("ext", 0, 1),
  213: long("ext", 0, 2),
  214: long("ext", 0, 4),
  215: long("ext", 0, 8),
  216: long("ext", 0, 16),
  217: long("text", 1),
  218: long("text", 2),
  219: long("text", 4),
  220: long("array", 2),
  221: long("array", 4),
  222: long("map", 2),
  223: long("map", 4),
};

const KEY = /^[\w.\-/ :]{1,200}$/u;

/** A map whose first key is a plain name, and behind it another map or an array of flax. */
export function looksLikeFlax(head: Uint8Array): boolean {
  const [first = 0] = head;
  const at = first > 0x80 && first < 0x90 ? 1 : ({ 222: 3, 223: 5 }[first] ?? 0);
  const key = keyAt(head, at);
  if (at === 0 || key === null || !KEY.test(key.text)) return false;
  const value = head[key.end] ?? 0;
  return (value >= 0x80 && value < 0x90) || [0xde, 0xdf, 0xc7, 0xc8, 0xc9].includes(value);
}

function keyAt(head: Uint8Array, at: number): { readonly text: string; readonly end: number } | null {
  const code = head[at] ?? 0;
  const start = at + (code === 0xd9 ? 2 : 1);
  const length = code === 0xd9 ? (head[at + 1] ?? 0) : code >= 0xa0 && code < 0xc0 ? code & 31 : 0;
  return length === 0 ? null : { text: new TextDecoder().decode(head.subarray(start, start + length)), end: start + length };
}
