// Bytes that a thread asks from the main thread, where all access to the outside stays.
import { AjarError, type ErrorCode } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { checkRange } from "../formats/byte-reader.ts";

/** An error as it crosses threads. */
export interface PlainError {
  /** Null for whatever is not an AjarError. */
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly offset?: number;
}

/** From the thread: a range in bytes. */
export interface BytesAsked {
  readonly kind: "read";
  readonly id: number;
  readonly start: number;
  readonly length: number;
}

/** To the thread, under the id that it asked with. */
export type BytesTold =
  | { readonly kind: "bytes"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly id: number; readonly error: PlainError };

export function plainError(error: unknown): PlainError {
  if (!(error instanceof AjarError))
    return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  return { code: error.code, message: error.message, ...(error.offset === undefined ? {} : { offset: error.offset }) };
}

export function errorOf({ code, message, offset }: PlainError): AjarError {
  return new AjarError(code ?? "BUG", message, offset === undefined ? {} : { offset });
}

/** The main thread's side. Never rejects. */
export async function answerBytes({ id, start, length }: BytesAsked, reader: ByteReader, say: (told: BytesTold) => void): Promise<void> {
  try {
    say({ kind: "bytes", id, bytes: await reader.read(start, length) });
  } catch (error) {
    say({ kind: "refused", id, error: plainError(error) });
  }
}

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** The thread's side. */
export class RemoteBytes {
  readonly #ask: (asked: BytesAsked) => void;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(ask: (asked: BytesAsked) => void) {
    this.#ask = ask;
  }

  /** @param sizeBytes of the file that the main thread now answers from */
  reader(sizeBytes: number): ByteReader {
    return {
      sizeBytes,
      read: async (start, length) => {
        checkRange(start, length, sizeBytes);
        if (length === 0) return new Uint8Array(0);
        const id = this.#next;
        this.#next += 1;
        return await new Promise((resolve, reject) => {
          this.#waiting.set(id, { resolve, reject });
          this.#ask({ kind: "read", id, start, length });
        });
      },
    };
  }

  hear(told: BytesTold): void {
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if (told.kind === "bytes") waiting?.resolve(told.bytes);
    else waiting?.reject(errorOf(told.error));
  }
}
