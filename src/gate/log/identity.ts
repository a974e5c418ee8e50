// What a log is: a number of its own and the key that signs its checkpoints. The first entry is chained to both.
import { randomBytes } from "node:crypto";
import { canonical, sha256 } from "../durable/canonical.ts";
import { isPublicKey, type PublicKey } from "../durable/keys.ts";
import type { Link } from "./entry.ts";

export interface LogIdentity {
  readonly format: "ajar-log/1";
  /** 32 hex digits, drawn when the log was made. */
  readonly id: string;
  readonly key: PublicKey;
  /** ISO 8601, UTC. */
  readonly created: string;
}

export const IDENTITY_FILE = "log.json";
export const CHECKPOINTS_FILE = "checkpoints.jsonl";
export const HEAD_FILE = "head.json";
export const LOCK_FILE = "lock";
export const KEY_FILE = "key.pem";
/** Named after the first entry that it holds, so that a name put on another file is noticed. */
const SEGMENT = /^(\d{16})\.jsonl$/u;

export function newIdentity(key: PublicKey, created: string): LogIdentity {
  return { format: "ajar-log/1", id: randomBytes(16).toString("hex"), key, created };
}

export function identityText(identity: LogIdentity): string {
  return `${canonical({ ...identity })}\n`;
}

/** Null for a text that says what no log is. */
export function readIdentity(text: string): LogIdentity | null {
  try {
    const { format, id, key, created }: Partial<Record<keyof LogIdentity, unknown>> = Object(JSON.parse(text));
    if (format !== "ajar-log/1" || typeof id !== "string" || !isPublicKey(key) || typeof created !== "string") return null;
    return { format, id, key, created };
  } catch {
    return null;
  }
}

/** What the first entry follows. */
export function genesis(identity: LogIdentity): Link {
  return { seq: 0, hash: sha256(canonical({ ...identity })) };
}

export function segmentName(first: number): string {
  return `${String(first).padStart(16, "0")}.jsonl`;
}

/** Number of the first entry of a segment by its name; null for another file. */
export function segmentFirst(name: string): number | null {
  const digits = SEGMENT.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Id of an entry, which its encrypted content is bound to. */
export function entryId(log: string, seq: number): string {
  return `${log}/${seq}`;
}
