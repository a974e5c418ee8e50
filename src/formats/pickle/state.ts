import { Containers } from "./containers.ts";
import { GlobalTable } from "./globals.ts";
import { Memo } from "./memo.ts";
import { ValueArray } from "./stack.ts";
import { isContainerKind } from "./values.ts";

export interface MachineLimits {
  readonly maxStack: number;
  readonly maxMemo: number;
  /** Containers whose items are remembered, a power of two; at least 1,024 to see the tensors of torch. */
  readonly ring: number;
  /** Longest line of a text opcode, in bytes. */
  readonly maxLine: number;
}

/** CPython would raise here: what came before has run, what follows does not. */
export class PickleBroken extends Error {}

const MAX_PERSISTENTS = 2_000_000;

/** Stack, marks and memo of an unpickler, as CPython's has them. */
export abstract class PickleState {
  readonly stack: ValueArray;
  readonly memo: Memo;
  readonly containers: Containers;
  readonly globals = new GlobalTable();
  /** What stood for each persistent id, by index. */
  readonly persistents = new ValueArray("list of persistent ids", MAX_PERSISTENTS);
  /** Set by a watcher that wants to be told what is put into containers. */
  isTracking = false;
  readonly #marks: number[] = [];
  /** Values below this belong to what a mark closed off. */
  #fence = 0;

  constructor(limits: MachineLimits) {
    this.containers = new Containers(limits.ring);
    this.stack = new ValueArray("stack", limits.maxStack);
    this.memo = new Memo(limits.maxMemo);
  }

  /** Values below this place are out of reach. */
  get lowest(): number {
    return this.#fence;
  }

  mark(): void {
    this.#marks.push(this.stack.length);
    this.#fence = this.stack.length;
  }

  /** Place of the first value above the latest mark, which is taken away. @throws PickleBroken */
  popMark(): number {
    const at = this.#marks.pop();
    if (at === undefined) throw new PickleBroken("no mark on the stack");
    this.#fence = this.#marks[this.#marks.length - 1] ?? 0;
    return at;
  }

  /** Place of the topmost of `count` values that must be there. @throws PickleBroken */
  need(count: number): number {
    const at = this.stack.length - count;
    if (at < this.#fence) throw new PickleBroken("the stack is empty");
    return at;
  }

  pop(): void {
    // CPython takes away a mark that stands on top.
    if (this.#marks.length > 0 && this.#fence === this.stack.length) this.popMark();
    else this.stack.length = this.need(1);
  }

  duplicate(): void {
    const at = this.need(1);
    this.stack.push(this.stack.kinds[at] ?? 0, this.stack.numbers[at] ?? 0);
  }

  /** Puts the top value into the memo; gives the kind of another value that stood there before, else `unset`. @throws PickleBroken, AjarError OVER_LIMIT */
  remember(key: number): number {
    const at = this.need(1);
    return this.memo.set(key, this.stack.kinds[at] ?? 0, this.stack.numbers[at] ?? 0);
  }

  /** Pushes what the memo has under a key; false when it was never set. */
  recall(key: number): boolean {
    const isSet = this.memo.find(key);
    this.stack.push(this.memo.kind, this.memo.number);
    return isSet;
  }

  /** Replaces the values from `from` on by a new container that holds them. */
  collect(kind: number, from: number): void {
    const { stack, containers } = this;
    const id = containers.create();
    this.fill(id, from, stack.length);
    if (this.isTracking) this.collected(kind, id, from);
    stack.length = from;
    stack.push(kind, id);
  }

  /** The values from `from` on were put into a new container and are still on the stack. */
  protected abstract collected(kind: number, id: number, from: number): void;

  /** Adds values of the stack to a container. */
  fill(id: number, from: number, to: number): void {
    const { kinds, numbers } = this.stack;
    let weight = 0;
    for (let at = from; at < to; at += 1) {
      weight += isContainerKind(kinds[at] ?? 0) ? this.containers.weightOf(numbers[at] ?? 0) : 1;
    }
    this.containers.addWeight(id, weight);
    this.containers.keep(id, kinds, numbers, from, to);
  }
}
