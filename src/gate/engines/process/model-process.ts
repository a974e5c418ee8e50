// One process for one model: started, asked, watched, and killed when it does not answer.
import { type ChildProcess, fork } from "node:child_process";
import { parse } from "node:path";
import { AjarError } from "../../../core/errors.ts";
import { threadUrl } from "../../../rules/thread-url.ts";
import type { EngineReply, EngineRequest } from "../../contract.ts";
import { missing } from "../llama/library.ts";
import type { ModelOrder } from "../llama/model.ts";
import { MAX_TOKEN_UNITS } from "../llama/run.ts";
import { modelEnvironment } from "./environment.ts";
import { type FromModel, fromModel, type ToModel } from "./messages.ts";
import { Talk } from "./talk.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** In milliseconds; each is counted in ticks, so that a machine that slept finds nobody late. */
export interface Patience {
  readonly tick: number;
  /** Without a word while it is asked something. */
  readonly silence: number;
  /** Until what was aborted has ended: llama.cpp finishes the batch that it calculates. */
  readonly settle: number;
  /** Without progress while it loads. */
  readonly load: number;
}

/**
 * Splitting texts holds up the process, at worst for 3 µs a UTF-16 unit (see {@link MAX_TOKEN_UNITS}); a slow machine gets three times that for each
 * request that may come at once.
 */
export function patienceFor({ context, parallel }: ModelOrder): Patience {
  const splitting = (parallel + 1) * context * MAX_TOKEN_UNITS * 0.01;
  return { tick: 1_000, silence: 5_000 + splitting, settle: 300_000, load: 600_000 };
}

/** How a process ended, in words that hold nothing of a prompt: a signal, an exit code, where an assertion failed, or why it was killed. */
export interface Death {
  readonly how: string;
}

export interface ProcessOptions {
  readonly order: ModelOrder;
  readonly env: Environment;
  readonly patience: Patience;
}

/** What is drawn for a request; see `ModelAsk`. */
export interface Drawn {
  readonly at: number;
  readonly draw: number;
  readonly name: string;
}

/** @throws AjarError ENGINE_MISSING | ENGINE_DOWN, or the signal's reason; no process is left then */
export async function startModel(options: ProcessOptions, signal: AbortSignal): Promise<ModelProcess> {
  signal.throwIfAborted();
  const started = new ModelProcess(options);
  const stop = (): void => void started.kill("not wanted any more");
  signal.addEventListener("abort", stop, { once: true });
  try {
    await started.loaded;
    return started;
  } catch (cause) {
    await started.kill("not loaded");
    signal.throwIfAborted();
    throw cause;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** `…/ggml.c:1234: GGML_ASSERT(…) failed`: of what llama.cpp says when it aborts, only the place in its own source is kept. */
const PLACE = /\/((?:ggml|gguf|llama|unicode)[\w-]{0,60}\.(?:cpp|c|cu|h|m|mm):\d{1,6}): /u;
const STDERR_KEPT = 4_096;
/** Somebody else may hold its standard error open. */
const LAST_WORDS_MS = 200;

export class ModelProcess {
  /** Rejects with AjarError when the model cannot be loaded. */
  readonly loaded: Promise<void>;
  /** Resolves when the process is gone, also after `kill`. */
  readonly gone: Promise<Death>;
  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  readonly #talks = new Map<number, Talk>();
  readonly #pings = new Set<() => void>();
  readonly #ticker: NodeJS.Timeout;
  #state: "loading" | "loaded" | "gone" = "loading";
  #settleLoad: { readonly resolve: () => void; readonly reject: (cause: unknown) => void } | null = null;
  #killed: string | null = null;
  #stderr = "";
  #next = 1;
  /** Ticks without a word from it. */
  #silent = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const { env, order, patience } = options;
    const module = threadUrl(new URL("./child.ts", import.meta.url), "llama-child.cjs");
    this.#child = fork(module, {
      serialization: "advanced",
      env: modelEnvironment(env),
      execArgv: [],
      // What lies beside a model must not become code.
      cwd: parse(process.execPath).root,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.loaded = new Promise((resolve, reject) => {
      this.#settleLoad = { resolve, reject };
    });
    // Whoever started it waits for it; nobody else has to.
    this.loaded.catch(() => undefined);
    this.gone = this.#ending().then((how) => this.#ended(how));
    this.#child.stderr?.setEncoding("latin1").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.#child.on("message", (message) => this.#take(fromModel(message)));
    this.#ticker = setInterval(() => this.#tick(), patience.tick).unref();
    this.#say({ kind: "load", ...order });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Requests that run, with those that are ending. */
  get busy(): number {
    return this.#talks.size;
  }

  send({ endpoint, body, stream, signal }: EngineRequest, drawn: Drawn): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      if (this.#state !== "loaded") {
        reject(new AjarError("ENGINE_DOWN", "the model's process is gone"));
        return;
      }
      const id = this.#next;
      this.#next += 1;
      const talk = new Talk({ resolve, reject, more: (chunks) => this.#say({ kind: "more", id, chunks }) });
      this.#talks.set(id, talk);
      signal.addEventListener("abort", () => this.#abort(id, signal.reason), { once: true });
      this.#say({ kind: "ask", id, endpoint, body, stream, ...drawn });
    });
  }

  /** Whether it says something within this time. */
  answers(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const heard = (): void => {
        clearTimeout(timer);
        resolve(this.#state === "loaded");
      };
      const timer = setTimeout(() => {
        this.#pings.delete(heard);
        resolve(false);
      }, milliseconds);
      this.#pings.add(heard);
      this.#say({ kind: "ping" });
    });
  }

  /** Resolves when it is gone; nothing in it can put that off. */
  async kill(why: string): Promise<void> {
    this.#killed ??= why;
    this.#child.kill("SIGKILL");
    await this.gone;
  }

  #say(message: ToModel): void {
    // What cannot be said any more is seen when the process has ended.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #take(message: FromModel | null): void {
    this.#silent = 0;
    for (const heard of this.#pings) heard();
    this.#pings.clear();
    if (message === null) {
      void this.kill("it said what is no message");
      return;
    }
    if ("id" in message) {
      const talk = this.#talks.get(message.id);
      if (message.kind !== "chunk") this.#talks.delete(message.id);
      talk?.take(message);
    } else if (message.kind === "loaded") {
      this.#state = "loaded";
      this.#settleLoad?.resolve();
    } else if (message.kind === "refused") {
      this.#settleLoad?.reject(message.why === "missing" ? missing(this.#options.env) : this.#unloadable());
    }
  }

  /** Nothing more of it leaves from here on; the process has to follow within its time. */
  #abort(id: number, reason: unknown): void {
    const talk = this.#talks.get(id);
    if (talk === undefined) return;
    talk.unwanted = 0;
    this.#say({ kind: "abort", id });
    talk.stop(reason);
  }

  #tick(): void {
    const { tick, silence, settle, load } = this.#options.patience;
    if (this.#state === "loaded" && this.#talks.size === 0) {
      this.#silent = 0;
      return;
    }
    this.#silent += 1;
    const most = this.#state === "loading" ? load : silence;
    if (this.#silent * tick > most) {
      void this.kill(`it said nothing for ${Math.round(most / 1000)} s`);
      return;
    }
    if (this.#state === "loaded") this.#say({ kind: "ping" });
    for (const talk of this.#talks.values()) {
      if (talk.unwanted === null) continue;
      talk.unwanted += 1;
      if (talk.unwanted * tick > settle) void this.kill(`it did not stop within ${Math.round(settle / 1000)} s`);
    }
  }

  /** How it ended, once what it said about that can have been read. */
  #ending(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.on("error", (cause) => {
        if (this.#child.pid === undefined) resolve(cause.message);
      });
      this.#child.once("exit", (code, ending) => {
        const how = ending ?? `exit code ${code ?? "unknown"}`;
        const timer = setTimeout(() => resolve(how), LAST_WORDS_MS);
        this.#child.once("close", () => {
          clearTimeout(timer);
          resolve(how);
        });
      });
    });
  }

  #ended(how: string): Death {
    clearInterval(this.#ticker);
    this.#state = "gone";
    const place = this.#killed === null ? PLACE.exec(this.#stderr)?.[1] : undefined;
    const death = { how: this.#killed ?? (place === undefined ? how : `${how}, ${place}`) };
    for (const heard of this.#pings) heard();
    this.#settleLoad?.reject(
      new AjarError("ENGINE_DOWN", `llama.cpp ended while it loaded the model: ${death.how}`, {
        subject: this.#options.order.file,
        hint: "The file may be damaged, or made to do harm.",
      }),
    );
    const cause = new AjarError("ENGINE_DOWN", `the model's process ended: ${death.how}`);
    for (const talk of this.#talks.values()) talk.stop(cause);
    this.#talks.clear();
    return death;
  }

  #unloadable(): AjarError {
    return new AjarError("ENGINE_DOWN", "llama.cpp cannot load the model", {
      subject: this.#options.order.file,
      hint: "The file may be damaged, of an architecture that llama.cpp does not know, or larger than memory; try a smaller --context.",
    });
  }
}
