// The gate's side of a model's process, and the process's side, without one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteFlow, EngineReply } from "../../contract.ts";
import { modelEnvironment } from "./environment.ts";
import { fromModel, WINDOW } from "./messages.ts";
import { nextStart } from "./restarts.ts";
import { Talk } from "./talk.ts";
import { Window } from "./window.ts";

const bytes = new Uint8Array([1]);

describe("what a process says", () => {
  it("is one of the messages, or nothing", () => {
    const kinds = fc.constantFrom("loading", "loaded", "pong", "refused", "whole", "ended", "failed", "aborted", "chunk", "else");
    const odd = fc.oneof(fc.anything(), fc.record({ kind: kinds, id: fc.anything(), body: fc.anything(), status: fc.anything() }));
    fc.assert(
      fc.property(odd, (value) => {
        const read = fromModel(value);
        if (read === null) return;
        if (read.kind === "whole")
          expect([typeof read.id, typeof read.status, read.body instanceof Uint8Array]).toEqual(["number", "number", true]);
        if (read.kind === "chunk") expect([typeof read.id, read.bytes instanceof Uint8Array]).toEqual(["number", true]);
      }),
    );
    expect(fromModel({ kind: "chunk", id: 1, bytes, more: 1 })).toEqual({ kind: "chunk", id: 1, bytes });
    expect(fromModel({ kind: "chunk", id: 1, bytes: "x" })).toBeNull();
    expect(fromModel({ kind: "refused", why: "else" })).toBeNull();
    expect(fromModel(null)).toBeNull();
  });
});

/** A talk with what it resolved to, and how many chunks it said were taken. */
function talking(): { readonly talk: Talk; readonly reply: Promise<EngineReply>; readonly told: () => number } {
  let told = 0;
  let talk: Talk | undefined;
  const reply = new Promise<EngineReply>((resolve, reject) => {
    talk = new Talk({
      resolve,
      reject,
      more: (chunks) => {
        told += chunks;
      },
    });
  });
  if (talk === undefined) throw new Error("unreachable");
  return { talk, reply, told: () => told };
}

async function flowOf(reply: Promise<EngineReply>): Promise<ByteFlow> {
  const made = await reply;
  if (made.kind === "stream" && "pipe" in made.chunks) return made.chunks;
  throw new Error("no stream");
}

describe("a talk", () => {
  it("hands chunks on in order, tells how many were taken, and keeps what comes while it is paused", async () => {
    const { talk, reply, told } = talking();
    for (let at = 0; at < WINDOW; at += 1) talk.take({ kind: "chunk", id: 1, bytes: new Uint8Array([at]) });
    const flow = await flowOf(reply);
    const seen: number[] = [];
    let end = "";
    flow.pipe({
      chunk: ([first]) => {
        seen.push(first ?? -1);
        if (seen.length === 3) flow.pause();
      },
      end: () => {
        end = "end";
      },
      fail: () => undefined,
    });
    expect([seen, told()]).toEqual([[0, 1, 2], 0]);
    talk.take({ kind: "ended", id: 1 });
    expect(end).toBe("");
    flow.resume();
    expect(seen).toEqual(Array.from({ length: WINDOW }, (_, at) => at));
    expect([end, told()]).toEqual(["end", WINDOW]);
  });

  it("drops what waits when it is stopped, also while it is paused, and says it once", async () => {
    const { talk, reply } = talking();
    talk.take({ kind: "chunk", id: 1, bytes });
    const flow = await flowOf(reply);
    const seen: unknown[] = [];
    flow.pause();
    flow.pipe({ chunk: () => seen.push("chunk"), end: () => seen.push("end"), fail: (cause) => seen.push(cause) });
    talk.stop("why");
    talk.stop("again");
    talk.take({ kind: "chunk", id: 1, bytes });
    talk.take({ kind: "ended", id: 1 });
    flow.resume();
    expect(seen).toEqual(["why"]);
  });

  it("does not keep more than a window of what nobody takes", async () => {
    const { talk, reply } = talking();
    for (let at = 0; at < 3 * WINDOW; at += 1) talk.take({ kind: "chunk", id: 1, bytes });
    const flow = await flowOf(reply);
    const failed = new Promise((resolve, reject) => flow.pipe({ chunk: reject, end: () => reject(new Error("it ended")), fail: resolve }));
    expect(await failed).toMatchObject({ code: "ENGINE_DOWN" });
  });

  it("stopped before its first word is a reply that failed; a stream that says nothing is one", async () => {
    const stopped = talking();
    stopped.talk.stop(new Error("why"));
    await expect(stopped.reply).rejects.toThrow("why");
    const failed = talking();
    failed.talk.take({ kind: "failed", id: 1 });
    await expect(failed.reply).rejects.toMatchObject({ code: "ENGINE_DOWN" });
    const empty = talking();
    empty.talk.take({ kind: "ended", id: 1 });
    const flow = await flowOf(empty.reply);
    await new Promise<void>((resolve, reject) => flow.pipe({ chunk: reject, end: resolve, fail: reject }));
  });
});

describe("a window", () => {
  it("lets so many chunks go and waits for those that were taken", async () => {
    const stop = new AbortController();
    const window = new Window(stop.signal);
    for (let at = 0; at < WINDOW; at += 1) await window.take();
    let passed = 0;
    const more = window.take().then(() => {
      passed += 1;
    });
    await new Promise(setImmediate);
    expect(passed).toBe(0);
    window.give(1);
    await more;
    const last = window.take();
    stop.abort(new Error("over"));
    await expect(last).rejects.toThrow("over");
    window.give(1);
    await expect(window.take()).rejects.toThrow("over");
  });
});

describe("a process that died", () => {
  const policy = { delays: [1, 10], window: 100 };
  it("is started again so often, and not when it dies too often in too short a time", () => {
    expect(nextStart([0], policy)).toBe(1);
    expect(nextStart([0, 50], policy)).toBe(10);
    expect(nextStart([0, 50, 99], policy)).toBeNull();
    expect(nextStart([0, 50, 100], policy)).toBe(10);
    expect(nextStart([0], { delays: [], window: 100 })).toBeNull();
  });

  it("gets of the environment what it needs and no key", () => {
    const env = { PATH: "/bin", HOME: "/root", OPENAI_API_KEY: "s", HF_TOKEN: "s", AJAR_DATABASE_URL: "s", NODE_OPTIONS: "-r x" };
    expect(modelEnvironment(env)).toEqual({ PATH: "/bin", HOME: "/root", GGML_NO_BACKTRACE: "1" });
  });
});
