// One writer at a time, told by a file: who holds it, and whether that one can still be alive.

import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { AjarError } from "../../core/errors.ts";
import { isSystemError } from "./files.ts";

/** Who holds a lock. `boot` and `space` tell whether another process may be asked about by its number. */
interface Holder {
  readonly pid: number;
  /** Boot id of the machine, its name where there is none. */
  readonly boot: string;
  /** The process namespace: containers number their processes alike. */
  readonly space: string;
  /** Clock ticks after boot at which the process began, so that a number used again is noticed; empty where the system does not say. */
  readonly began: string;
  readonly token: string;
  /** The file that the lock was made as, so that a copy of it is noticed. */
  readonly file: string;
}

/** A holder in another namespace or on another machine touches its lock this often … */
const TOUCH_MS = 2_000;
/** … and is taken for dead when it has not done so for this long. */
const DEAD_MS = 30_000;

export interface Lock {
  /** False once somebody else took the file, which only happens to a process that stood still for long. */
  isHeld(): boolean;
  release(): void;
}

/** Takes the lock, also from a holder that is dead. @throws AjarError IN_USE */
export function takeLock(path: string, what: string): Lock {
  const token = randomUUID();
  const part = `${path}.${token}.part`;
  writeFileSync(part, "", { mode: 0o600 });
  try {
    const own: Holder = { pid: process.pid, ...here(), began: beganAt(process.pid), token, file: fileOf(part) };
    writeFileSync(part, JSON.stringify(own));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (linked(part, path)) return held(path, own);
      const found = holderOf(path);
      if (found === null) continue;
      if (isAlive(found, path)) throw inUse(path, what, found);
      setAside(path, found);
    }
  } finally {
    rmSync(part, { force: true });
  }
  throw inUse(path, what, holderOf(path));
}

/** Whether a living process of this machine holds the lock: this very file, and no copy of it. */
export function isLocked(path: string): boolean {
  const found = holderOf(path);
  return found !== null && found.boot === here().boot && found.file === fileOf(path) && isAlive(found, path);
}

function held(path: string, own: Holder): Lock {
  const timer = setInterval(() => touch(path), TOUCH_MS);
  timer.unref();
  return {
    isHeld: () => holderOf(path)?.token === own.token,
    release: () => {
      clearInterval(timer);
      if (holderOf(path)?.token === own.token) rmSync(path, { force: true });
    },
  };
}

/** A link is made or is there already; nothing in between. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

/** Null when there is no lock, or one that nobody finished writing. */
function holderOf(path: string): Holder | null {
  try {
    const { pid, boot, space, began, token, file }: Partial<Record<keyof Holder, unknown>> = Object(JSON.parse(readFileSync(path, "utf8")));
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return dead();
    return { pid, boot: String(boot), space: String(space), began: String(began), token: String(token), file: String(file) };
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return null;
    if (error instanceof SyntaxError) return dead();
    throw error;
  }
}

function dead(): Holder {
  return { pid: 0, boot: "", space: "", began: "", token: "", file: "" };
}

function isAlive(holder: Holder, path: string): boolean {
  const { boot, space } = here();
  if (holder.pid === 0) return false;
  if (holder.boot !== boot || holder.space !== space) return age(path) < DEAD_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isSystemError(error, "ESRCH")) return false;
  }
  const began = beganAt(holder.pid);
  return began === "" || holder.began === "" || began === holder.began;
}

/** Two that find the same dead holder at once: one renames it, the other finds another name or none. */
function setAside(path: string, found: Holder): void {
  const aside = `${path}.${randomUUID()}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  // Somebody was quicker, and this is the lock of a living process.
  if (holderOf(aside)?.token !== found.token) linked(aside, path);
  rmSync(aside, { force: true });
}

function inUse(path: string, what: string, holder: Holder | null): AjarError {
  const who = holder === null ? "another process" : `process ${holder.pid}`;
  return new AjarError("IN_USE", `${who} writes ${what}`, { subject: path, hint: "End it first, or name another folder." });
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Whoever asks sees an old lock, which is what it then is.
  }
}

/** Device and number of a file, which a link to it shares and a copy does not; empty where there is none. */
function fileOf(path: string): string {
  return textOf(() => {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  });
}

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function here(): Pick<Holder, "boot" | "space"> {
  return {
    boot: textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) || hostname(),
    space: textOf(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); the name in field 2 may hold spaces and brackets. */
function beganAt(pid: number): string {
  return textOf(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  });
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
