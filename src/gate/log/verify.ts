// Reads a log from its first byte to its last and says what was done to it, where. Nothing is held but the last link, and a
// bounded list of problems.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AjarError } from "../../core/errors.ts";
import type { PublicKey } from "../durable/keys.ts";
import { isLocked } from "../durable/lock.ts";
import { anchorsOf, type Checkpoints } from "./anchors.ts";
import { Chain } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { genesis, IDENTITY_FILE, LOCK_FILE, type LogIdentity, readIdentity, segmentFirst } from "./identity.ts";
import { linesOf } from "./lines.ts";
import { type LogProblem, Problems } from "./problems.ts";
import { segmentNames } from "./recover.ts";

export interface LogVerification {
  readonly log: string;
  /** Id of the log, null where only a part of one was given. */
  readonly id: string | null;
  readonly key: PublicKey | null;
  /** Whether somebody outside the log vouches for the key or for a checkpoint; else a log rewritten as a whole looks intact. */
  readonly anchored: boolean;
  readonly entries: number;
  /** Numbers of the first and last entry; null when there is none. */
  readonly range: { readonly first: number; readonly last: number } | null;
  readonly head: string | null;
  readonly checkpoints: number;
  /** The last entry that a valid checkpoint covers; what follows could be cut off unseen. */
  readonly signedUpTo: number;
  readonly bytes: number;
  /** The first thousand; `problemCount` has them all. */
  readonly problems: readonly LogProblem[];
  readonly problemCount: number;
  /**
   * `intact`, `incomplete` when only an unfinished last line was found, `unsigned` when a log has entries and no checkpoint that
   * would vouch for them, `tampered` for anything else.
   */
  readonly result: "intact" | "incomplete" | "unsigned" | "tampered";
}

export interface VerifyOptions {
  /** The key that must have signed. */
  readonly key?: PublicKey;
  /** A checkpoint of this log that was kept elsewhere. */
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
}

/** A folder is a log; a file is a part of one, of which the rest is not known. @throws AjarError NOT_FOUND | UNREADABLE | INTERRUPTED */
export async function verifyLog(path: string, options: VerifyOptions = {}): Promise<LogVerification> {
  try {
    return statSync(path).isDirectory() ? await verifyFolder(path, options) : await verifyFile(path, options);
  } catch (cause) {
    if (cause instanceof AjarError || options.signal?.aborted === true) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      throw new AjarError("NOT_FOUND", "there is no log here", {
        subject: path,
        hint: "Name the folder of a log, or a file of entries.",
        cause,
      });
    }
    throw new AjarError("UNREADABLE", `the log cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      subject: path,
      cause,
    });
  }
}

async function verifyFolder(folder: string, options: VerifyOptions): Promise<LogVerification> {
  const problems = new Problems();
  const identity = identityIn(folder, options, problems);
  const names = segmentNames(folder);
  if (identity === null && names.length === 0) {
    throw new AjarError("NOT_FOUND", "there is no log here", { subject: folder, hint: "Name the folder of a log, or a file of entries." });
  }
  const anchors = anchorsOf(folder, identity, options, problems);
  const chain = new Chain(identity === null ? null : genesis(identity), problems, anchors.next);
  const inUse = isLocked(join(folder, LOCK_FILE));
  for (const [at, name] of names.entries()) {
    await follow(chain, join(folder, name), { first: segmentFirst(name), mayBeUnfinished: inUse && at === names.length - 1 }, options);
  }
  strangers(folder, names, problems);
  await chain.end();
  return result(folder, identity, chain, anchors, problems, options);
}

async function verifyFile(path: string, options: VerifyOptions): Promise<LogVerification> {
  const problems = new Problems();
  const anchors = anchorsOf(null, null, options, problems);
  const chain = new Chain(null, problems, anchors.next);
  await follow(chain, path, { first: null, mayBeUnfinished: false }, options);
  await chain.end();
  return result(path, null, chain, anchors, problems, options);
}

interface Expected {
  /** What the name of the file says of its first entry. */
  readonly first: number | null;
  /** Somebody writes there now. */
  readonly mayBeUnfinished: boolean;
}

async function follow(chain: Chain, path: string, expected: Expected, { signal }: VerifyOptions): Promise<void> {
  chain.begin(basename(path), expected.first);
  for await (const lines of linesOf(path)) {
    signal?.throwIfAborted();
    for (const line of lines) {
      if (!line.ended && expected.mayBeUnfinished) continue;
      chain.line(line);
      while (chain.wantsAnchor) await chain.compare();
    }
  }
}

/** A segment that was renamed into something else hides its entries. */
function strangers(folder: string, names: readonly string[], problems: Problems): void {
  const known = new Set(names);
  for (const name of readdirSync(folder).sort()) {
    if (!known.has(name) && /^\d+.*\.jsonl$/u.test(name)) problems.add({ kind: "stray-file", file: name, line: null, seq: null });
  }
}

function identityIn(folder: string, { key }: VerifyOptions, problems: Problems): LogIdentity | null {
  const path = join(folder, IDENTITY_FILE);
  const place = { file: IDENTITY_FILE, line: null, seq: null };
  if (!existsSync(path)) {
    problems.add({ kind: "no-identity", ...place });
    return null;
  }
  const identity = readIdentity(readFileSync(path, "utf8"));
  if (identity === null) problems.add({ kind: "no-identity", ...place });
  else if (key !== undefined && key !== identity.key) problems.add({ kind: "other-key", ...place });
  return identity;
}

function result(
  log: string,
  identity: LogIdentity | null,
  chain: Chain,
  anchors: Checkpoints,
  problems: Problems,
  options: VerifyOptions,
): LogVerification {
  const { entries, range, head, bytes } = chain;
  const { list, count } = problems;
  const checkpoints = anchors.count();
  const isUnfinished = list.every(({ kind }) => kind === "unfinished");
  // A part of a log has no checkpoints of its own.
  const isUnsigned = identity !== null && entries > 0 && checkpoints === 0;
  return {
    log,
    id: identity?.id ?? null,
    key: identity?.key ?? null,
    anchored: options.key !== undefined || options.checkpoint !== undefined,
    entries,
    range,
    head,
    checkpoints,
    signedUpTo: anchors.signedUpTo(),
    bytes,
    problems: list,
    problemCount: count,
    result: isUnfinished ? sound(count, isUnsigned) : "tampered",
  };
}

function sound(unfinished: number, isUnsigned: boolean): LogVerification["result"] {
  if (isUnsigned) return "unsigned";
  return unfinished === 0 ? "intact" : "incomplete";
}
