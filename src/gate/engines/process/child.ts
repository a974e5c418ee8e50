// The process of one model. Whatever goes wrong in native code ends this process, and no other model's streams.
import { isMainThread, Worker } from "node:worker_threads";
import { AjarError } from "../../../core/errors.ts";
import { loadLibrary } from "../llama/library.ts";
import { type LlamaModel, loadModel } from "../llama/model.ts";
import type { FromModel, ToModel } from "./messages.ts";
import { Window } from "./window.ts";

const LOOK_MS = 1_000;

function serve(): void {
  // Who ends the gate by a signal to all its processes wants it to drain first; the gate ends this one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
  process.on("disconnect", end);
  new Worker(process.argv[1] ?? "").unref();
  const server = new ModelServer();
  process.on("message", (message) => server.take(message as ToModel));
}

/** Whose parent is gone ends; this thread also runs while native code holds up the other. */
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, LOOK_MS);
}

/** Nothing has to be put in order, and native threads that still calculate cannot keep it. */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}

function say(message: FromModel): void {
  process.send?.(message);
}

interface Running {
  readonly stop: AbortController;
  readonly window: Window;
}

class ModelServer {
  #model: LlamaModel | null = null;
  readonly #running = new Map<number, Running>();

  take(message: ToModel): void {
    switch (message.kind) {
      case "load":
        void this.#load(message);
        break;
      case "ask":
        void this.#answer(message);
        break;
      case "abort":
        this.#running.get(message.id)?.stop.abort(new Error("the reply is no longer wanted"));
        break;
      case "more":
        this.#running.get(message.id)?.window.give(message.chunks);
        break;
      case "ping":
        say({ kind: "pong" });
        break;
    }
  }

  async #load(order: Extract<ToModel, { kind: "load" }>): Promise<void> {
    try {
      const library = await loadLibrary(process.env);
      let last = -1;
      this.#model = await loadModel(library, order, (share) => {
        const percent = Math.floor(share * 100);
        if (percent !== last) say({ kind: "loading" });
        last = percent;
      });
      say({ kind: "loaded" });
    } catch (cause) {
      say({ kind: "refused", why: cause instanceof AjarError && cause.code === "ENGINE_MISSING" ? "missing" : "file" });
    }
  }

  async #answer({ id, ...ask }: Extract<ToModel, { kind: "ask" }>): Promise<void> {
    const stop = new AbortController();
    const window = new Window(stop.signal);
    this.#running.set(id, { stop, window });
    let last: FromModel;
    try {
      if (this.#model === null) throw new AjarError("BUG", "asked before it was loaded");
      const reply = await this.#model.answer({ ...ask, signal: stop.signal }, async (bytes) => {
        await window.take();
        say({ kind: "chunk", id, bytes });
      });
      last = reply === null ? { kind: "ended", id } : { ...reply, id };
    } catch {
      last = { kind: stop.signal.aborted ? "aborted" : "failed", id };
    }
    this.#running.delete(id);
    say(last);
  }
}

if (isMainThread) serve();
else watchParent();
