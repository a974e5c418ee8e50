// One request to the process of a model, as the gate's side sees it: its reply, or the chunks of a stream as fast as they are taken.
import { AjarError } from "../../../core/errors.ts";
import type { ByteFlow, ByteSink, EngineReply } from "../../contract.ts";
import { type FromModel, WINDOW } from "./messages.ts";

/** Chunks that were taken are told of by so many at once. */
const TOLD_AT = WINDOW / 2;

export interface TalkEnds {
  readonly resolve: (reply: EngineReply) => void;
  readonly reject: (cause: unknown) => void;
  /** So many chunks were taken. */
  readonly more: (chunks: number) => void;
}

type Ending = { readonly kind: "end" } | { readonly kind: "fail"; readonly cause: unknown };

export class Talk implements ByteFlow {
  readonly #ends: TalkEnds;
  readonly #waiting: Uint8Array[] = [];
  #sink: ByteSink | null = null;
  #state: "asked" | "streaming" | "over" = "asked";
  #ending: Ending | null = null;
  #paused = false;
  #pumping = false;
  #taken = 0;
  /** Ticks since nobody wants it any more; null while somebody does. */
  unwanted: number | null = null;

  constructor(ends: TalkEnds) {
    this.#ends = ends;
  }

  take(message: Extract<FromModel, { id: number }>): void {
    if (this.#state === "over" || this.#ending !== null) return;
    switch (message.kind) {
      case "whole": {
        const { status, body, retryAfter } = message;
        this.#state = "over";
        this.#ends.resolve({ kind: "whole", status, body, ...(retryAfter === undefined ? {} : { retryAfter }) });
        break;
      }
      case "chunk":
        this.#open();
        this.#waiting.push(message.bytes);
        this.#pump();
        // A process that does not keep to its window is damaged; what it says is not kept without end.
        if (this.#waiting.length > WINDOW) this.stop(new AjarError("ENGINE_DOWN", "llama.cpp failed"));
        break;
      case "ended":
        this.#open();
        this.#ending = { kind: "end" };
        this.#pump();
        break;
      default:
        this.stop(new AjarError("ENGINE_DOWN", "llama.cpp failed"));
    }
  }

  /** Ends it at once: what waits is dropped. */
  stop(cause: unknown): void {
    if (this.#state === "over") return;
    this.#waiting.length = 0;
    if (this.#state === "asked") {
      this.#state = "over";
      this.#ends.reject(cause);
      return;
    }
    this.#ending = { kind: "fail", cause };
    this.#paused = false;
    this.#pump();
  }

  pipe(sink: ByteSink): void {
    this.#sink = sink;
    this.#pump();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  /** A stream begins with its first byte: until then it may still be refused. */
  #open(): void {
    if (this.#state !== "asked") return;
    this.#state = "streaming";
    this.#ends.resolve({ kind: "stream", status: 200, chunks: this });
  }

  #pump(): void {
    const sink = this.#sink;
    if (sink === null || this.#pumping) return;
    this.#pumping = true;
    while (!this.#paused) {
      const bytes = this.#waiting.shift();
      if (bytes === undefined) break;
      sink.chunk(bytes);
      this.#count();
    }
    this.#pumping = false;
    if (!this.#paused && this.#waiting.length === 0 && this.#ending !== null) this.#finish(sink, this.#ending);
  }

  #count(): void {
    this.#taken += 1;
    if (this.#taken < TOLD_AT) return;
    this.#ends.more(this.#taken);
    this.#taken = 0;
  }

  #finish(sink: ByteSink, ending: Ending): void {
    if (this.#state === "over") return;
    this.#state = "over";
    if (ending.kind === "end") sink.end();
    else sink.fail(ending.cause);
  }
}
