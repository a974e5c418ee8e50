// An answer of an upstream while it comes in: all of it when it is JSON, piece by piece when it is a stream.
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { AjarError } from "../../core/errors.ts";
import type { ByteFlow, ByteSink, EngineReply } from "../contract.ts";

/** Whole answers are kept in memory: embeddings of a large batch reach some ten megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

type Controller = Dispatcher.DispatchController;

export class UpstreamReply implements Dispatcher.DispatchHandler, ByteFlow {
  readonly #signal: AbortSignal;
  readonly #resolve: (reply: EngineReply) => void;
  readonly #reject: (cause: unknown) => void;
  #controller: Controller | null = null;
  #status = 0;
  #retryAfter: number | undefined;
  #size = 0;
  #first: Uint8Array | null = null;
  #more: Uint8Array[] | null = null;
  #streams = false;
  #sink: ByteSink | null = null;
  /** What came in before anybody wanted it. */
  #early: Uint8Array[] = [];
  #ended = false;
  #failure: unknown = null;
  #paused = false;

  constructor(signal: AbortSignal, resolve: (reply: EngineReply) => void, reject: (cause: unknown) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#stop();
    else this.#signal.addEventListener("abort", this.#stop, { once: true });
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    const type = String(headers["content-type"] ?? "");
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      controller.abort(down("the upstream compressed its answer unasked"));
      return;
    }
    if (status === 200 && /^text\/event-stream\b/iu.test(type)) {
      this.#streams = true;
      this.#resolve({ kind: "stream", status, chunks: this });
    } else if (status < 300 && !/^application\/(?:[a-z.-]+\+)?json\b/iu.test(type)) {
      controller.abort(down("the upstream answered with something that is not JSON"));
    } else if (headers["retry-after"] !== undefined) this.#retryAfter = seconds(String(headers["retry-after"]));
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#streams) {
      if (this.#sink === null) this.#early.push(chunk);
      else this.#sink.chunk(chunk);
      return;
    }
    this.#size += chunk.length;
    if (this.#size > MOST_BYTES) controller.abort(down(`the upstream answered with more than ${MOST_BYTES} bytes`));
    else if (this.#first === null) this.#first = chunk;
    else {
      this.#more ??= [this.#first];
      this.#more.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#signal.removeEventListener("abort", this.#stop);
    if (this.#streams) {
      this.#ended = true;
      this.#sink?.end();
      return;
    }
    const body = this.#more === null ? (this.#first ?? NOTHING) : Buffer.concat(this.#more, this.#size);
    const reply = { kind: "whole", status: this.#status, body } as const;
    this.#resolve(this.#retryAfter === undefined ? reply : { ...reply, retryAfter: this.#retryAfter });
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#signal.removeEventListener("abort", this.#stop);
    const failure = this.#signal.aborted ? this.#signal.reason : asAjarError(error);
    if (!this.#streams) this.#reject(failure);
    else if (this.#sink === null) this.#failure = failure;
    else this.#sink.fail(failure);
  }

  pipe(sink: ByteSink): void {
    this.#sink = sink;
    for (const chunk of this.#early) sink.chunk(chunk);
    this.#early = [];
    if (this.#failure !== null) sink.fail(this.#failure);
    else if (this.#ended) sink.end();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#controller?.resume();
  }

  readonly #stop = (): void => {
    const reason: unknown = this.#signal.reason;
    this.#controller?.abort(reason instanceof Error ? reason : new Error("aborted"));
  };
}

const TIMEOUTS: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

function asAjarError(error: Error & { code?: string }): AjarError {
  if (error instanceof AjarError) return error;
  if (TIMEOUTS.has(error.code ?? "")) return new AjarError("ENGINE_TIMEOUT", "the upstream did not answer in time", { cause: error });
  return down("the upstream cannot be reached, or broke off", error);
}

function down(message: string, cause?: unknown): AjarError {
  return new AjarError("ENGINE_DOWN", message, cause === undefined ? {} : { cause });
}

function seconds(text: string): number | undefined {
  return /^\d{1,6}$/u.test(text) ? Number(text) : undefined;
}
