import { AjarError } from "../core/errors.ts";
import { MAX_OPS, MAX_UNPACKED_BYTES, MAX_UNPACKED_FACTOR } from "./limits.ts";

/** What one file, members and all, may still cost. */
export class ScanBudget {
  #ops: number;
  #unpackedBytes: number;
  readonly #signal: AbortSignal;
  readonly #expired: () => boolean;

  /** `expired` is the caller's clock: true once the file's wall time is over. */
  constructor(sizeBytes: number, signal: AbortSignal, expired: () => boolean = () => false) {
    this.#ops = MAX_OPS;
    this.#unpackedBytes = Math.max(MAX_UNPACKED_BYTES, sizeBytes * MAX_UNPACKED_FACTOR);
    this.#signal = signal;
    this.#expired = expired;
  }

  /** Bytes that may still be unpacked. */
  get unpackedBytesLeft(): number {
    return this.#unpackedBytes;
  }

  /** Opcodes that may still be executed symbolically. */
  get opsLeft(): number {
    return this.#ops;
  }

  /** To be asked every few milliseconds of work. @throws AjarError INTERRUPTED | OVER_LIMIT when the time is over */
  checkTime(): void {
    if (this.#signal.aborted) throw new AjarError("INTERRUPTED", "the scan was interrupted");
    if (this.#expired()) throw new AjarError("OVER_LIMIT", "reading takes longer than one file may", { offset: 0 });
  }

  /** @throws AjarError OVER_LIMIT */
  spendOps(count: number, offset: number): void {
    this.#ops -= count;
    if (this.#ops < 0) throw new AjarError("OVER_LIMIT", `more than ${MAX_OPS} operations`, { offset });
  }

  /** @throws AjarError OVER_LIMIT */
  spendUnpacked(bytes: number, offset: number): void {
    this.#unpackedBytes -= bytes;
    if (this.#unpackedBytes < 0) throw new AjarError("OVER_LIMIT", "unpacks to more than a file may", { offset });
  }
}
