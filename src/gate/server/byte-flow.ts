// An engine's bytes, whichever way it gives them.
import type { ByteFlow, ByteSink } from "../contract.ts";

export function flowOf(chunks: AsyncIterable<Uint8Array> | ByteFlow): ByteFlow {
  return "pipe" in chunks && "pause" in chunks && !(Symbol.asyncIterator in chunks)
    ? chunks
    : new IteratedFlow(chunks as AsyncIterable<Uint8Array>);
}

class IteratedFlow implements ByteFlow {
  readonly #chunks: AsyncIterable<Uint8Array>;
  #resumed: Promise<void> | null = null;
  #resume: () => void = () => undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  pipe(sink: ByteSink): void {
    void this.#run(sink);
  }

  pause(): void {
    this.#resumed ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resumed = null;
    this.#resume();
  }

  async #run(sink: ByteSink): Promise<void> {
    try {
      for await (const chunk of this.#chunks) {
        sink.chunk(chunk);
        while (this.#resumed !== null) await this.#resumed;
      }
      sink.end();
    } catch (error) {
      sink.fail(error);
    }
  }
}
