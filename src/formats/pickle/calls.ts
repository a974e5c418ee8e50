// The opcodes that call something or fill a container. Each leaves the stack as CPython would and tells the watcher.
import type { PickleMachine } from "./machine.ts";
import { PickleBroken } from "./state.ts";
import { KIND } from "./values.ts";

/** REDUCE: callable and argument tuple become the result. */
export function reduce(machine: PickleMachine, offset: number): "raw" | null {
  return callAt(machine, "reduce", machine.need(2), offset);
}

/** NEWOBJ and NEWOBJ_EX: class, arguments and perhaps keywords become an object. */
export function callWithTuple(machine: PickleMachine, values: 2 | 3, offset: number): "raw" | null {
  return callAt(machine, "new", machine.need(values), offset);
}

/** The callable stands at `at`, its argument tuple above it. */
function callAt(machine: PickleMachine, op: "reduce" | "new", at: number, offset: number): "raw" | null {
  const { stack, containers } = machine;
  const calleeKind = stack.kinds[at] ?? 0;
  const calleeNumber = stack.numbers[at] ?? 0;
  const argsKind = stack.kinds[at + 1] ?? 0;
  const argsNumber = stack.numbers[at + 1] ?? 0;
  const result = containers.create(calleeKind === KIND.global ? calleeNumber : -1);
  if (argsKind === KIND.tuple) containers.share(result, argsNumber);
  stack.length = at;
  stack.push(KIND.object, result);
  return machine.watcher.called(machine, { op, calleeKind, calleeNumber, argsKind, argsNumber, result, offset }) ? "raw" : null;
}

/** OBJ: everything above the mark is a class and its arguments. INST has put the class on top instead. */
export function callWithMark(machine: PickleMachine, offset: number, isInst = false): "raw" | null {
  const { stack, containers } = machine;
  const last = stack.length - 1;
  const top = { kind: stack.kinds[last] ?? 0, number: stack.numbers[last] ?? 0 };
  if (isInst) stack.length = last;
  const at = machine.popMark();
  if (!isInst && at >= stack.length) throw new PickleBroken("no class above the mark");
  const callee = isInst ? top : { kind: stack.kinds[at] ?? 0, number: stack.numbers[at] ?? 0 };
  const args = containers.create();
  machine.fill(args, isInst ? at : at + 1, stack.length);
  const result = containers.create(callee.kind === KIND.global ? callee.number : -1);
  containers.share(result, args);
  stack.length = at;
  stack.push(KIND.object, result);
  const call = { op: "inst", calleeKind: callee.kind, calleeNumber: callee.number, argsKind: KIND.tuple, argsNumber: args } as const;
  return machine.watcher.called(machine, { ...call, result, offset }) ? "raw" : null;
}

/** BUILD: the state on top goes into the object below it. */
export function build(machine: PickleMachine, offset: number): "raw" | null {
  const { stack, containers } = machine;
  const at = machine.need(2);
  const calleeKind = stack.kinds[at] ?? 0;
  const calleeNumber = stack.numbers[at] ?? 0;
  const argsKind = stack.kinds[at + 1] ?? 0;
  const argsNumber = stack.numbers[at + 1] ?? 0;
  const result = calleeKind === KIND.object ? calleeNumber : -1;
  if (result !== -1) containers.addWeight(result, argsKind >= KIND.tuple && argsKind <= KIND.object ? containers.weightOf(argsNumber) : 1);
  const isRaw = machine.watcher.called(machine, { op: "build", calleeKind, calleeNumber, argsKind, argsNumber, result, offset });
  stack.length = at + 1;
  return isRaw ? "raw" : null;
}

/** APPEND(S), SETITEM(S) and ADDITEMS: the values from `from` on go into the container below them. */
export function put(machine: PickleMachine, kind: number, from: number, offset: number): null {
  const { stack } = machine;
  const at = from - 1;
  if (at < machine.lowest) throw new PickleBroken("nothing to put values into");
  if (kind === KIND.dict && (stack.length - from) % 2 === 1) throw new PickleBroken("a key without a value");
  const target = stack.kinds[at] ?? 0;
  const id = stack.numbers[at] ?? 0;
  if (target === kind || target === KIND.object) {
    machine.fill(id, from, stack.length);
    if (machine.isTracking) machine.watcher.filled(machine, kind, id, from, stack.length, offset);
  } else {
    machine.watcher.odd(machine, "wrong-target", offset);
  }
  stack.length = from;
  return null;
}
