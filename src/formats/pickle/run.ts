// Drives a pickle machine over a file of any size with one window of it in memory.
import type { PickleMachine } from "./machine.ts";
import { refLength, refOffset } from "./values.ts";
import type { ByteWindow } from "./window.ts";

export type PickleEnd =
  | { readonly kind: "stopped"; readonly end: number }
  /** CPython would raise at `end`. */
  | { readonly kind: "broken"; readonly end: number; readonly why: string }
  /** The file ends inside the opcode at `end`. */
  | { readonly kind: "truncated"; readonly end: number };

export interface RunHooks {
  /** Called every so many opcodes; throws to stop. */
  turn(ops: number, offset: number): void;
  /** After a pause for raw bytes: where the pickle goes on. */
  raw(offset: number): Promise<number>;
}

/** Opcodes between two looks at the clock. */
const TURN = 200_000;

/** Runs one pickle to its end. @throws AjarError from the reader, the hooks or a limit */
export async function runPickle(machine: PickleMachine, window: ByteWindow, hooks: RunHooks): Promise<PickleEnd> {
  await window.reach(machine.offset, 1);
  machine.feed(window.bytes, window.base);
  for (;;) {
    const before = machine.ops;
    const pause = machine.run(TURN);
    hooks.turn(machine.ops - before, machine.offset);
    switch (pause) {
      case "stopped":
        return { kind: "stopped", end: machine.offset };
      case "broken":
        return { kind: "broken", end: machine.offset, why: machine.trouble };
      case "more":
        if (!(await window.reach(machine.offset, machine.needed))) return { kind: "truncated", end: machine.offset };
        break;
      case "skip":
        if (!(await window.reach(machine.offset, 1))) return { kind: "truncated", end: machine.offset };
        break;
      case "text":
        machine.know(await window.read(refOffset(machine.wanted.ref), refLength(machine.wanted.ref)));
        break;
      case "raw":
        machine.jump(await hooks.raw(machine.offset));
        await window.reach(machine.offset, 1);
        break;
      case "turn":
        break;
    }
    machine.feed(window.bytes, window.base);
  }
}
