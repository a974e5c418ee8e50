// What the actions of `ajar data` share: how targets are named, what sources may see, what is shown meanwhile.
import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Rows } from "../../dataset/plan.ts";
import type { CommandContext } from "../command.ts";
import { startProgress } from "../progress.ts";
import { sourceContext } from "../requests.ts";

/** More threads only wait for the disk. */
const MAX_THREADS = 8;

/** A data file is read as it lies, a packed one too: `a.jsonl.gz` is no archive of a release. */
export function referenceOf(operand: string, cwd: string): string {
  const path = resolve(cwd, operand);
  const isFile = !operand.includes("\0") && existsSync(path) && statSync(path).isFile();
  return isFile && !/\.(?:zip|tar|tgz|whl|tar\.\w+)$/iu.test(operand) ? `file:${operand}` : operand;
}

/** Data are read to their end, however large. */
export function dataContext(context: CommandContext, progress: (message: string) => void): ReturnType<typeof sourceContext> {
  const base = sourceContext(context, progress);
  const maxBytes = context.options.number("max-bytes") ?? Number.MAX_SAFE_INTEGER;
  return { ...base, limits: { ...base.limits, maxBytes } };
}

export function rowsOf({ options }: CommandContext): Rows {
  return options.text("rows") === "full" ? "full" : "sample";
}

export function threadsOf({ options }: CommandContext): number {
  return options.number("jobs") ?? Math.min(MAX_THREADS, availableParallelism());
}

/** Runs some work with its progress shown, and ends the line before anything else is written. */
export async function withProgress<T>(context: CommandContext, work: (progress: (message: string) => void) => Promise<T>): Promise<T> {
  const { options, env, stderr, signal } = context;
  const quiet = options.flag("quiet") === true || options.flag("progress") === false || (env["CI"] ?? "") !== "";
  const progress = startProgress(stderr, !quiet);
  try {
    const result = await work(progress.show);
    signal.throwIfAborted();
    return result;
  } finally {
    progress.end();
  }
}
