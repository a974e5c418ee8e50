// Packed content that must be read at random places goes to a scratch file first: unpacking it again for every range
// would cost the square of its size.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteReader, SourceLimits } from "../core/source.ts";
import { OpenFile } from "./local-file.ts";
import { makeTempFolder, removeTempFolder } from "./temp-folder.ts";

export interface Spilled {
  readonly reader: ByteReader;
  /** Why the content breaks off, when it does; what came before is in `reader`. */
  readonly problem: AjarError | null;
}

/** Scratch files of one source, bounded together by `maxBytes`. */
export class Spill {
  readonly #limits: SourceLimits;
  readonly #signal: AbortSignal;
  readonly #files: OpenFile[] = [];
  #folder: string | null = null;
  #writtenBytes = 0;

  constructor(limits: SourceLimits, signal: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** Limits for what may still be unpacked. */
  get limits(): SourceLimits {
    return { ...this.#limits, maxBytes: Math.max(0, this.#limits.maxBytes - this.#writtenBytes) };
  }

  /** Writes chunks to a scratch file. Errors other than AjarErrors pass through. */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<Spilled> {
    this.#folder ??= makeTempFolder();
    const path = join(this.#folder, String(this.#files.length));
    const problem = await this.#writeFile(path, chunks);
    const file = await OpenFile.open({ path, shown: "scratch file" });
    this.#files.push(file);
    return { reader: file, problem };
  }

  async #writeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<AjarError | null> {
    const handle = await open(path, "wx", 0o600);
    try {
      for await (const chunk of chunks) {
        this.#signal.throwIfAborted();
        this.#writtenBytes += chunk.length;
        if (this.#writtenBytes > this.#limits.maxBytes) {
          return new AjarError("OVER_LIMIT", `unpacks to more than the ${this.#limits.maxBytes} bytes allowed`);
        }
        await handle.writeFile(chunk);
      }
      return null;
    } catch (cause) {
      if (cause instanceof AjarError) return cause;
      throw cause;
    } finally {
      await handle.close();
    }
  }

  /** Closes and removes all scratch files. */
  async close(): Promise<void> {
    for (const file of this.#files.splice(0)) await file.close();
    if (this.#folder !== null) removeTempFolder(this.#folder);
    this.#folder = null;
  }
}
