// What the log held at a moment, signed. Each checkpoint names the one before it, so that none can be left out.
import { type Canonical, canonical, sha256 } from "../durable/canonical.ts";
import { isPublicKey, isSignedBy, type PublicKey, type SigningKey } from "../durable/keys.ts";
import type { Link } from "./entry.ts";

interface CheckpointBody {
  readonly format: "ajar-checkpoint/1";
  /** Id of the log. */
  readonly log: string;
  /** The last entry that it covers, and its hash, which stands for all before it. */
  readonly seq: number;
  readonly head: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** SHA-256 (hex) of the checkpoint before, canonical and with its signature; null for the first. */
  readonly prev: string | null;
  readonly key: PublicKey;
}

export interface Checkpoint extends CheckpointBody {
  /** Ed25519 over the canonical JSON of the rest, base64url. */
  readonly signature: string;
}

export function signCheckpoint(log: string, at: string, head: Link, before: Checkpoint | null, key: SigningKey): Checkpoint {
  const prev = before === null ? null : checkpointHash(before);
  const body: CheckpointBody = { format: "ajar-checkpoint/1", log, seq: head.seq, head: head.hash, at, prev, key: key.publicKey };
  return { ...body, signature: key.sign(signedText(body)) };
}

function signedText(body: CheckpointBody): string {
  return canonical(body as unknown as Canonical);
}

export function checkpointText(checkpoint: Checkpoint): string {
  return `${canonical(checkpoint as unknown as Canonical)}\n`;
}

export function checkpointHash(checkpoint: Checkpoint): string {
  return sha256(canonical(checkpoint as unknown as Canonical));
}

/** Null for a text that is no checkpoint. Its signature is another question. */
export function readCheckpoint(text: string): Checkpoint | null {
  let value: Partial<Record<keyof Checkpoint, unknown>>;
  try {
    value = Object(JSON.parse(text));
  } catch {
    return null;
  }
  const { format, log, seq, head, at, prev, key, signature } = value;
  if (format !== "ajar-checkpoint/1" || typeof log !== "string" || typeof at !== "string" || typeof signature !== "string") return null;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0 || typeof head !== "string" || !isPublicKey(key)) return null;
  if (prev !== null && typeof prev !== "string") return null;
  return { format, log, seq, head, at, prev, key, signature };
}

/** Whether its own key signed it. Whose key that is, the caller compares. */
export function isSigned(checkpoint: Checkpoint): boolean {
  const { signature, ...body } = checkpoint;
  return isSignedBy(checkpoint.key, signedText(body), signature);
}
