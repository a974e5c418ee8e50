// The processes that bench:gate asks, started on loopback, each behind the same upstream.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly process: ChildProcess;
}

const JSON_TYPE = { "content-type": "application/json" } as const;
const PATH = "/v1/chat/completions";

/** One of this folder's programs; it tells its port. */
export async function program(file: string, args: readonly string[] = []): Promise<{ process: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, file), [...args], { execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (said) => resolve((said as { port: number }).port));
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { process: child, url: `http://127.0.0.1:${port}` };
}

export async function own(name: string, file: string, args: readonly string[]): Promise<Target> {
  return { name, path: PATH, headers: JSON_TYPE, ...(await program(file, args)) };
}

/** Portkey's gateway, where AJAR_PORTKEY names the folder into which `npm install @portkey-ai/gateway` put it. */
export async function portkey(upstream: string): Promise<Target | null> {
  const folder = process.env["AJAR_PORTKEY"];
  if (folder === undefined) return null;
  const at = join(folder, "node_modules", "@portkey-ai", "gateway");
  const { version } = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { version: string };
  const port = await freePort();
  const child = spawn(process.execPath, [join(at, "build", "start-server.js"), `--port=${port}`, "--headless"], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await answers(url, child);
  const headers = { ...JSON_TYPE, authorization: "Bearer x", "x-portkey-provider": "openai", "x-portkey-custom-host": upstream };
  return { name: `Portkey ${version}`, url, path: PATH, headers, process: child };
}

/** LiteLLM's proxy, where AJAR_LITELLM names a virtual environment into which `pip install 'litellm[proxy]'` put it. */
export async function litellm(upstream: string, folder: string): Promise<Target | null> {
  const home = process.env["AJAR_LITELLM"];
  if (home === undefined || !existsSync(join(home, "bin", "litellm"))) return null;
  const config = join(folder, "litellm.yaml");
  const params = { model: "openai/scripted", api_base: upstream, api_key: "x" };
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: "tern", litellm_params: params }] }));
  const port = await freePort();
  const args = ["--config", config, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "1", "--telemetry", "False"];
  const child = spawn(join(home, "bin", "litellm"), args, {
    stdio: "ignore",
    env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" },
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/health/liveliness`, child);
  return { name: "LiteLLM", url, path: PATH, headers: { ...JSON_TYPE, authorization: "Bearer x" }, process: child };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) break;
    if ((await fetch(url).catch(() => null)) !== null) return;
    await wait(250);
  }
  throw new Error(`nothing answers at ${url}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Milliseconds of processor time that a process has used, from /proc (proc(5): utime and stime in hundredths of a second). */
export function cpuMs({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
