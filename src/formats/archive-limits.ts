import { AjarError } from "../core/errors.ts";
import type { SourceLimits } from "../core/source.ts";

/** What an archive may cost: entries listed, bytes unpacked in all, bytes unpacked per packed byte. */
export type ArchiveLimits = Pick<SourceLimits, "maxBytes" | "maxEntries" | "maxRatio">;

/** Below this many unpacked bytes a high ratio harms nobody: deflate packs a megabyte of spaces into one kilobyte. */
const RATIO_FLOOR_BYTES = 1024 * 1024;

/** Counts what is unpacked from one compressed stream. */
export class UnpackMeter {
  packedBytes = 0;
  unpackedBytes = 0;
  readonly #limits: ArchiveLimits;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  /** @throws AjarError OVER_LIMIT when the stream unpacks to more than the limits allow */
  unpacked(length: number): void {
    this.unpackedBytes += length;
    const { maxBytes, maxRatio } = this.#limits;
    if (this.unpackedBytes > maxBytes) {
      throw new AjarError("OVER_LIMIT", `unpacks to more than the ${maxBytes} bytes allowed`, { offset: this.packedBytes });
    }
    checkRatio(this.unpackedBytes, this.packedBytes, maxRatio, this.packedBytes);
  }
}

/** @throws AjarError OVER_LIMIT when `unpacked` bytes from `packed` bytes is a bomb's ratio */
function checkRatio(unpacked: number, packed: number, maxRatio: number, offset: number): void {
  if (unpacked <= RATIO_FLOOR_BYTES || unpacked <= packed * maxRatio) return;
  throw new AjarError("OVER_LIMIT", `unpacks ${packed} bytes to ${unpacked}, over the ratio of ${maxRatio}`, { offset });
}
