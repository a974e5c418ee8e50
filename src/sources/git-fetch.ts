// One commit of a remote repository, without history and without its large files, into a folder of Ajar's own.
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import { GitFailure, type GitRun, runGit } from "./git-command.ts";
import { shownInMessage } from "./paths.ts";

/**
 * Files up to this size come with the tree in one answer: texts, code, configs, LFS pointers. Larger ones stay on the
 * server until one is asked for. Fetching every blob one by one would cost a round trip each.
 */
const INLINE_BLOB_BYTES = 1024 ** 2;
/** A single larger file, fetched because its header was wanted. Git has no ranges, so it comes whole. */
const MAX_SINGLE_BLOB_BYTES = 256 * 1024 ** 2;
const OUTPUT_BYTES = 1024 ** 2;

export interface RemoteRepository {
  readonly gitDir: string;
  readonly url: string;
  readonly shown: string;
  readonly context: SourceContext;
}

/** Makes the git folder that `fetchCommit` and `fetchBlob` fill. */
export function prepareRemote(remote: RemoteRepository): void {
  for (const folder of ["objects/pack", "refs"]) mkdirSync(join(remote.gitDir, folder), { recursive: true });
  writeFileSync(join(remote.gitDir, "HEAD"), "ref: refs/heads/none\n");
  writeFileSync(
    join(remote.gitDir, "config"),
    "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin\n" +
      `[remote "origin"]\n\turl = ${JSON.stringify(remote.url)}\n\tpromisor = true\n`,
  );
}

/** Fetches one revision. @throws AjarError NOT_FOUND | REVISION_NOT_FOUND | UNAUTHORIZED | UNREACHABLE | OVER_LIMIT */
export async function fetchCommit(remote: RemoteRepository, revision: string): Promise<void> {
  const filter = `--filter=blob:limit=${INLINE_BLOB_BYTES}`;
  await fetch(remote, ["--depth=1", filter, "--end-of-options", "origin", `+${revision}:refs/ajar/commit`], remote.context.limits.maxBytes);
}

/** Fetches one blob that the filter left out. @throws as `fetchCommit` */
export async function fetchBlob(remote: RemoteRepository, oid: string, allowedBytes: number): Promise<void> {
  const args = ["--filter=blob:none", "--no-write-fetch-head", "--end-of-options", "origin", oid];
  await fetch(remote, args, storedBytes(remote.gitDir) + Math.min(allowedBytes, MAX_SINGLE_BLOB_BYTES));
}

async function fetch(remote: RemoteRepository, args: readonly string[], maxStoredBytes: number): Promise<void> {
  const { gitDir, context } = remote;
  if (context.offline) throw new AjarError("OFFLINE", `${remote.shown}: a git URL cannot be read offline`, { subject: remote.shown });
  const protocols = remote.url.startsWith("http:") ? "http" : "https";
  const run: GitRun = { gitDir, env: context.env, signal: context.signal, timeoutMs: context.limits.timeoutMs, protocols };
  const watch = (): AjarError | null => {
    return storedBytes(gitDir) > maxStoredBytes ? overLimit(remote, maxStoredBytes) : null;
  };
  try {
    await runGit(run, ["fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", ...args], OUTPUT_BYTES, {
      watch,
    });
  } catch (cause) {
    throw cause instanceof GitFailure ? fetchError(remote, cause) : cause;
  }
  const problem = watch();
  if (problem !== null) throw problem;
}

function overLimit(remote: RemoteRepository, limit: number): AjarError {
  return new AjarError("OVER_LIMIT", `${remote.shown}: the server sends more than the ${limit} bytes allowed`, {
    subject: remote.shown,
    hint: "Raise --max-bytes, or clone it yourself and audit the folder.",
  });
}

/** Bytes of packs and loose objects received so far, unfinished ones included. */
export function storedBytes(gitDir: string): number {
  const packs = join(gitDir, "objects", "pack");
  let total = 0;
  for (const name of readdirSync(packs)) total += statSync(join(packs, name), { throwIfNoEntry: false })?.size ?? 0;
  return total;
}

const FAILURES: readonly (readonly [RegExp, "NOT_FOUND" | "REVISION_NOT_FOUND" | "UNAUTHORIZED" | "UNREACHABLE", string])[] = [
  [
    /couldn't find remote ref|not our ref|no such remote ref|unadvertised object/iu,
    "REVISION_NOT_FOUND",
    "the repository has no such revision",
  ],
  [
    /could not read Username|Authentication failed|terminal prompts disabled|error: 40[13]/iu,
    "UNAUTHORIZED",
    "does not exist or is not public",
  ],
  [/repository .* not found|error: 404/iu, "NOT_FOUND", "no repository at this address"],
];

const HINTS: Readonly<Record<string, string>> = {
  REVISION_NOT_FOUND: "Give a branch, a tag or a full commit id.",
  UNAUTHORIZED: "For a private repository, clone it yourself and audit the folder.",
  NOT_FOUND: "Check the address.",
  UNREACHABLE: "Check the address and the network; HTTPS_PROXY is honoured.",
};

function fetchError(remote: RemoteRepository, failure: GitFailure): AjarError {
  const known = FAILURES.find(([pattern]) => pattern.test(failure.talk));
  const [code, words] = known === undefined ? (["UNREACHABLE", lastLine(failure.talk)] as const) : ([known[1], known[2]] as const);
  return new AjarError(code, `${remote.shown}: ${words}`, { subject: remote.shown, hint: HINTS[code] ?? "", cause: failure });
}

function lastLine(talk: string): string {
  const lines = talk.split(/[\r\n]/u).filter((line) => line.trim() !== "");
  return shownInMessage(lines.find((line) => line.startsWith("fatal:")) ?? lines.at(-1) ?? "git failed without a word");
}
