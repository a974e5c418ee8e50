// Is this the start of a pickle? Asked of bytes in memory, by running them until they end or break.
import { AjarError } from "../../core/errors.ts";
import type { Pause } from "../../formats/pickle/input.ts";
import { PickleMachine } from "../../formats/pickle/machine.ts";
import { FIXED_BYTES, IS_OPCODE, LINES, OP } from "../../formats/pickle/opcodes.ts";
import type { PickleWatcher } from "../../formats/pickle/watcher.ts";

const LIMITS = { maxStack: 100_000, maxMemo: 100_000, ring: 64, maxLine: 64 * 1024 };
const PROBE_OPS = 5_000;
const PROTO = 0x80;
const HIGHEST_PROTOCOL = 5;
/** Python names, dots allowed; anything else between newlines is prose. */
const NAME = /^[\p{L}_][\p{L}\p{N}_.]{0,250}$/u;

class Probe implements PickleWatcher {
  names = 0;
  calls = 0;
  /** An import whose name no Python module could have: this is text, not a pickle. */
  isProse = false;

  imported(machine: PickleMachine, index: number): void {
    const { module = "", name = "" } = machine.globals.list[index] ?? {};
    if (NAME.test(module) && NAME.test(name)) this.names += 1;
    else this.isProse = true;
  }

  called(): boolean {
    this.calls += 1;
    return false;
  }

  persistent(): void {}
  filled(): void {}
  data(): void {}
  odd(): void {}
}

export interface ProbeResult {
  readonly pause: Pause;
  readonly ops: number;
  /** Imports with names that Python could have. */
  readonly names: number;
  readonly calls: number;
  readonly isProse: boolean;
  /** Place behind the last opcode executed. */
  readonly end: number;
}

/** Runs bytes for a while. */
export function probe(bytes: Uint8Array): ProbeResult {
  const watcher = new Probe();
  const machine = new PickleMachine(watcher, LIMITS, 0);
  machine.feed(bytes, 0);
  const pause = run(machine);
  return { pause, ops: machine.ops, names: watcher.names, calls: watcher.calls, isProse: watcher.isProse, end: machine.offset };
}

function run(machine: PickleMachine): Pause {
  try {
    return machine.run(PROBE_OPS);
  } catch (error) {
    // A limit of the probe: whatever it is, it went on for long.
    if (error instanceof AjarError && error.code === "OVER_LIMIT") return "turn";
    throw error;
  }
}

/** Opcodes whose fixed argument, one byte or four, says how many bytes of data follow. */
const COUNTED: ReadonlySet<number> = new Set<number>([
  ...[OP.SHORT_BINBYTES, OP.SHORT_BINSTRING, OP.SHORT_BINUNICODE, OP.BINBYTES, OP.BINSTRING, OP.BINUNICODE],
]);
/** Opcodes that end a run, import, or go on in another way: these are left to the machine. */
const OPEN: ReadonlySet<number> = new Set<number>([
  ...[OP.STOP, OP.LONG1, OP.LONG4, OP.BINUNICODE8, OP.BINBYTES8, OP.BYTEARRAY8],
  ...[OP.FRAME, OP.STACK_GLOBAL, OP.EXT1, OP.EXT2, OP.EXT4, OP.PROTO],
]);
const LINE_END = 0x0a;
/** Fewer than a cut pickle must have run. */
const AT_ONCE = 7;

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/**
 * Whether behind a few opcodes that neither import nor stop there stands a byte that is none, or an opcode whose line never ends:
 * the machine would get no further. Asked of every file, and told without setting up a machine.
 */
export function getsNowhere(bytes: Uint8Array): boolean {
  let at = 0;
  for (let ops = 0; ops < AT_ONCE && at < bytes.length; ops += 1) {
    const op = bytes[at] ?? 0;
    if (IS_OPCODE[op] !== 1) return true;
    if (LINES[op] !== 0) return bytes.indexOf(LINE_END, at + 1) === -1;
    if (OPEN.has(op)) return false;
    const fixed = FIXED_BYTES[op] ?? 0;
    at += 1 + fixed + (COUNTED.has(op) ? littleEndian(bytes, at + 1, fixed) : 0);
  }
  return false;
}

/**
 * Whether bytes begin a pickle. Behind a PROTO opcode little is asked: the next opcode must be one. Without it, protocols 0
 * and 1, the bytes must run to a STOP after something was made, or reach an import with a name and go on.
 * `isCut`: the bytes are the start of more.
 */
export function looksLikePickle(bytes: Uint8Array, isCut: boolean): boolean {
  const [first = 0, version = 255, next] = bytes;
  if (IS_OPCODE[first] !== 1) return false;
  if (first === PROTO) return version <= HIGHEST_PROTOCOL && next !== undefined && IS_OPCODE[next] === 1;
  if (getsNowhere(bytes)) return false;
  const { pause, ops, names, calls, isProse } = probe(bytes);
  if (isProse) return false;
  if (pause === "stopped") return ops >= 3 || (ops === 2 && names > 0);
  if (pause === "broken") return names > 0 && calls > 0;
  return (names > 0 && ops > 1) || (isCut && ops >= 8);
}
