// Ten minutes of clients as they are: quick, slow, gone in the middle, and talking nonsense. Every answer has to be its own, once, and memory flat.
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Target } from "./targets.ts";

const MINUTE_MS = 60_000;
/** Clients of each kind at the same time. */
const KINDS = { quick: 12, slow: 6, leaving: 6, nonsense: 3 } as const;
/** Growth from the second minute on that is still flat. */
const FLAT = 1.15;

interface Counts {
  sent: number;
  answered: number;
  /** Another's answer, a second answer, or none: each is a fault. */
  wrong: number;
  left: number;
  refused: number;
}

/** Whether all went well. */
export async function soak(target: Target, minutes: number): Promise<boolean> {
  const counts: Counts = { sent: 0, answered: 0, wrong: 0, left: 0, refused: 0 };
  const end = performance.now() + minutes * MINUTE_MS;
  const memory: number[] = [];
  const watch = (async () => {
    while (performance.now() < end) {
      await wait(Math.min(MINUTE_MS / 4, Math.max(100, end - performance.now())));
      const rss = await memoryOf(target);
      memory.push(rss);
      process.stdout.write(`${((memory.length * 15) / 60).toFixed(2)} min  rss ${(rss / 1e6).toFixed(0)} MB  ${JSON.stringify(counts)}\n`);
    }
  })();
  const clients = Object.entries(KINDS).flatMap(([kind, count]) =>
    Array.from({ length: count }, async (_, index) => {
      for (let turn = 0; performance.now() < end; turn += 1)
        await ACTS[kind as keyof typeof KINDS](target, counts, `${kind}${index}n${turn}x`);
    }),
  );
  await Promise.all([watch, ...clients]);
  const early = memory[Math.min(4, memory.length - 1)] ?? 0;
  const late = Math.max(...memory.slice(-4));
  const isFlat = late <= early * FLAT;
  process.stdout.write(
    `memory after a minute ${(early / 1e6).toFixed(0)} MB, at the end ${(late / 1e6).toFixed(0)} MB: ${isFlat ? "flat" : "grows"}\n`,
  );
  process.stdout.write(`lost, doubled or swapped answers: ${counts.wrong}\n`);
  return isFlat && counts.wrong === 0 && counts.sent === counts.answered;
}

function memoryOf({ process: child }: Target): Promise<number> {
  return new Promise((resolve) => {
    child.once("message", (said) => resolve((said as { memory: NodeJS.MemoryUsage }).memory.rss));
    child.send("memory");
  });
}

const ACTS = { quick, slow, leaving, nonsense } as const;

function body(user: string, stream: boolean, pause: number): string {
  return `{"model":"tern","seed":${pause},"messages":[{"role":"user","content":"${user} Which bird flies the furthest?"}],"stream":${stream}}`;
}

function post(text: string): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

function open({ url }: Target): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  return socket;
}

/** What came before the connection ended, was quiet for long, or `until` saw enough. */
function read(socket: Socket, until: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const settle = (): void => {
      clearTimeout(timer);
      socket.off("data", take);
      resolve(text);
    };
    const take = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (until(text)) settle();
    };
    const timer = setTimeout(settle, 30_000);
    socket.on("data", take);
    socket.once("close", settle);
  });
}

function isWhole(text: string): boolean {
  if (text.includes("text/event-stream")) return text.endsWith("\r\n0\r\n\r\n");
  const head = text.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/iu.exec(text)?.[1];
  return head !== -1 && length !== undefined && text.length >= head + 4 + Number(length);
}

function judge(text: string, user: string, counts: Counts): void {
  const mine = text.split(user).length - 1;
  const whole = isWhole(text) && (text.match(/HTTP\/1\.1 /gu)?.length ?? 0) === 1;
  if (text.startsWith("HTTP/1.1 200") && mine === 1 && whole) counts.answered += 1;
  else counts.wrong += 1;
}

/** Four questions on one connection, one after the other, whole and streamed. */
async function quick(target: Target, counts: Counts, user: string): Promise<void> {
  const socket = open(target);
  for (let turn = 0; turn < 4; turn += 1) {
    counts.sent += 1;
    socket.write(post(body(`${user}${turn}y`, turn % 2 === 1, 0)));
    judge(await read(socket, isWhole), `${user}${turn}y`, counts);
  }
  socket.destroy();
}

/** Writes its question in pieces, and reads a slow stream slowly. */
async function slow(target: Target, counts: Counts, user: string): Promise<void> {
  const socket = open(target);
  counts.sent += 1;
  const text = post(body(user, true, 20));
  for (let at = 0; at < text.length; at += 40) {
    socket.write(text.slice(at, at + 40));
    await wait(5);
  }
  const reading = setInterval(() => {
    socket.pause();
    setTimeout(() => socket.resume(), 40);
  }, 80);
  judge(await read(socket, isWhole), user, counts);
  clearInterval(reading);
  socket.destroy();
}

/** Hangs up: before the question is whole, after it, or in the middle of the answer. */
async function leaving(target: Target, counts: Counts, user: string): Promise<void> {
  const socket = open(target);
  const text = post(body(user, true, 10));
  const when = counts.left % 3;
  counts.left += 1;
  socket.write(when === 0 ? text.slice(0, text.length - 10) : text);
  if (when === 2) await read(socket, (got) => got.includes(user));
  else await wait(when === 0 ? 5 : 15);
  socket.destroy();
  await wait(2);
}

const NONSENSE: readonly string[] = [
  "\0\x01\x02\x03",
  "GET / HTTP/9.9\r\n\r\n",
  post("{"),
  post('{"model":"tern","model":'),
  post('{"model":"none"}'),
  post("[".repeat(5000)),
  "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  `GET /${"a".repeat(20_000)} HTTP/1.1\r\n\r\n`,
  post('{"model":"tern"}').replace("application/json", "text/plain"),
];

async function nonsense(target: Target, counts: Counts, _user: string): Promise<void> {
  const socket = open(target);
  socket.write(NONSENSE[counts.refused % NONSENSE.length] ?? "");
  counts.refused += 1;
  const text = await read(socket, (got) => got.includes("\r\n\r\n"));
  if (!/^HTTP\/1\.1 [45]/u.test(text)) counts.wrong += 1;
  socket.destroy();
  await wait(10);
}
