const NEWLINE = 0x0a;

/**
 * Lines of UTF-8 text as they come, without their ends. Null stands for a line of more bytes than the limit; no more than the limit
 * is ever held of one.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<string | null> {
  const held = new HeldLine(limitBytes);
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      held.add(chunk.subarray(from, at));
      yield held.take();
      from = at + 1;
    }
    held.add(chunk.subarray(from));
  }
  if (!held.isEmpty) yield held.take();
}

class HeldLine {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.byteLength;
    if (this.#size > this.#limit) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** The line so far; the next one begins. */
  take(): string | null {
    const line = this.#size > this.#limit ? null : Buffer.concat(this.#pieces).toString("utf8").replace(/\r$/u, "");
    this.#pieces = [];
    this.#size = 0;
    return line;
  }
}
