// A model answers so many at once; a few more wait in line; the rest are told at once that it is busy.
import { BadRequest } from "./bad-request.ts";

interface Waiting<T> {
  readonly take: (slot: T) => void;
}

export class Slots<T> {
  readonly #free: T[];
  readonly #waiting = new Set<Waiting<T>>();
  readonly #maxWaiting: number;

  constructor(slots: readonly T[], maxWaiting: number) {
    this.#free = [...slots];
    this.#maxWaiting = maxWaiting;
  }

  /** First come, first served. @throws BadRequest `engine_busy` (429) when the line is full; the signal's reason when aborted in line */
  acquire(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const slot = this.#free.pop();
    if (slot !== undefined) return Promise.resolve(slot);
    if (this.#waiting.size >= this.#maxWaiting) {
      throw new BadRequest("engine_busy", "too many requests wait for this model", null, 429);
    }
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting<T> = {
        take: (given) => {
          signal.removeEventListener("abort", leave);
          resolve(given);
        },
      };
      const leave = (): void => {
        this.#waiting.delete(waiting);
        reject(signal.reason as Error);
      };
      this.#waiting.add(waiting);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  release(slot: T): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free.push(slot);
      return;
    }
    this.#waiting.delete(next);
    next.take(slot);
  }
}
