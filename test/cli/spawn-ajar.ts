// Runs the real program, from source, in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const program = join(import.meta.dirname, "..", "..", "src", "bin.ts");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Arguments for Node itself. */
  readonly node?: readonly string[];
  /** Called once with the process, e.g. to send it a signal. */
  readonly started?: (child: ChildProcess) => void;
}

/** Only what a program needs to run: the test machine's own settings must not decide a test. */
const BASE_ENV = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  NODE_COMPILE_CACHE: join(import.meta.dirname, "..", "..", "node_modules", ".cache", "ajar-test"),
};

export function spawnAjar(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.node ?? []), program, ...args], {
      cwd: options.cwd,
      env: { ...BASE_ENV, ...options.env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    options.started?.(child);
  });
}
