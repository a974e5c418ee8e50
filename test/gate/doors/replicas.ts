// Replicas as processes, and clients that read from them without end. For tests and bench/doors.ts.
import { type ChildProcess, spawn } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface ReplicaProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

/** @param database as this replica reaches it */
export async function startReplica(database: string, leaseMs: number): Promise<ReplicaProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "replica-child.ts"), database, String(leaseMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the replica ended with ${code}`)));
  });
  return { url, child };
}

export function stopReplica({ child }: ReplicaProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

export interface ReadStream {
  readonly replica: ReplicaProcess;
  tokens: number;
  /** Nanoseconds of the shared clock at which the last token was made that arrived. */
  last: bigint;
  /** `error.code` of the event that ended it; null while it runs, `broken` without such an event. */
  ended: string | null;
  /** Tokens that came behind the event that ended it. */
  late: number;
}

const BODY = JSON.stringify({ model: "tern", stream: true, messages: [{ role: "user", content: "on and on" }] });
const POST = { method: "POST", headers: { "content-type": "application/json", "content-length": String(Buffer.byteLength(BODY)) } };

/** Resolves with the first token. */
export function readStream(replica: ReplicaProcess): Promise<ReadStream> {
  const stream: ReadStream = { replica, tokens: 0, last: 0n, ended: null, late: 0 };
  return new Promise((resolve, reject) => {
    const sent = request(`${replica.url}/v1/chat/completions`, { ...POST, agent: false }, (response) => {
      let rest = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        const events = (rest + text).split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) take(stream, event);
        if (stream.tokens > 0) resolve(stream);
      });
      response.on("close", () => {
        stream.ended ??= "broken";
        reject(new Error(`ended with ${stream.ended} before the first token`));
      });
      response.on("error", () => undefined);
    });
    sent.on("error", (error) => {
      stream.ended ??= "broken";
      reject(error);
    });
    sent.end(BODY);
  });
}

function take(stream: ReadStream, event: string): void {
  const data = event.replace(/^data: /u, "");
  if (data === "[DONE]" || data.startsWith(":")) return;
  const { error, choices } = JSON.parse(data);
  if (error !== undefined) {
    stream.ended = error.code;
    return;
  }
  stream.tokens += 1;
  if (stream.ended !== null) stream.late += 1;
  stream.last = BigInt(choices[0].delta.content.trim());
}

/** Status and `error.code` of a new request. */
export function ask(replica: ReplicaProcess): Promise<{ readonly status: number; readonly code: string | null }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${replica.url}/v1/chat/completions`, { ...POST, agent: false }, (response) => {
      const status = response.statusCode ?? 0;
      if (status === 200) {
        response.destroy();
        resolve({ status, code: null });
        return;
      }
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status, code: JSON.parse(text).error.code }));
    });
    sent.on("error", reject);
    sent.end(BODY);
  });
}

/** Nanoseconds of the clock that all processes of this machine share. */
export function sharedNow(): bigint {
  return process.hrtime.bigint();
}

export function lastToken(streams: readonly ReadStream[]): bigint {
  let latest = 0n;
  for (const { last } of streams) if (last > latest) latest = last;
  return latest;
}

/** Resolves when all of them have ended. */
export async function allEnded(streams: readonly ReadStream[]): Promise<void> {
  while (streams.some(({ ended }) => ended === null)) await new Promise((resolve) => setTimeout(resolve, 10));
}
