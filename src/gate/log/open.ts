// Opens the log of a folder for writing: makes a new one, or goes on where the last process ended.
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { AjarError } from "../../core/errors.ts";
import type { AuditLog } from "../contract.ts";
import { replaceDurably, syncFolder } from "../durable/files.ts";
import { keyOfFile, type SigningKey } from "../durable/keys.ts";
import { takeLock } from "../durable/lock.ts";
import { readCheckpointFile } from "./checkpoint-file.ts";
import { IDENTITY_FILE, identityText, KEY_FILE, LOCK_FILE, type LogIdentity, newIdentity, readIdentity } from "./identity.ts";
import { findEnd, segmentNames, setAside } from "./recover.ts";
import { LogWriter, type OpenedLog, type WriterOptions } from "./writer.ts";

export interface LogOptions extends Partial<WriterOptions> {
  readonly folder: string;
  /** Private key (PEM, Ed25519) that signs checkpoints; made where there is none. `key.pem` of the folder unless named: elsewhere is better. */
  readonly keyFile?: string;
}

const DEFAULTS: WriterOptions = {
  sync: "interval",
  syncMs: 200,
  checkpointMs: 10_000,
  checkpointEntries: 10_000,
  segmentBytes: 64 * 1024 ** 2,
  content: null,
  now: () => new Date(),
};

/** The log of a folder, for one writer. @throws AjarError LOG_UNWRITABLE | LOG_DAMAGED | IN_USE | BAD_KEY */
export async function openLog({ folder, keyFile, ...given }: LogOptions): Promise<AuditLog> {
  const options = { ...DEFAULTS, ...given };
  try {
    const forget = made(folder);
    const lock = takeLock(join(folder, LOCK_FILE), "this log");
    try {
      const key = keyOfFile(keyFile ?? join(folder, KEY_FILE));
      const { opened, recovered } = await goOn(folder, key, options);
      const log = new LogWriter({ ...opened, lock, forget }, options);
      if (recovered !== null) await log.append(recoveredAct(recovered, folder, options.now()));
      return log;
    } catch (error) {
      lock.release();
      forget();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof AjarError) throw cause;
    throw new AjarError("LOG_UNWRITABLE", `the log cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      subject: folder,
      hint: "Free space, and check that the folder may be written to.",
      cause,
    });
  }
}

/** Makes the folder. What is given takes away again what opening a log makes there, and nothing that was there before. */
function made(folder: string): () => void {
  const isBegun = existsSync(join(folder, IDENTITY_FILE));
  const files = [IDENTITY_FILE, KEY_FILE].map((name) => join(folder, name)).filter((path) => !existsSync(path));
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  return () => {
    if (isBegun) return;
    for (const path of files) rmSync(path, { force: true });
    if (first === undefined) return;
    try {
      for (let at = folder; at.length >= first.length; at = dirname(at)) rmdirSync(at);
    } catch {
      // Somebody put something there meanwhile.
    }
  };
}

interface Recovered {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

async function goOn(
  folder: string,
  key: SigningKey,
  options: WriterOptions,
): Promise<{ readonly opened: Omit<OpenedLog, "lock" | "forget">; readonly recovered: Recovered | null }> {
  const identity = await identityOf(folder, key, options.now());
  const checkpoints = readCheckpointFile(folder, identity);
  if (typeof checkpoints === "string") throw damaged(folder, checkpoints);
  const end = await findEnd(folder, identity, checkpoints.last);
  if (typeof end === "string") throw damaged(folder, end);
  const aside = end.torn === null ? null : await setAside(folder, end.torn);
  const recovered = end.torn === null || aside === null ? null : { ...aside, bytes: end.torn.bytes };
  return { opened: { folder, id: identity.id, key, head: end.head, checkpoints, segment: end.segment }, recovered };
}

async function identityOf(folder: string, key: SigningKey, now: Date): Promise<LogIdentity> {
  const path = join(folder, IDENTITY_FILE);
  if (!existsSync(path)) {
    if (segmentNames(folder).length > 0) throw damaged(folder, `${IDENTITY_FILE}: missing`);
    const identity = newIdentity(key.publicKey, now.toISOString());
    await replaceDurably(path, identityText(identity));
    syncFolder(folder);
    return identity;
  }
  const identity = readIdentity(readFileSync(path, "utf8"));
  if (identity === null) throw damaged(folder, `${IDENTITY_FILE}: not the identity of a log`);
  if (identity.key !== key.publicKey) {
    throw new AjarError("BAD_KEY", "this log is signed with another key", {
      subject: folder,
      hint: "Name the key that the log was begun with.",
    });
  }
  return identity;
}

function damaged(folder: string, what: string): AjarError {
  return new AjarError("LOG_DAMAGED", `the log was changed from outside, or lost what was on the disk: ${what}`, {
    subject: folder,
    hint: "Run ajar log verify on it, keep it as it is, and begin a new log in another folder.",
  });
}

function recoveredAct({ name, sha256, bytes }: Recovered, folder: string, now: Date) {
  return {
    kind: "act",
    at: now.toISOString(),
    act: "recovered",
    by: "gate",
    subject: folder,
    detail: { bytes, keptAs: name, sha256: `sha256:${sha256}` },
  } as const;
}
