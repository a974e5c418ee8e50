// A stream is never further ahead than its reader allows.
import { WINDOW } from "./messages.ts";

/** How many more chunks may be sent before the gate has taken some. */
export class Window {
  readonly #signal: AbortSignal;
  #left = WINDOW;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
  }

  give(chunks: number): void {
    this.#left += chunks;
    this.#wake();
  }

  /** @throws the signal's reason */
  async take(): Promise<void> {
    this.#signal.throwIfAborted();
    while (this.#left <= 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#signal.throwIfAborted();
    }
    this.#left -= 1;
  }
}
