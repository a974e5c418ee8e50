// Runs a command line without a process, catching what it writes.

import { run } from "../../src/cli/run.ts";
import type { ExitCode } from "../../src/core/errors.ts";

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly isTTY?: boolean;
}

export async function runInProcess(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const writer = (name: "stdout" | "stderr") => ({
    isTTY: around.isTTY ?? false,
    columns: 80,
    write: async (text: string): Promise<void> => {
      written[name] += text;
    },
  });
  const code = await run(argv, {
    env: around.env ?? {},
    cwd: around.cwd ?? process.cwd(),
    stdout: writer("stdout"),
    stderr: writer("stderr"),
    readStdin: async () => around.stdin ?? "",
    stdin: async function* () {
      yield Buffer.from(around.stdin ?? "");
    },
    signal: new AbortController().signal,
    now: () => new Date("2026-06-01T12:00:00Z"),
  });
  return { code, ...written };
}
