// Writes pickles opcode by opcode, honest ones and ones that lie. Nothing here is ever loaded.
import { OP } from "../../src/formats/pickle/opcodes.ts";

type Piece = Uint8Array | string | number;

/** Joins opcodes (numbers), text and bytes. */
export function join(...pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === "number" ? Buffer.from([piece]) : Buffer.from(piece as string))));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export const proto = (version: number): Buffer => join(OP.PROTO, version);
export const frame = (length: number): Buffer => join(OP.FRAME, u64(length));
export const stop: Buffer = join(OP.STOP);

/** `c` and two lines. */
export const global = (module: string, name: string): Buffer => join(OP.GLOBAL, `${module}\n${name}\n`);
/** Two texts and STACK_GLOBAL. */
export const stackGlobal = (module: string, name: string): Buffer => join(text(module), text(name), OP.STACK_GLOBAL);
export const text = (value: string): Buffer => join(OP.BINUNICODE, u32(Buffer.byteLength(value)), value);
export const bytes = (value: Uint8Array): Buffer => join(OP.BINBYTES, u32(value.length), value);
export const int = (value: number): Buffer => join(OP.BININT, u32(value));
export const put = (key: number): Buffer => join(OP.LONG_BINPUT, u32(key));
export const get = (key: number): Buffer => join(OP.LONG_BINGET, u32(key));
export const tuple = (...items: readonly Uint8Array[]): Buffer => join(OP.MARK, ...items, OP.TUPLE);
export const list = (...items: readonly Uint8Array[]): Buffer => join(OP.EMPTY_LIST, OP.MARK, ...items, OP.APPENDS);
export const dict = (...pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Buffer =>
  join(OP.EMPTY_DICT, OP.MARK, ...pairs.flat(), OP.SETITEMS);
export const call = (callee: Uint8Array, ...args: readonly Uint8Array[]): Buffer => join(callee, tuple(...args), OP.REDUCE);
export const none: Buffer = join(OP.NONE);
export const no: Buffer = join(OP.NEWFALSE);

/** What torch.save writes for a storage: a persistent id. */
export function storage(type: string, key: string, elements: number): Buffer {
  return join(tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(elements)), OP.BINPERSID);
}

/** What torch.save writes for a tensor. */
export function tensor(stored: Uint8Array, offset: number, shape: readonly number[], strides: readonly number[]): Buffer {
  const ordered = call(global("collections", "OrderedDict"));
  return call(
    global("torch._utils", "_rebuild_tensor_v2"),
    stored,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    no,
    ordered,
  );
}

/** A whole pickle of protocol 2. */
export const pickle = (...body: readonly Piece[]): Buffer => join(proto(2), ...body, stop);
