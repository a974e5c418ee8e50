// Runs `ajar serve` in this process, each time in a home of its own, and asks it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { run } from "../../src/cli/run.ts";
import { llamaEnv } from "../support/llama.ts";

const checkout = join(import.meta.dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "ajar-serve-"));
beforeAll(() => {
  if (!existsSync(join(checkout, "dist", "gate", "index.html")))
    execFileSync(process.execPath, ["scripts/build.ts", "--no-types"], { cwd: checkout, stdio: "ignore" });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A home of its own, so that nothing of this machine's gates takes part. */
export function home(): { readonly folder: string; readonly env: Readonly<Record<string, string>> } {
  folders += 1;
  const folder = mkdtempSync(join(root, `h${folders}-`));
  return { folder, env: { ...llamaEnv, XDG_STATE_HOME: join(folder, "state"), XDG_CACHE_HOME: join(folder, "cache"), AJAR_OFFLINE: "1" } };
}

export interface Running {
  readonly url: string;
  readonly said: string;
  /** All that it said until now. */
  saidSoFar(): string;
  stop(): Promise<number>;
}

/** Starts the command and waits for its address. */
export async function serve(words: readonly string[], { folder, env }: ReturnType<typeof home>): Promise<Running> {
  const stop = new AbortController();
  let said = "";
  const writer = {
    isTTY: false,
    columns: 80,
    write: async (text: string): Promise<void> => {
      said += text;
    },
  };
  const ended = run(["serve", "--port", "0", "--no-progress", ...words], {
    env,
    cwd: folder,
    stdout: writer,
    stderr: writer,
    readStdin: async () => "",
    stdin: async function* () {},
    signal: stop.signal,
    now: () => new Date("2026-01-02T03:04:05Z"),
  });
  let code: number | null = null;
  void ended.then((value) => {
    code = value;
  });
  await vi.waitFor(() => expect(said + (code ?? "")).toMatch(/http:\/\/\S+|\d$/u), { timeout: 30_000 });
  const url = /http:\/\/[\d.:]+/u.exec(said)?.[0];
  if (url === undefined) throw new Error(said);
  return {
    url,
    said,
    saidSoFar: () => said,
    async stop() {
      stop.abort();
      return await ended;
    },
  };
}

export async function ask(
  url: string,
  path: string,
  body?: object,
  key?: string,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const headers = { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const response = await fetch(`${url}${path}`, body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}
