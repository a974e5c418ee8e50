// Calls whose replies are being made.
import type { ServedModel, ShutCode } from "../contract.ts";

/** A call whose reply is being made. */
export interface RunningCall {
  readonly model: ServedModel;
  /** Where it stands among those that run, -1 while it does not; kept by `RunningCalls` alone. */
  place: number;
  /** Ends it at once; nothing of what is held leaves. */
  cut(code: ShutCode | "draining", message: string): void;
  /** Called about once a second. */
  tick(now: number): void;
}

/**
 * A list and no Set: a Set that calls come into and leave all the time is laid out anew every few dozen calls, and V8 lets each old layout hold
 * the next one and the calls that were in it, so that they outlive many collections.
 */
export class RunningCalls {
  readonly #calls: RunningCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(call: RunningCall): void {
    call.place = this.#calls.length;
    this.#calls.push(call);
  }

  /** One that does not run is passed over. */
  delete(call: RunningCall): void {
    const { place } = call;
    const last = this.#calls.at(-1);
    if (place === -1 || last === undefined) return;
    this.#calls.pop();
    if (last !== call) {
      this.#calls[place] = last;
      last.place = place;
    }
    call.place = -1;
  }

  /** Those that run now; calls may end while they are gone through. */
  all(): readonly RunningCall[] {
    return [...this.#calls];
  }
}
