// Pickle as a stack machine that builds nothing: values are kinds and numbers (values.ts), imports and calls are told to
// a watcher. Takes a stream as CPython's C unpickler does (Modules/_pickle.c, 3.13), since what that runs is what must be
// seen; where it would raise, this says "broken", and everything before has run.
import { AjarError } from "../../core/errors.ts";
import { build, callWithMark, callWithTuple, put, reduce } from "./calls.ts";
import { LEAST_PICKLE, MAY_BE_PICKLE, type Pause, PickleInput } from "./input.ts";
import { FIXED_BYTES, IS_OPCODE, LINES, OP } from "./opcodes.ts";
import { type MachineLimits, PickleBroken } from "./state.ts";
import { decodeText } from "./text.ts";
import { isTextKind, KIND, MAX_REF_BYTES } from "./values.ts";
import type { PickleWatcher } from "./watcher.ts";

const HIGHEST_PROTOCOL = 5;
/** CPython's pickler never writes DUP. */
const MANY_DUPS = 100;
/** What Python's int(text, 0) and float(text) take, or a little more. */
const INT_LINE = /^[+-]?(?:0[xob])?[\da-f_]+L?$/iu;
const FLOAT_LINE = /^\s*[+-]?(?:inf(?:inity)?|nan|[\d._]+(?:e[+-]?\d+)?)\s*$/iu;

export class PickleMachine extends PickleInput {
  readonly watcher: PickleWatcher;
  ops = 0;
  protocol = 0;
  trouble = "";
  #frameEnd = -1;
  #dups = 0;

  constructor(watcher: PickleWatcher, limits: MachineLimits, start: number) {
    super(limits, start);
    this.watcher = watcher;
  }

  /** Executes up to `maxOps` opcodes. @throws AjarError OVER_LIMIT with the offset */
  run(maxOps: number): Pause {
    try {
      return this.#loop(this.ops + maxOps);
    } catch (error) {
      if (error instanceof AjarError && error.offset === undefined) throw new AjarError(error.code, error.message, { offset: this.offset });
      if (!(error instanceof PickleBroken)) throw error;
      this.trouble = error.message;
      return "broken";
    }
  }

  #loop(until: number): Pause {
    while (this.ops < until) {
      const pos = this.pos;
      const op = this.buffer[pos];
      if (op === undefined) return this.more(1);
      const least = 1 + (FIXED_BYTES[op] ?? 0);
      if (pos + least > this.buffer.length) return this.more(least);
      this.to = pos + least;
      const pause = LINES[op] === 0 ? this.#step(op, pos + 1) : this.#stepLine(op, pos + 1);
      if (pause === "more" || pause === "text") return pause;
      this.ops += 1;
      this.pos = this.to;
      if (this.#frameEnd !== -1 && this.base + this.to >= this.#frameEnd) this.#leaveFrame();
      if (pause !== null) return pause;
    }
    return "turn";
  }

  #leaveFrame(): void {
    // CPython's two unpicklers disagree about an opcode that a frame's end cuts in two (python/cpython#154848).
    if (this.offset > this.#frameEnd) this.watcher.odd(this, "frame-cuts-opcode", this.#frameEnd);
    this.#frameEnd = -1;
  }

  /** Opcodes whose argument has a fixed size, or states its own. `at` is the place of the argument in the window. */
  #step(op: number, at: number): Pause | null {
    const { stack } = this;
    switch (op) {
      case OP.BININT1:
        stack.push(KIND.int, this.buffer[at] ?? 0);
        return null;
      case OP.BINGET:
        return this.#get(this.buffer[at] ?? 0);
      case OP.BINPUT:
        return this.#put(this.buffer[at] ?? 0);
      case OP.MEMOIZE:
        return this.#put(this.memo.count);
      case OP.MARK:
        this.mark();
        return null;
      case OP.NONE:
      case OP.NEWTRUE:
      case OP.NEWFALSE:
      case OP.BINFLOAT:
      case OP.NEXT_BUFFER:
        stack.push(KIND.other, 0);
        return null;
      case OP.BININT:
        stack.push(KIND.int, this.buffer.readInt32LE(at));
        return null;
      case OP.BININT2:
        stack.push(KIND.int, (this.buffer[at] ?? 0) | ((this.buffer[at + 1] ?? 0) << 8));
        return null;
      case OP.TUPLE1:
        this.collect(KIND.tuple, this.need(1));
        return null;
      case OP.TUPLE2:
        this.collect(KIND.tuple, this.need(2));
        return null;
      case OP.TUPLE3:
        this.collect(KIND.tuple, this.need(3));
        return null;
      case OP.EMPTY_TUPLE:
        stack.push(KIND.tuple, this.containers.create());
        return null;
      case OP.EMPTY_LIST:
        stack.push(KIND.list, this.containers.create());
        return null;
      case OP.EMPTY_DICT:
        stack.push(KIND.dict, this.containers.create());
        return null;
      case OP.LONG_BINGET:
        return this.#get(this.buffer.readUInt32LE(at));
      case OP.LONG_BINPUT:
        return this.#put(this.buffer.readUInt32LE(at));
      case OP.SHORT_BINUNICODE:
        return this.string(KIND.text, at + 1, this.buffer[at] ?? 0);
      case OP.BINUNICODE:
        return this.string(KIND.text, at + 4, this.buffer.readUInt32LE(at));
      case OP.SHORT_BINBYTES:
        return this.string(KIND.bytes, at + 1, this.buffer[at] ?? 0);
      case OP.BINBYTES:
        return this.string(KIND.bytes, at + 4, this.buffer.readUInt32LE(at));
      case OP.SHORT_BINSTRING:
        return this.string(KIND.text, at + 1, this.buffer[at] ?? 0);
      case OP.BINSTRING:
        return this.string(KIND.text, at + 4, this.buffer.readInt32LE(at));
      case OP.BINUNICODE8:
        return this.string(KIND.text, at + 8, this.u64(at));
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        return this.string(KIND.bytes, at + 8, this.u64(at));
      case OP.LONG1:
        return this.long(at + 1, this.buffer[at] ?? 0);
      case OP.LONG4:
        return this.long(at + 4, this.buffer.readInt32LE(at));
      case OP.REDUCE:
        return reduce(this, this.offset);
      default:
        return this.#stepRare(op, at);
    }
  }

  #stepRare(op: number, at: number): Pause | null {
    switch (op) {
      case OP.APPEND:
        return put(this, KIND.list, this.need(1), this.offset);
      case OP.APPENDS:
        return put(this, KIND.list, this.popMark(), this.offset);
      case OP.SETITEM:
        return put(this, KIND.dict, this.need(2), this.offset);
      case OP.SETITEMS:
        return put(this, KIND.dict, this.popMark(), this.offset);
      case OP.ADDITEMS:
        return put(this, KIND.set, this.popMark(), this.offset);
      case OP.TUPLE:
        this.collect(KIND.tuple, this.popMark());
        return null;
      case OP.LIST:
        this.collect(KIND.list, this.popMark());
        return null;
      case OP.DICT:
        this.collect(KIND.dict, this.popMark());
        return null;
      case OP.FROZENSET:
        this.collect(KIND.set, this.popMark());
        return null;
      case OP.EMPTY_SET:
        this.stack.push(KIND.set, this.containers.create());
        return null;
      case OP.NEWOBJ:
        return callWithTuple(this, 2, this.offset);
      case OP.NEWOBJ_EX:
        return callWithTuple(this, 3, this.offset);
      case OP.OBJ:
        return callWithMark(this, this.offset);
      case OP.BUILD:
        return build(this, this.offset);
      case OP.STACK_GLOBAL:
        return this.#stackGlobal();
      case OP.BINPERSID:
        return this.#persistent(this.need(1));
      case OP.EXT1:
      case OP.EXT2:
      case OP.EXT4:
        this.watcher.odd(this, "extension", this.offset);
        this.stack.push(KIND.extension, 0);
        return null;
      default:
        return this.#stepControl(op, at);
    }
  }

  #stepControl(op: number, at: number): Pause | null {
    switch (op) {
      case OP.STOP:
        this.need(1);
        return "stopped";
      case OP.PROTO:
        return this.#proto(this.buffer[at] ?? 0);
      case OP.FRAME:
        if (this.#frameEnd !== -1) this.watcher.odd(this, "frame-in-frame", this.offset);
        this.#frameEnd = this.base + this.to + this.u64(at);
        return null;
      case OP.POP:
        this.pop();
        return null;
      case OP.POP_MARK:
        this.stack.length = this.popMark();
        return null;
      case OP.DUP:
        this.duplicate();
        this.#dups += 1;
        if (this.#dups === MANY_DUPS) this.watcher.odd(this, "many-dup", this.offset);
        return null;
      case OP.READONLY_BUFFER:
        this.need(1);
        return null;
      default:
        throw new PickleBroken(IS_OPCODE[op] === 1 ? "an opcode is out of place" : `byte 0x${op.toString(16)} is no opcode`);
    }
  }

  #proto(version: number): null {
    if (version > HIGHEST_PROTOCOL) throw new PickleBroken(`protocol ${version} is not known`);
    if (this.offset !== this.start) this.watcher.odd(this, this.protocol > 0 ? "second-proto" : "late-proto", this.offset);
    this.protocol = version;
    return null;
  }

  #get(key: number): null {
    if (!this.recall(key)) this.watcher.odd(this, "unset-memo", this.offset);
    return null;
  }

  #put(key: number): null {
    if (this.remember(key) === KIND.global) this.watcher.odd(this, "memo-over-import", this.offset);
    return null;
  }

  /** Opcodes followed by one line or two. */
  #stepLine(op: number, at: number): Pause | null {
    const end = this.lineEnd(at);
    if (end === -1) return "more";
    this.to = end + 1;
    switch (op) {
      case OP.GLOBAL:
      case OP.INST:
        return this.#lineGlobal(op, at, end);
      case OP.GET:
        return this.#get(lineNumber(this.line(at, end)));
      case OP.PUT:
        return this.#put(lineNumber(this.line(at, end)));
      case OP.STRING:
        return this.#lineString(KIND.quoted, at, end);
      case OP.UNICODE:
        return this.#lineString(KIND.escaped, at, end);
      case OP.PERSID:
        this.#lineString(KIND.text, at, end);
        return this.#persistent(this.need(1));
      case OP.FLOAT:
        if (!FLOAT_LINE.test(this.line(at, end))) throw new PickleBroken("a number is no number");
        this.stack.push(KIND.other, 0);
        return null;
      default:
        return this.#lineInt(at, end);
    }
  }

  #lineString(kind: number, from: number, to: number): null {
    const length = to - from;
    const offset = this.base + from;
    if (kind === KIND.quoted && !this.isQuoted(from, to)) throw new PickleBroken("a text is not quoted");
    // A quote stands before the text of an S line.
    const first = this.buffer[kind === KIND.quoted ? from + 1 : from] ?? 0;
    if (length >= LEAST_PICKLE && (MAY_BE_PICKLE[first] === 1 || first === 0x5c)) this.watcher.data(this, true, offset, length);
    this.pushString(kind, offset, length);
    return null;
  }

  protected override shown(isText: boolean, offset: number, length: number): void {
    this.watcher.data(this, isText, offset, length);
  }

  protected override collected(kind: number, id: number, from: number): void {
    this.watcher.filled(this, kind, id, from, this.stack.length, this.offset);
  }

  #lineInt(from: number, to: number): null {
    const text = this.line(from, to).trim();
    if (!INT_LINE.test(text)) throw new PickleBroken("a number is no number");
    const isPlain = /^[+-]?\d{1,15}L?$/u.test(text) && text !== "00" && text !== "01";
    this.stack.push(isPlain ? KIND.int : KIND.other, isPlain ? Number.parseInt(text, 10) : 0);
    return null;
  }

  #lineGlobal(op: number, at: number, end: number): Pause | null {
    const nameEnd = this.lineEnd(end + 1);
    if (nameEnd === -1) return "more";
    this.to = nameEnd + 1;
    const module = decodeText(KIND.text, this.buffer.subarray(at, Math.min(end, at + MAX_REF_BYTES)));
    const name = decodeText(KIND.text, this.buffer.subarray(end + 1, Math.min(nameEnd, end + 1 + MAX_REF_BYTES)));
    this.#import(module, name);
    return op === OP.INST ? callWithMark(this, this.offset, true) : null;
  }

  #import(module: string, name: string): void {
    const index = this.globals.intern(module, name, this.protocol < 3, this.offset);
    this.stack.push(KIND.global, index);
    this.watcher.imported(this, index, this.offset);
  }

  #stackGlobal(): Pause | null {
    const { kinds, numbers } = this.stack;
    const at = this.need(2);
    const names: string[] = [];
    for (const place of [at, at + 1]) {
      const kind = kinds[place] ?? 0;
      const ref = numbers[place] ?? 0;
      const text = isTextKind(kind) ? this.text(kind, ref) : "";
      if (text === undefined) {
        this.wanted = { kind, ref };
        return "text";
      }
      if (isTextKind(kind)) names.push(text);
    }
    this.stack.length = at;
    const [module, name] = names;
    if (module === undefined || name === undefined) {
      this.watcher.odd(this, "computed-name", this.offset);
      this.stack.push(KIND.unset, 0);
      return null;
    }
    this.#import(module, name);
    return null;
  }

  #persistent(at: number): null {
    const { kinds, numbers } = this.stack;
    this.persistents.push(kinds[at] ?? 0, numbers[at] ?? 0);
    const index = this.persistents.length - 1;
    this.stack.length = at;
    this.stack.push(KIND.persistent, index);
    this.watcher.persistent(this, index, this.offset);
    return null;
  }
}

/** The key of a GET or PUT line; CPython takes any whole number. */
function lineNumber(text: string): number {
  const key = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(key) || key < 0) throw new PickleBroken("a memo key is no number");
  return key;
}
