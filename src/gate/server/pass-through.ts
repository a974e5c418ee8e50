// The stream of a call that no filter looks at: bytes go on as they are, in whole events, so that a stream can be cut between two.
import type { Endpoint, FilterResult, ShutCode, StreamScreen } from "../contract.ts";
import { KINDS } from "./fault.ts";

const NOTHING = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;
/** Longer events are no answer of a model. */
const LONGEST_EVENT = 16 * 1024 * 1024;
const NO_RESULTS: readonly FilterResult[] = [];

export class PassThrough implements StreamScreen {
  readonly #endpoint: Endpoint;
  /** The beginning of an event whose end has not come yet, in the pieces in which it came. */
  #held: Uint8Array[] = [];
  #heldSize = 0;
  ended = false;
  /** Whether it ended because the engine's bytes were no stream of events. */
  broken = false;
  readonly blocked = false;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  push(chunk: Uint8Array): Uint8Array {
    // A piece without a line end completes nothing.
    if (this.#heldSize > 0 && !chunk.includes(LF)) return this.#hold(chunk, NOTHING);
    const from = this.#heldSize;
    const whole = from === 0 ? chunk : Buffer.concat([...this.#held, chunk], from + chunk.length);
    const end = endOfEvents(whole, from);
    this.#held = [];
    this.#heldSize = 0;
    return end === whole.length ? whole : this.#hold(whole.subarray(end), whole.subarray(0, end));
  }

  end(): Uint8Array {
    this.ended = true;
    return this.#held.length === 0 ? NOTHING : Buffer.concat(this.#held);
  }

  #hold(rest: Uint8Array, released: Uint8Array): Uint8Array {
    this.#heldSize += rest.length;
    if (this.#heldSize > LONGEST_EVENT) {
      this.broken = true;
      return Buffer.concat([released, this.cut("upstream_error", "the engine sent an event without an end")]);
    }
    // Its own memory: the rest of the chunk must not live on with it.
    this.#held.push(Buffer.from(rest));
    return released;
  }

  cut(code: ShutCode | "upstream_error", message: string): Uint8Array {
    this.ended = true;
    this.#held = [];
    return cutEvents(this.#endpoint, code, message);
  }

  results(): readonly FilterResult[] {
    return NO_RESULTS;
  }
}

/** Where the last whole event ends. Blank lines before `from` were already looked for, but for one that is only now complete. */
function endOfEvents(bytes: Uint8Array, from: number): number {
  const size = bytes.length;
  if (size >= 2 && bytes[size - 1] === LF && bytes[size - 2] === LF) return size;
  for (let at = size - 1; at >= Math.max(1, from - 3); at -= 1) {
    if (bytes[at] !== LF) continue;
    const before = bytes[at - 1] === CR ? at - 2 : at - 1;
    if (bytes[before] === LF) return at + 1;
  }
  return 0;
}

/** The events that end a stream with an error: OpenAI's clients raise it as they would an answer's. */
export function cutEvents(endpoint: Endpoint, code: ShutCode | "upstream_error" | "log_unwritable", message: string): Uint8Array {
  const error = { message, type: KINDS[code].type, param: null, code };
  if (endpoint === "responses") return Buffer.from(`event: error\ndata: ${JSON.stringify({ ...error, type: "error" })}\n\n`);
  return Buffer.from(`data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`);
}
