// For how long a replica may trust what it knows.

export interface Clocks {
  /** Milliseconds that never go back (CLOCK_MONOTONIC); it goes on while a process is stopped. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970. It goes on while the whole machine sleeps, which the other one may not. */
  readonly wall: () => number;
}

export const SYSTEM_CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/** Runs from the moment at which the question was sent whose answer renewed it. Cheap enough to be asked before each chunk. */
export class Lease {
  readonly #clocks: Clocks;
  readonly #ms: number;
  #monotonic = Number.NEGATIVE_INFINITY;
  #wall = Number.NEGATIVE_INFINITY;

  constructor(clocks: Clocks, ms: number) {
    this.#clocks = clocks;
    this.#ms = ms;
  }

  /** The moment to renew from. */
  now(): { readonly monotonic: number; readonly wall: number } {
    return { monotonic: this.#clocks.monotonic(), wall: this.#clocks.wall() };
  }

  renew(from: { readonly monotonic: number; readonly wall: number }): void {
    this.#monotonic = from.monotonic;
    this.#wall = from.wall;
  }

  end(): void {
    this.#monotonic = Number.NEGATIVE_INFINITY;
  }

  /** By whichever clock more time has passed; a clock that was set forward ends a lease, one that was set back prolongs none. */
  isOver(): boolean {
    return this.#clocks.monotonic() - this.#monotonic >= this.#ms || this.#clocks.wall() - this.#wall >= this.#ms;
  }
}
