// One share of one file, measured; what goes wrong in it is an answer and no failure.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { Measurer } from "./measure.ts";
import { type DataFileEntry, type Share, splitOf } from "./plan.ts";
import { type OpenedFile, readShare } from "./read-share.ts";

export interface DataProblem {
  /** Code of an AjarError. */
  readonly code: string;
  readonly detail: string;
  readonly offset?: number;
}

export interface ShareOutcome {
  readonly problem: DataProblem | null;
  readonly isCut: boolean;
}

/** Reads a share into a measurer. @throws AjarError INTERRUPTED | BUG; anything else is the file's */
export async function measureShare(
  reader: ByteReader,
  name: string,
  entry: DataFileEntry,
  opened: OpenedFile,
  share: Share,
  measurer: Measurer,
): Promise<ShareOutcome> {
  const [start, end] = share.kind === "stream" ? [0, entry.sizeBytes] : [share.start, share.end];
  measurer.start(name, splitOf(entry.path), start);
  try {
    const { bytes, isCut, problem } = await readShare(reader, entry, opened, share, measurer);
    measurer.end(end, bytes);
    return { problem: problem === null ? null : problemOf(problem), isCut };
  } catch (cause) {
    measurer.end(end, null);
    return { problem: problemOf(cause), isCut: false };
  }
}

/** What went wrong, where it is the file's fault. @throws what is not */
export function problemOf(cause: unknown): DataProblem {
  if (!(cause instanceof AjarError) || cause.code === "INTERRUPTED" || cause.code === "BUG") throw cause;
  return { code: cause.code, detail: cause.message, ...(cause.offset === undefined ? {} : { offset: cause.offset }) };
}
