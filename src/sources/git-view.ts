// A git folder of Ajar's own that looks into somebody's repository: their objects and refs, none of their configuration.
import { copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import { shownInMessage } from "./paths.ts";

export interface GitRepository {
  /** Where HEAD is: the git folder, of a linked work tree its own. */
  readonly gitDir: string;
  /** Where objects and refs are. */
  readonly commonDir: string;
}

/** HEAD, `.git` files and configs are lines of text. */
const SMALL_FILE_BYTES = 64 * 1024;

/** The repository whose top folder (or bare folder) is `folder`, or null. Runs nothing. */
export function findRepository(folder: string): GitRepository | null {
  const dot = join(folder, ".git");
  if (isFolder(dot)) return repositoryAt(dot);
  const link = readSmall(dot);
  if (link !== null) {
    const target = /^gitdir: (.+)$/mu.exec(link)?.[1];
    return target === undefined ? null : repositoryAt(resolve(folder, target.trim()));
  }
  return isBareRepository(folder) ? { gitDir: folder, commonDir: folder } : null;
}

/** Whether a folder is itself a git store and not a checkout. */
export function isBareRepository(folder: string): boolean {
  return readSmall(join(folder, "HEAD")) !== null && isFolder(join(folder, "objects")) && isFolder(join(folder, "refs"));
}

function repositoryAt(gitDir: string): GitRepository | null {
  if (readSmall(join(gitDir, "HEAD")) === null) return null;
  const common = readSmall(join(gitDir, "commondir"));
  const commonDir = common === null ? gitDir : resolve(gitDir, common.trim());
  return isFolder(join(commonDir, "objects")) ? { gitDir, commonDir } : null;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readSmall(path: string): string | null {
  try {
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= SMALL_FILE_BYTES ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}

/** Makes a git folder at `into` that reads the repository's refs and, through `objectsOf`, its objects. */
export function makeView(repository: GitRepository, into: string): void {
  const { gitDir, commonDir } = repository;
  mkdirSync(join(into, "objects"), { recursive: true });
  writeFileSync(join(into, "HEAD"), readSmall(join(gitDir, "HEAD")) ?? "");
  writeFileSync(join(into, "config"), viewConfig(readSmall(join(commonDir, "config")) ?? ""));
  symlinkSync(join(commonDir, "refs"), join(into, "refs"), "junction");
  if (isFolder(join(commonDir, "reftable"))) symlinkSync(join(commonDir, "reftable"), join(into, "reftable"), "junction");
  const packed = join(commonDir, "packed-refs");
  if (existsSync(packed) && lstatSync(packed).isFile()) copyFileSync(packed, join(into, "packed-refs"));
  // A shallow repository's commits name parents that it does not hold.
  const shallow = readSmall(join(commonDir, "shallow"));
  if (shallow !== null) writeFileSync(join(into, "shallow"), shallow);
}

/** The object store of a repository, for GitRun.objects. */
export function objectsOf(repository: GitRepository): string {
  return join(repository.commonDir, "objects");
}

/** Ajar's own configuration; of the target's it takes over which hash and which ref store its files use, nothing else. */
function viewConfig(targetConfig: string): string {
  const hash = /^\s*objectformat\s*=\s*sha256\s*$/imu.test(targetConfig) ? "\tobjectformat = sha256\n" : "";
  const refs = /^\s*refstorage\s*=\s*reftable\s*$/imu.test(targetConfig) ? "\trefstorage = reftable\n" : "";
  return `[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n${hash}${refs}`;
}

/** @throws AjarError NOT_FOUND */
export function requireRepository(folder: string): GitRepository {
  const repository = findRepository(folder);
  if (repository !== null) return repository;
  throw new AjarError("NOT_FOUND", `${shownInMessage(folder)}: no git repository`, {
    subject: folder,
    hint: "Give the top folder of a checkout or a bare repository.",
  });
}
