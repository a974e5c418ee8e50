// Where the process meets the program: streams, signals, exit code. Everything behind it can be run without a process.

import { fstatSync } from "node:fs";
import { AjarError, EXIT, type ExitCode } from "../core/errors.ts";
import type { Writer } from "./command.ts";
import { run, type Surroundings } from "./run.ts";

/** Time a cancelled audit gets to remove its temporary folders. */
const GRACE_MS = 2000;

/** Runs one command line and ends the process with its exit code. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
    setTimeout(() => process.exit(EXIT.interrupted), GRACE_MS).unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const context: Surroundings = {
    env: process.env,
    cwd: process.cwd(),
    stdout: writerOf(1, () => process.stdout),
    stderr: writerOf(2, () => process.stderr),
    readStdin,
    stdin: () => process.stdin,
    signal: stop.signal,
    now: () => new Date(),
  };
  const code: ExitCode = await run(argv, context);
  // Sockets kept open for reuse must not keep the process alive; all output has left by now.
  process.exit(code);
}

/** A stream is made when something is written: a pipe needs Node's network code, and most runs say nothing on stderr. */
function writerOf(descriptor: number, make: () => NodeJS.WriteStream): Writer {
  let isOpen = true;
  let made: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    // The reader went away (`ajar audit x | head`): its choice, nothing to tell.
    made ??= make().on("error", () => {
      isOpen = false;
    });
    return made;
  };
  return {
    get isTTY(): boolean {
      return isDevice(descriptor) && stream().isTTY === true;
    },
    get columns(): number {
      return isDevice(descriptor) ? (stream().columns ?? 0) : 0;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (!isOpen) resolve();
        else stream().write(text, (error) => (error && descriptor === 1 && isDiskError(error) ? reject(unwritable(error)) : resolve()));
      }),
  };
}

/** A terminal is a device; a pipe or a file is none. */
function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // Closed before the start.
    return false;
  }
}

const DISK_ERRORS: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG", "EIO"];

function isDiskError(error: Error): boolean {
  return "code" in error && DISK_ERRORS.includes(error.code);
}

/** A full disk behind stdout must not pass for an empty report. */
function unwritable(cause: Error): AjarError {
  const hint = "Free space, or write elsewhere with -o FILE.";
  return new AjarError("OUTPUT_UNWRITABLE", `the report could not be written: ${cause.message}`, {
    subject: "standard output",
    hint,
    cause,
  });
}

/** A list of targets or a license text; more is a mistake. */
const STDIN_LIMIT_BYTES = 16 * 1024 ** 2;

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    chunks.push(bytes);
    if (size > STDIN_LIMIT_BYTES) {
      throw new AjarError("OVER_LIMIT", `more than ${STDIN_LIMIT_BYTES} bytes`, {
        subject: "standard input",
        hint: "Name a file in place of -.",
      });
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}
