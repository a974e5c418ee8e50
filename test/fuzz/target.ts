// What the fuzzer needs to know of one reader. Each file in test/fuzz/targets exports one as `target`.
import type { ByteReader } from "../../src/core/source.ts";

/** Draws a number from 0 up to 1, like Math.random, but from a seed. */
export type Random = () => number;

export interface FuzzTarget {
  /** Name on the command line, e.g. `onnx`. */
  readonly name: string;
  /** Honest files, as small as they can be while they use every part of the format. */
  readonly seeds: readonly Uint8Array[];
  /** Reads to the end of what the reader does. An AjarError with a format code is an answer, anything else a crash. */
  read(reader: ByteReader): Promise<unknown>;
  /** Byte strings that mean something in this format: marks, names, tags. */
  readonly words?: readonly string[];
  /**
   * Changes the structure and not the bytes, so that what comes out still parses far enough to reach the depths:
   * fields doubled, lengths that agree with their contents, offsets that point elsewhere. Leaves the bytes it is given alone.
   */
  restructure?(bytes: Uint8Array, random: Random): Uint8Array;
}
