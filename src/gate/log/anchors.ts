// Checkpoints of a log in order: those beside it, and one that was kept elsewhere. What is not signed by its key anchors nothing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PublicKey } from "../durable/keys.ts";
import type { Anchor } from "./chain.ts";
import { type Checkpoint, checkpointHash, isSigned, readCheckpoint } from "./checkpoint.ts";
import { CHECKPOINTS_FILE, HEAD_FILE, type LogIdentity } from "./identity.ts";
import { linesOf } from "./lines.ts";
import type { LogProblemKind, Problems } from "./problems.ts";

export interface Checkpoints {
  next(): Promise<Anchor | null>;
  /** Valid ones so far. */
  count(): number;
  signedUpTo(): number;
}

export interface Wanted {
  readonly key?: PublicKey;
  readonly checkpoint?: Checkpoint;
}

/** What the file name of one kept elsewhere is in problems. */
const KEPT = "--checkpoint";

export function anchorsOf(folder: string | null, identity: LogIdentity | null, wanted: Wanted, problems: Problems): Checkpoints {
  const key = wanted.key ?? identity?.key ?? wanted.checkpoint?.key ?? null;
  const isValid = (checkpoint: Checkpoint): boolean => checkpoint.key === key && isSigned(checkpoint);
  let count = 0;
  let signedUpTo = 0;
  const pending = merged(folder, identity, wanted, { isValid, problems });
  return {
    next: async () => {
      const { value, done } = await pending.next();
      if (done === true) return null;
      count += 1;
      signedUpTo = Math.max(signedUpTo, value.checkpoint.seq);
      return value;
    },
    count: () => count,
    signedUpTo: () => signedUpTo,
  };
}

interface Judge {
  readonly isValid: (checkpoint: Checkpoint) => boolean;
  readonly problems: Problems;
}

/** The single ones come in where their number puts them. */
async function* merged(folder: string | null, identity: LogIdentity | null, { checkpoint }: Wanted, judge: Judge): AsyncGenerator<Anchor> {
  const single: Anchor[] = [];
  if (checkpoint !== undefined) single.push(...singleOf({ checkpoint, file: KEPT, line: null }, identity, judge));
  if (folder !== null) single.push(...headOf(folder, identity, judge));
  single.sort((a, b) => a.checkpoint.seq - b.checkpoint.seq);
  // The list is written before the head, and read after it: what a single one says is in it, also while somebody writes.
  const unlisted = new Map(single.map((anchor) => [checkpointHash(anchor.checkpoint), anchor.checkpoint.seq]));
  let count = 0;
  if (folder !== null && existsSync(join(folder, CHECKPOINTS_FILE))) {
    for await (const anchor of listed(join(folder, CHECKPOINTS_FILE), identity, judge)) {
      count += 1;
      unlisted.delete(checkpointHash(anchor.checkpoint));
      while (single[0] !== undefined && single[0].checkpoint.seq < anchor.checkpoint.seq) yield* single.splice(0, 1);
      yield anchor;
    }
  }
  yield* single;
  if (folder !== null) missing(folder, Math.max(0, ...unlisted.values()), count, judge.problems);
}

/** Checkpoints that were taken away. A process that was killed after its first one leaves a list of one, and no head. */
function missing(folder: string, unlisted: number, count: number, problems: Problems): void {
  const place = { kind: "missing-checkpoint", line: null } as const;
  if (unlisted > 0) problems.add({ ...place, file: CHECKPOINTS_FILE, seq: unlisted });
  if (count > 1 && !existsSync(join(folder, HEAD_FILE))) problems.add({ ...place, file: HEAD_FILE, seq: null });
}

function singleOf(anchor: Anchor, identity: LogIdentity | null, { isValid, problems }: Judge): readonly Anchor[] {
  const { checkpoint, file } = anchor;
  const refuse = (kind: LogProblemKind): readonly Anchor[] => {
    problems.add({ kind, file, line: null, seq: checkpoint.seq });
    return [];
  };
  if (identity !== null && checkpoint.log !== identity.id) return refuse("other-log");
  if (!isSigned(checkpoint)) return refuse("forged-checkpoint");
  // One that was kept elsewhere is the better witness: its key against the log's.
  if (!isValid(checkpoint)) return refuse(file === KEPT ? "other-key" : "forged-checkpoint");
  return [anchor];
}

function headOf(folder: string, identity: LogIdentity | null, judge: Judge): readonly Anchor[] {
  const path = join(folder, HEAD_FILE);
  if (!existsSync(path)) return [];
  const checkpoint = readCheckpoint(readFileSync(path, "utf8"));
  if (checkpoint !== null) return singleOf({ checkpoint, file: HEAD_FILE, line: null }, identity, judge);
  judge.problems.add({ kind: "not-a-checkpoint", file: HEAD_FILE, line: null, seq: null });
  return [];
}

async function* listed(path: string, identity: LogIdentity | null, judge: Judge): AsyncGenerator<Anchor> {
  let before: Checkpoint | null = null;
  for await (const lines of linesOf(path)) {
    for (const { bytes, ended, number: line } of lines) {
      const place = { file: CHECKPOINTS_FILE, line };
      const checkpoint = readCheckpoint(bytes.toString("utf8"));
      if (checkpoint === null) {
        judge.problems.add({ kind: ended ? "not-a-checkpoint" : "unfinished", ...place, seq: null });
        continue;
      }
      const kind = problemOf(checkpoint, before, identity, judge);
      if (kind !== null) judge.problems.add({ kind, ...place, seq: checkpoint.seq });
      // Also of one that is forged: the one after names what stood here.
      before = checkpoint;
      if (kind !== "forged-checkpoint" && checkpoint.seq > 0) yield { checkpoint, ...place };
    }
  }
}

function problemOf(
  checkpoint: Checkpoint,
  before: Checkpoint | null,
  identity: LogIdentity | null,
  { isValid }: Judge,
): LogProblemKind | null {
  if (!isValid(checkpoint) || (identity !== null && checkpoint.log !== identity.id)) return "forged-checkpoint";
  const follows = checkpoint.prev === (before === null ? null : checkpointHash(before)) && checkpoint.seq > (before?.seq ?? -1);
  return follows ? null : "checkpoint-link";
}
