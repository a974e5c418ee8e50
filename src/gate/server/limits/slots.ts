// How many replies of one model are made at the same time, and who waits.

export interface SlotLimits {
  readonly concurrency: number;
  /** Requests that may wait; those beyond are told to come back. */
  readonly queue: number;
  /** Milliseconds that one may wait. */
  readonly waitMs: number;
}

interface Waiter {
  readonly admit: (admitted: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

export class Slots {
  readonly #limits: SlotLimits;
  /** In order of arrival. */
  readonly #waiting = new Set<Waiter>();
  #taken = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether there is a slot at once. Each true wants one `leave`. */
  tryEnter(): boolean {
    if (this.#taken >= this.#limits.concurrency) return false;
    this.#taken += 1;
    return true;
  }

  /** Waits in the queue: true with a slot, false when the queue is full, the wait too long, or the client gone. */
  enter(gone: AbortSignal): Promise<boolean> {
    if (this.tryEnter()) return Promise.resolve(true);
    if (this.#waiting.size >= this.#limits.queue || gone.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = (): void => waiter.admit(false);
      const waiter: Waiter = {
        timer: setTimeout(giveUp, this.#limits.waitMs),
        admit: (admitted) => {
          if (!this.#waiting.delete(waiter)) return;
          clearTimeout(waiter.timer);
          gone.removeEventListener("abort", giveUp);
          resolve(admitted);
        },
      };
      this.#waiting.add(waiter);
      gone.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** Hands the slot to whoever waits longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next.admit(true);
  }
}
