// Walks a local folder in code-point order of entry paths, whatever order the file system gives.
// Links are reported and never followed; pipes, sockets and devices are reported and never opened.
import { accessSync, type BigIntStats, constants, type Dirent, lstatSync, opendirSync, readlinkSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { compareText } from "../core/text.ts";
import type { ListingProblems } from "./limits.ts";
import { errnoWords } from "./local-file.ts";
import { shownBytes, shownSegment } from "./paths.ts";

/** Left out at any depth: it is git's store, not part of a release. */
const GIT_STORE = ".git";
/** Entries between two turns of the event loop, so that Ctrl-C is heard during a long walk. */
const ENTRIES_PER_TURN = 512;
/** Names that are asked of a folder in one call. */
const NAMES_AT_ONCE = 256;
const SPECIAL = "a pipe, socket or device, never opened";

export type WalkedEntry = { readonly path: string; readonly real: Buffer } & (
  | { readonly kind: "file"; readonly stats: BigIntStats }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "unreadable"; readonly sizeBytes: number | null; readonly reason: string }
);

export interface WalkOptions {
  /** Absolute, without links. */
  readonly root: Buffer;
  /** The one name of the root to take; all when null. */
  readonly only: string | null;
  readonly maxEntries: number;
  readonly signal: AbortSignal;
  readonly problems: ListingProblems;
}

interface Child {
  readonly path: string;
  readonly real: Buffer;
  readonly kind: "file" | "folder" | "symlink" | "special";
}

/** Every entry below `root` but folders, each once, sorted by path. Reads one folder's names at a time. */
export async function* walkFolder(options: WalkOptions): AsyncGenerator<WalkedEntry> {
  const pending: Child[] = [];
  const only = options.only;
  for (const child of childrenOf({ path: "", real: options.root, kind: "folder" }, options) ?? []) {
    if (only === null || child.real.subarray(options.root.length + 1).equals(Buffer.from(only))) pending.push(child);
  }
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    seen += 1;
    if (seen % ENTRIES_PER_TURN === 0) await nextTurn();
    options.signal.throwIfAborted();
    if (next.kind !== "folder") {
      yield walked(next);
      continue;
    }
    const children = childrenOf(next, options);
    if (children === null) yield { path: next.path, real: next.real, kind: "unreadable", sizeBytes: null, reason: "cannot be listed" };
    else for (const child of children) pending.push(child);
  }
}

/** Children in reverse order, ready for a stack; null when the folder cannot be listed. */
function childrenOf(folder: Child, options: WalkOptions): Child[] | null {
  const named = folder.path === "" ? "the folder" : `${folder.path}/`;
  let names: Dirent<Buffer>[] | null;
  try {
    names = readNames(folder.real, options.maxEntries);
  } catch (cause) {
    options.problems.add(`${named}: ${errnoWords(cause)}`);
    return null;
  }
  if (names === null) {
    // A part of it would depend on the file system's order, so none of it is taken.
    options.problems.add(`${named}: holds more than ${options.maxEntries} names`);
    return null;
  }
  const children = names.flatMap((name) => childOf(folder, name) ?? []);
  return children.sort((a, b) => compareText(sortKey(b), sortKey(a)));
}

/** Names of a folder, or null when there are more than `most`. */
function readNames(folder: Buffer, most: number): Dirent<Buffer>[] | null {
  const names: Dirent<Buffer>[] = [];
  // The type lacks the "buffer" encoding that opendir has; names must be bytes, since they need not be UTF-8.
  const opened = opendirSync(folder, { encoding: "buffer" as BufferEncoding, bufferSize: NAMES_AT_ONCE });
  try {
    for (let name = opened.readSync(); name !== null; name = opened.readSync()) {
      if (names.length >= most) return null;
      names.push(name as unknown as Dirent<Buffer>);
    }
  } finally {
    opened.closeSync();
  }
  return names;
}

function childOf(folder: Child, name: Dirent<Buffer>): Child | null {
  if (name.name.equals(Buffer.from(GIT_STORE))) return null;
  const segment = shownSegment(name.name, folder.path === "");
  return {
    path: folder.path === "" ? segment : `${folder.path}/${segment}`,
    real: Buffer.concat([folder.real, Buffer.from("/"), name.name]),
    kind: kindOf(name),
  };
}

function kindOf(name: Dirent<Buffer>): Child["kind"] {
  if (name.isFile()) return "file";
  if (name.isDirectory()) return "folder";
  return name.isSymbolicLink() ? "symlink" : "special";
}

/** A folder sorts as its contents do, by the slash behind its name. */
function sortKey(child: Child): string {
  return child.kind === "folder" ? `${child.path}/` : child.path;
}

function walked(child: Child): WalkedEntry {
  const { path, real } = child;
  try {
    if (child.kind === "symlink") return { path, real, kind: "symlink", target: shownBytes(readlinkSync(real, { encoding: "buffer" })) };
    if (child.kind === "special") return { path, real, kind: "unreadable", sizeBytes: null, reason: SPECIAL };
    const stats = lstatSync(real, { bigint: true });
    if (!stats.isFile()) return { path, real, kind: "unreadable", sizeBytes: null, reason: "replaced while it was listed" };
    const refusal = refusalToRead(real);
    if (refusal === null) return { path, real, kind: "file", stats };
    return { path, real, kind: "unreadable", sizeBytes: Number(stats.size), reason: refusal };
  } catch (cause) {
    return { path, real, kind: "unreadable", sizeBytes: null, reason: errnoWords(cause) };
  }
}

/** Why a file may not be read, or null when it may. */
function refusalToRead(real: Buffer): string | null {
  try {
    accessSync(real, constants.R_OK);
    return null;
  } catch (cause) {
    return errnoWords(cause);
  }
}
