import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { DEFAULT_LIMITS, type Source, type SourceContext, type SourceEntry, type SourceLimits } from "../../src/core/source.ts";

/** An empty folder that goes away with the test. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ajar-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For a whole test file: the product's scratch folders go to a folder of their own, and none may be left in it. */
export function leavesNothingBehind(): void {
  const temporary = mkdtempSync(join(tmpdir(), "ajar-test-"));
  const usual = process.env["TMPDIR"];
  beforeAll(() => {
    process.env["TMPDIR"] = temporary;
  });
  afterAll(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    const left = readdirSync(temporary);
    rmSync(temporary, { recursive: true });
    expect(left).toEqual([]);
  });
}

export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export function context(
  cwd: string,
  options: { limits?: Partial<SourceLimits>; offline?: boolean; signal?: AbortSignal } = {},
): SourceContext {
  return {
    offline: options.offline ?? true,
    env: process.env,
    cwd,
    signal: options.signal ?? new AbortController().signal,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    progress: () => undefined,
  };
}

export async function entriesOf(source: Source): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) entries.push(entry);
  return entries;
}

export async function pathsOf(source: Source): Promise<string[]> {
  return (await entriesOf(source)).map(({ path }) => path);
}

export async function textAt(source: Source, path: string): Promise<string> {
  return Buffer.from(await source.read(path)).toString("utf8");
}

/** The AjarError that a promise ends in; anything else fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<AjarError> {
  const outcome = await promise.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
  if (outcome instanceof AjarError) return outcome;
  throw outcome;
}

/** The user's git, with an identity and none of the user's settings; for making repositories, not for reading them. */
export function git(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" };
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, ...args], { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

export const LFS_POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 123456\n`;
