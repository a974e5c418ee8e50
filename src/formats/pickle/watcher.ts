import type { PickleMachine } from "./machine.ts";

/** What a call was made on and with. Kinds and numbers as in values.ts. */
export interface PickleCall {
  readonly op: "reduce" | "new" | "inst" | "build";
  readonly calleeKind: number;
  readonly calleeNumber: number;
  /** The tuple of arguments, or the state of a build. */
  readonly argsKind: number;
  readonly argsNumber: number;
  /** Container that stands for the result; for a build, the object itself. */
  readonly result: number;
  /** Place of the opcode in the file. */
  readonly offset: number;
}

/** Told what a pickle would do, in order. Nothing is done. */
export interface PickleWatcher {
  /** An import, each time one is reached. `index` counts in `machine.globals`. */
  imported(machine: PickleMachine, index: number, offset: number): void;
  /** A call. True pauses the machine: raw bytes that are no pickle follow (joblib). */
  called(machine: PickleMachine, call: PickleCall): boolean;
  /** A persistent id was turned into an object. */
  persistent(machine: PickleMachine, index: number, offset: number): void;
  /** Values were put into a container; they are `machine.stack` from `from` to `to`, for dicts in pairs. */
  filled(machine: PickleMachine, kind: number, id: number, from: number, to: number, offset: number): void;
  /** A string whose first byte could begin an encoded pickle; at least its first 64 bytes are in the window. */
  data(machine: PickleMachine, isText: boolean, offset: number, length: number): void;
  /** Something that no pickler writes: `what` names it. */
  odd(machine: PickleMachine, what: PickleOddity, offset: number): void;
}

export type PickleOddity =
  /** STACK_GLOBAL on something that is no text. */
  | "computed-name"
  | "extension"
  | "second-proto"
  | "late-proto"
  | "frame-cuts-opcode"
  | "frame-in-frame"
  | "unset-memo"
  | "memo-over-import"
  /** Items put into what is no list, dict, set or object. */
  | "wrong-target"
  | "many-dup";
