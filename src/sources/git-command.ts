// Runs git on objects that others wrote. Git never sees the audited repository's configuration: it runs in a folder of
// Ajar's own, with Ajar's environment, and only looks into the other's object store (git-view.ts). So no hook, filter,
// monitor, alias, pager, credential helper or remote helper named by the target or by the user's settings can run.
import { type ChildProcess, spawn } from "node:child_process";
import { AjarError } from "../core/errors.ts";

export interface GitRun {
  /** A git folder made by Ajar. */
  readonly gitDir: string;
  /** Object store to read from; the git folder's own when absent. */
  readonly objects?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte of output or talk after which git is stopped. */
  readonly timeoutMs: number;
  /** Protocols git may speak; `none` by default. */
  readonly protocols?: string;
}

/** Outranks every other setting. A repository has no way to add to it. */
const SETTINGS: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.pager=cat",
  "core.attributesFile=/dev/null",
  "core.commitGraph=false",
  "core.multiPackIndex=false",
  // Larger objects are streamed and never held in memory by git.
  "core.bigFileThreshold=16m",
  "protocol.ext.allow=never",
  "protocol.file.allow=never",
  "credential.helper=",
  "gc.auto=0",
  "maintenance.auto=false",
  "fetch.writeCommitGraph=false",
  "fetch.recurseSubmodules=false",
  // Git would say which commit it has, and the server would then leave out the very file that is asked for.
  "fetch.negotiationAlgorithm=noop",
  "submodule.recurse=false",
];

/** What a network needs from the user's environment: the way out, and whom to trust. */
const PASSED_ON: readonly string[] = [
  "PATH",
  "SystemRoot",
  "TMPDIR",
  "TEMP",
  "TMP",
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
  "CURL_CA_BUNDLE",
];

function environment(run: GitRun): Record<string, string> {
  const env: Record<string, string> = {
    LC_ALL: "C",
    HOME: run.gitDir,
    XDG_CONFIG_HOME: run.gitDir,
    GIT_DIR: run.gitDir,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    SSH_ASKPASS: "true",
    GIT_SSH_COMMAND: "false",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_ALLOW_PROTOCOL: run.protocols ?? "none",
  };
  if (run.objects !== undefined) env["GIT_OBJECT_DIRECTORY"] = run.objects;
  for (const name of PASSED_ON) {
    const value = run.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Starts git with nothing but Ajar's own settings. */
export function spawnGit(run: GitRun, args: readonly string[]): ChildProcess {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  return spawn("git", ["--no-pager", ...settings, ...args], {
    cwd: run.gitDir,
    env: environment(run),
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
    // A group of its own: git's transport is a child of git, and would hold the pipes open if only git were stopped.
    detached: HAS_GROUPS,
  });
}

const HAS_GROUPS = process.platform !== "win32";
const running = new Set<ChildProcess>();
let isWatchingExit = false;

/** Stops git with all that it started when Ajar ends, whatever the reason. */
function stopAtExit(child: ChildProcess): void {
  running.add(child);
  child.once("close", () => running.delete(child));
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once("exit", () => {
    for (const left of running) killGroup(left);
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It ended by itself a moment ago.
  }
}

/** How git ended when it did not end well. */
export class GitFailure extends Error {
  /** The last words on stderr, English. */
  readonly talk: string;

  constructor(talk: string) {
    super(`git failed: ${talk}`);
    this.talk = talk;
  }
}

/** Kept of what git says on stderr. */
const TALK_CHARACTERS = 4000;

export interface GitStream {
  /** Lines or bytes for git; closed after them. */
  readonly input?: string;
  /** Called while git runs, about twice a second; a returned error stops it. */
  readonly watch?: () => AjarError | null;
}

const WATCH_MS = 500;

/**
 * What git prints, in chunks. Leaving the loop early stops git.
 * @throws GitFailure when it exits with an error, AjarError UNREACHABLE when it hangs, UNSUPPORTED when git is not installed
 */
export async function* streamGit(run: GitRun, args: readonly string[], options: GitStream = {}): AsyncGenerator<Buffer> {
  run.signal.throwIfAborted();
  const child = spawnGit(run, args);
  const guard = new Guard(child, run, options.watch);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  try {
    if (child.stdout !== null) {
      for await (const chunk of child.stdout) {
        guard.touch();
        yield chunk;
      }
    }
    await guard.ended();
  } finally {
    guard.stop();
  }
}

/** All that git prints, up to `limitBytes`. @throws as `streamGit`, and AjarError OVER_LIMIT */
export async function runGit(run: GitRun, args: readonly string[], limitBytes: number, options: GitStream = {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of streamGit(run, args, options)) {
    total += chunk.length;
    if (total > limitBytes) throw new AjarError("OVER_LIMIT", `git ${args[0] ?? ""} prints more than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Watches one run of git: time without output, interruption, and how it ended. */
export class Guard {
  readonly #child: ChildProcess;
  readonly #run: GitRun;
  readonly #done: Promise<number | null>;
  readonly #watch: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #quietSince = process.hrtime.bigint();
  #talk = "";
  #reason: unknown = null;
  #isWaiting = true;

  constructor(child: ChildProcess, run: GitRun, watch: (() => AjarError | null) | undefined) {
    this.#child = child;
    this.#run = run;
    stopAtExit(child);
    this.#done = new Promise((settle, fail) => {
      child.once("error", fail);
      child.once("close", settle);
    });
    // Errors are reported by ended(); a stream that fails first must not leave this one unhandled.
    this.#done.catch(() => undefined);
    child.stderr?.on("data", (chunk: Buffer) => {
      this.touch();
      this.#talk = (this.#talk + chunk.toString("utf8")).slice(-TALK_CHARACTERS);
    });
    this.#onAbort = () => this.#kill(run.signal.reason);
    run.signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#watch = setInterval(() => this.#look(watch), WATCH_MS);
    this.#watch.unref();
  }

  touch(): void {
    this.#quietSince = process.hrtime.bigint();
  }

  /** Whether git owes an answer; time spent idle between requests is not held against it. */
  set isWaiting(value: boolean) {
    this.#isWaiting = value;
    this.touch();
  }

  #look(watch: (() => AjarError | null) | undefined): void {
    const quietMs = Number((process.hrtime.bigint() - this.#quietSince) / 1_000_000n);
    const problem = watch?.() ?? null;
    if (problem !== null) this.#kill(problem);
    else if (this.#isWaiting && quietMs > this.#run.timeoutMs) {
      this.#kill(new AjarError("UNREACHABLE", `git said nothing for ${this.#run.timeoutMs} ms and was stopped`));
    }
  }

  #kill(reason: unknown): void {
    this.#reason ??= reason;
    killGroup(this.#child);
  }

  /** Waits for the end. @throws the reason git was stopped for, or how it failed */
  async ended(): Promise<void> {
    const status = await this.#done.catch((cause: unknown) => {
      throw new AjarError("UNSUPPORTED", "git cannot be run", { hint: "Install git, or audit a folder instead.", cause });
    });
    if (this.#reason !== null) throw this.#reason;
    if (status !== 0) throw new GitFailure(this.#talk.trim());
  }

  stop(): void {
    clearInterval(this.#watch);
    this.#run.signal.removeEventListener("abort", this.#onAbort);
    if (running.has(this.#child)) killGroup(this.#child);
  }
}
