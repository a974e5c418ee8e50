// A stream on its way to the client: screened, counted, cut when its door shuts, never faster than the client reads.
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ByteFlow, ByteSink, FilterResult, ShutCode, StreamScreen } from "../contract.ts";
import { answerFault, flushed } from "./answer.ts";
import { flowOf } from "./byte-flow.ts";
import type { End, Exchange } from "./exchange.ts";
import { Fault } from "./fault.ts";
import { cutEvents, PassThrough } from "./pass-through.ts";
import { CLIENT_GONE } from "./record.ts";
import { shutFault } from "./state.ts";
import { type Usage, usageIn } from "./usage.ts";

const DONE = Buffer.from("data: [DONE]\n\n");
const NOTHING = Buffer.alloc(0);
const COMMENT = Buffer.from(": keep-alive\n\n");
const HEADERS = [
  "content-type",
  "text/event-stream; charset=utf-8",
  "cache-control",
  "no-cache",
  "x-accel-buffering",
  "no",
  "x-request-id",
];

export class StreamReply implements ByteSink {
  /** Resolves when nothing more can leave. */
  readonly done: Promise<void>;
  readonly #exchange: Exchange;
  readonly #screen: StreamScreen;
  readonly #flow: ByteFlow;
  #hash = createHash("sha256");
  readonly #earlier: readonly FilterResult[];
  #finish: () => void = () => undefined;
  #epoch: number;
  #sent = 0;
  /** The chunk that ends with `[DONE]`, which waits until the log has the call. */
  #tail: Uint8Array = NOTHING;
  #usage: Usage | null = null;
  #over = false;
  #flushing = false;
  /** What came in while the screen was still at an earlier chunk. */
  #waiting: (Uint8Array | "end")[] | null = null;
  #wroteAt = performance.now();
  #stalledAt = 0;
  #atEventEnd = true;

  constructor(exchange: Exchange, screen: StreamScreen | null, chunks: AsyncIterable<Uint8Array> | ByteFlow) {
    this.#exchange = exchange;
    this.#screen = screen ?? new PassThrough(exchange.endpoint);
    this.#earlier = exchange.results;
    this.#epoch = exchange.gate.parts.doors.epoch();
    this.#flow = flowOf(chunks);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#flow.pipe(this);
  }

  chunk(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#waiting !== null) {
      this.#waiting.push(bytes);
      return;
    }
    const out = this.#screen.push(bytes);
    if (out instanceof Promise) this.#await(out);
    else this.#release(out);
  }

  end(): void {
    if (this.#over) return;
    if (this.#waiting !== null) {
      this.#waiting.push("end");
      return;
    }
    const out = this.#screen.end();
    if (out instanceof Promise) this.#await(out, true);
    else this.#releaseLast(out);
  }

  fail(cause: unknown): void {
    if (this.#over) return;
    const code = timedOut(cause) ? "upstream_timeout" : "upstream_error";
    this.#stop(new Fault(code, "the engine broke off"), "upstream_error", "failed");
  }

  /** Ends the stream at once, from outside. */
  cut(fault: Fault): void {
    if (!this.#over) this.#stop(fault, fault.code === "draining" ? "upstream_error" : (fault.code as ShutCode), "cut");
    // All is handed over, but the client has not taken all of it.
    else if (this.#flushing) this.#exchange.response.destroy();
  }

  /** The client went away. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    void this.#close({ outcome: "aborted", code: null }, NOTHING);
  }

  tick(now: number): void {
    const { limits } = this.#exchange.gate;
    if (this.#stalledAt > 0) {
      if (now - this.#stalledAt > limits.stallMs) this.#exchange.response.destroy();
    } else if (this.#over) return;
    else if (now - this.#wroteAt > limits.commentMs && this.#atEventEnd && this.#tail.length === 0) this.#write(COMMENT);
  }

  /** Later chunks wait until the screen is done with this one. */
  #await(out: Promise<Uint8Array>, last = false): void {
    this.#waiting = [];
    this.#flow.pause();
    out.then(
      (bytes) => {
        if (this.#over) return;
        const waiting = this.#waiting ?? [];
        this.#waiting = null;
        if (last) this.#releaseLast(bytes);
        else this.#release(bytes);
        this.#catchUp(waiting);
      },
      (cause: unknown) => this.#broken(cause),
    );
  }

  #catchUp(waiting: readonly (Uint8Array | "end")[]): void {
    for (const [index, next] of waiting.entries()) {
      if (next === "end") this.end();
      else this.chunk(next);
      if (this.#waiting !== null) {
        this.#waiting.push(...waiting.slice(index + 1));
        return;
      }
    }
    if (this.#stalledAt === 0) this.#flow.resume();
  }

  /** A screen that throws has not cleared anything. */
  #broken(cause: unknown): void {
    if (this.#over) return;
    const fault = new Fault("filter_failed", "a filter failed");
    fault.cause = cause;
    this.#stop(fault, "upstream_error", "failed");
  }

  #release(bytes: Uint8Array): void {
    if (!this.#isOpen()) return;
    if (bytes.length > 0) this.#send(bytes);
    if (this.#screen.ended) this.#complete();
  }

  #releaseLast(bytes: Uint8Array): void {
    if (!this.#isOpen()) return;
    if (bytes.length > 0) this.#send(bytes);
    this.#complete();
  }

  /** One comparison for each chunk; only after a change is the door looked at. */
  #isOpen(): boolean {
    const { doors } = this.#exchange.gate.parts;
    const epoch = doors.epoch();
    if (epoch === this.#epoch) return !this.#over;
    this.#epoch = epoch;
    const state = doors.state(this.#exchange.model);
    if (state.kind === "shut") this.#exchange.cut(state.code, shutFault(state).message);
    return !this.#over;
  }

  #send(bytes: Uint8Array): void {
    if (this.#tail.length > 0) this.#put(this.#tail);
    this.#tail = NOTHING;
    this.#usage = usageIn(bytes) ?? this.#usage;
    if (endsDone(bytes)) this.#tail = bytes;
    else this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#exchange.texts?.add("output", bytes);
    this.#sent += bytes.length;
    this.#atEventEnd = bytes[bytes.length - 1] === 0x0a;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    const { response } = this.#exchange;
    const now = performance.now();
    this.#wroteAt = now;
    if (!response.headersSent) this.#open(now);
    if (response.write(bytes) || this.#stalledAt > 0) return;
    this.#stalledAt = now;
    this.#flow.pause();
    response.once("drain", () => {
      this.#stalledAt = 0;
      if (this.#waiting === null && !this.#over) this.#flow.resume();
    });
  }

  #open(now: number): void {
    this.#exchange.firstByteAt ??= now;
    this.#exchange.response.writeHead(200, [...HEADERS, this.#exchange.requestId]);
  }

  #complete(): void {
    this.#over = true;
    const { blocked } = this.#screen;
    const isBroken = this.#screen instanceof PassThrough && this.#screen.broken;
    // What an engine still makes of an answer that has ended, nobody will read.
    if (blocked || isBroken) this.#exchange.stopEngine();
    if (isBroken) void this.#close({ outcome: "failed", code: "upstream_error" }, this.#tail);
    else void this.#close({ outcome: blocked ? "blocked-response" : "answered", code: blocked ? "content_filter" : null }, this.#tail);
  }

  #stop(fault: Fault, code: ShutCode | "upstream_error", outcome: End["outcome"]): void {
    this.#over = true;
    this.#exchange.stopEngine();
    const { response } = this.#exchange;
    if (response.headersSent) void this.#close({ outcome, code: fault.code }, this.#screen.cut(code, fault.message));
    else void this.#refuse(fault, outcome);
  }

  async #refuse(fault: Fault, outcome: End["outcome"]): Promise<void> {
    const told = await this.#log({ outcome, code: fault.code }, fault.status).then(
      () => fault,
      () => new Fault("log_unwritable", "the gate cannot write its log and does not serve without one"),
    );
    answerFault(this.#exchange.response, told, this.#exchange.requestId);
    this.#finish();
  }

  async #close(how: Pick<End, "outcome" | "code">, last: Uint8Array): Promise<void> {
    const { response, endpoint } = this.#exchange;
    const before = { hash: last.length === 0 ? this.#hash : this.#hash.copy(), sent: this.#sent };
    if (last.length > 0) this.#hash.update(last);
    this.#exchange.texts?.ends(last);
    this.#sent += last.length;
    let rest = last;
    try {
      await this.#log(how, how.outcome === "aborted" ? CLIENT_GONE : 200);
      // The log may have taken its time, and the last chunk has not left yet.
      const shut = how.outcome === "answered" && last.length > 0 ? this.#exchange.shut() : null;
      if (shut !== null) {
        rest = cutEvents(endpoint, shut.code as ShutCode, shut.message);
        this.#hash = before.hash.update(rest);
        this.#sent = before.sent + rest.length;
        this.#exchange.texts?.ends(rest);
        await this.#log({ outcome: "cut", code: shut.code }, 200);
      }
    } catch {
      rest = cutEvents(endpoint, "log_unwritable", "the gate cannot write its log");
    }
    // What the client did not take before its door shut must not leave after it; what was written just now leaves within this turn.
    if (how.outcome === "cut" && response.writableLength > 0) await nextTurn();
    if (response.destroyed || (how.outcome === "cut" && response.writableLength > 0)) response.destroy();
    else await this.#end(rest);
    this.#finish();
  }

  async #end(rest: Uint8Array): Promise<void> {
    const { response } = this.#exchange;
    if (!response.headersSent) this.#open(performance.now());
    response.end(rest);
    if (response.writableLength === 0) return;
    this.#flushing = true;
    if (this.#stalledAt === 0) this.#stalledAt = performance.now();
    await flushed(response);
  }

  #log(how: Pick<End, "outcome" | "code">, status: number): Promise<void> {
    this.#exchange.results = [...this.#earlier, ...this.#screen.results()];
    const output = this.#sent === 0 ? null : `sha256:${this.#hash.digest("hex")}`;
    return this.#exchange.log({ ...how, status, output, usage: this.#usage, bytes: this.#sent });
  }
}

function endsDone(bytes: Uint8Array): boolean {
  const start = bytes.length - DONE.length;
  if (start < 0 || bytes[bytes.length - 3] !== 0x5d) return false;
  return DONE.equals(bytes.subarray(start));
}

function timedOut(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENGINE_TIMEOUT";
}
