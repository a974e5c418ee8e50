// Checkpoints of a log: all of them in one file, the latest also in a small one that is easily kept elsewhere.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSystemError, replaceDurably, writeDurablyAt } from "../durable/files.ts";
import { type Checkpoint, checkpointText, isSigned, readCheckpoint } from "./checkpoint.ts";
import { CHECKPOINTS_FILE, HEAD_FILE, type LogIdentity } from "./identity.ts";
import { lastLine } from "./tail.ts";

export class CheckpointFile {
  readonly #folder: string;
  #last: Checkpoint | null;
  #bytes: number;

  constructor(folder: string, last: Checkpoint | null, bytes: number) {
    this.#folder = folder;
    this.#last = last;
    this.#bytes = bytes;
  }

  get last(): Checkpoint | null {
    return this.#last;
  }

  /** The last entry that is covered; 0 before the first checkpoint. */
  get seq(): number {
    return this.#last?.seq ?? 0;
  }

  /** One call at a time. @throws the system's error; the next call writes over what a failed one left */
  async add(checkpoint: Checkpoint): Promise<void> {
    const text = checkpointText(checkpoint);
    await writeDurablyAt(join(this.#folder, CHECKPOINTS_FILE), this.#bytes, text);
    this.#bytes += Buffer.byteLength(text);
    this.#last = checkpoint;
    await replaceDurably(join(this.#folder, HEAD_FILE), text);
  }
}

/** The file as an earlier process left it; what it did not finish writing is written over. A text says why it cannot go on. */
export function readCheckpointFile(folder: string, identity: LogIdentity): CheckpointFile | string {
  const { text, end } = lastLine(join(folder, CHECKPOINTS_FILE));
  const last = text === null ? null : readCheckpoint(text);
  if (text !== null && (last === null || !belongs(last, identity))) return `${CHECKPOINTS_FILE}: its last checkpoint is not this log's`;
  const head = headCheckpoint(folder);
  if (head === undefined) return new CheckpointFile(folder, last, end);
  if (head === null || !belongs(head, identity)) return `${HEAD_FILE}: not a checkpoint of this log`;
  if (head.seq > (last?.seq ?? 0)) return `${CHECKPOINTS_FILE}: ends before the checkpoint in ${HEAD_FILE}`;
  return new CheckpointFile(folder, last, end);
}

/** Undefined where there is none, null where it cannot be read. */
function headCheckpoint(folder: string): Checkpoint | null | undefined {
  try {
    return readCheckpoint(readFileSync(join(folder, HEAD_FILE), "utf8"));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function belongs(checkpoint: Checkpoint, { id, key }: LogIdentity): boolean {
  return checkpoint.log === id && checkpoint.key === key && isSigned(checkpoint);
}
