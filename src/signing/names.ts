// Names in signatures are written by strangers and compared byte by byte; none may lead out of the release.

/** A single file is signed under this name (Python's path of a file relative to itself). */
export const SINGLE_FILE = ".";

/** Why a name is none of a file below the release; null when it is one. */
export function nameFault(name: string): string | null {
  if (name === SINGLE_FILE) return null;
  if (name === "") return "empty";
  if (!name.isWellFormed()) return "not Unicode";
  if (name.includes("\0")) return "holds NUL";
  if (/^[/\\]/u.test(name)) return "absolute";
  if (/^[A-Za-z]:[/\\]/u.test(name)) return "starts with a drive letter";
  // Both separators: what is one name here climbs out of the folder elsewhere.
  if (name.split(/[/\\]/u).includes("..")) return "climbs out of the release";
  if (name.split("/").some((segment) => segment === "" || segment === ".")) return "not a plain path";
  return null;
}

export interface ShardName {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** `path:start:end`, split at the last two colons, as paths may hold colons themselves; null when it is none. */
export function parseShardName(name: string): ShardName | null {
  const match = /^(.+):(0|[1-9]\d{0,15}):([1-9]\d{0,15})$/su.exec(name);
  if (match === null) return null;
  const start = Number(match[2]);
  const end = Number(match[3]);
  return Number.isSafeInteger(end) && start < end ? { path: match[1] ?? "", start, end } : null;
}

export function shardName({ path, start, end }: ShardName): string {
  return `${path}:${start}:${end}`;
}
