// What all screened streams do: read events, write events, end well-formed, whatever happens.
import type { Endpoint, FilterResult, JsonObject, ShutCode, StreamScreen } from "../../contract.ts";
import type { Emit } from "./channel.ts";
import { BadStream, type SseEvent, SseReader } from "./sse.ts";

const NOTHING = new Uint8Array(0);
const DONE = "data: [DONE]\n\n";

/** What goes out of one call of `push` or `end`. */
class Output {
  #text = "";
  readonly #parts: Uint8Array[] = [];

  readonly emit: Emit = (event, bytes) => {
    if (bytes === null) this.write(eventText(event));
    else {
      this.#flush();
      this.#parts.push(bytes);
    }
  };

  write(text: string): void {
    this.#text += text;
  }

  done(): void {
    this.write(DONE);
  }

  take(): Uint8Array {
    if (this.#text === "" && this.#parts.length === 0) return NOTHING;
    this.#flush();
    const [only] = this.#parts;
    if (only === undefined) return NOTHING;
    const bytes = this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    this.#parts.length = 0;
    return bytes;
  }

  #flush(): void {
    if (this.#text !== "") this.#parts.push(Buffer.from(this.#text, "utf8"));
    this.#text = "";
  }
}

function eventText(event: JsonObject): string {
  const { type } = event;
  // Events of /v1/responses name their type twice.
  const name = typeof type === "string" ? `event: ${type}\n` : "";
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

export type Trouble = "malformed" | "overflow" | "failed";

export abstract class EventStream implements StreamScreen {
  ended = false;
  blocked = false;
  protected readonly out = new Output();
  readonly #endpoint: Endpoint;
  readonly #reader: SseReader;
  #trouble: Trouble | null = null;
  /** Whether the stream itself said that it is done. */
  #said = false;

  constructor(endpoint: Endpoint, eventBytes: number) {
    this.#endpoint = endpoint;
    this.#reader = new SseReader(eventBytes);
  }

  push(chunk: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (this.ended) return NOTHING;
    return this.#guarded(() => {
      const events = this.#reader.push(chunk);
      if (events.length === 0) return undefined;
      for (const event of events) this.#take(event);
      return this.ended ? undefined : this.settle(this.#said);
    });
  }

  end(): Uint8Array | Promise<Uint8Array> {
    if (this.ended) return NOTHING;
    return this.#guarded(() => {
      // What was cut inside an event is not known to be whole.
      if (this.#reader.isInside) throw new BadStream("malformed", "the stream ended inside an event");
      return this.settle(true);
    });
  }

  cut(code: ShutCode | "upstream_error", message: string): Uint8Array {
    if (this.ended) return NOTHING;
    this.ended = true;
    this.forget();
    const error = { message, type: code === "upstream_error" ? "upstream_error" : "door_error", param: null, code };
    if (this.#endpoint === "responses") this.out.emit({ ...error, type: "error", sequence_number: this.sequence() }, null);
    else {
      this.out.emit({ error }, null);
      this.out.done();
    }
    return this.out.take();
  }

  abstract results(): readonly FilterResult[];
  /** Takes an event with data other than `[DONE]`. @throws BadStream */
  protected abstract take(json: JsonObject, event: SseEvent, isSame: boolean): void;
  /** Gives out what may leave; at the end, all that is left or the reason why not. */
  protected abstract settle(isEnd: boolean): Promise<void> | undefined;
  /** Drops what is held. */
  protected abstract forget(): void;
  /** Ends the answer because of trouble, without what is held. */
  protected abstract abandon(trouble: Trouble): void;
  protected sequence(): number {
    return 0;
  }

  protected get trouble(): Trouble | null {
    return this.#trouble;
  }

  protected get isSaid(): boolean {
    return this.#said;
  }

  /** Ends the stream: nothing more leaves after what is written. */
  protected close(): void {
    this.ended = true;
    if (this.#endpoint !== "responses" || this.#said) this.out.done();
  }

  /** Gives out what was written before the trouble and ends the answer. */
  protected fail(trouble: Trouble): void {
    this.#trouble = trouble;
    this.blocked = true;
    this.forget();
    this.abandon(trouble);
    this.close();
  }

  #guarded(run: () => Promise<void> | undefined): Uint8Array | Promise<Uint8Array> {
    try {
      const more = run();
      if (more === undefined) return this.out.take();
      return more.then(
        () => this.out.take(),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** Whatever goes wrong, what was not let go stays. */
  #failed(error: unknown): Uint8Array {
    if (!this.ended) this.fail(error instanceof BadStream ? (error.kind === "too-long" ? "overflow" : "malformed") : "failed");
    return this.out.take();
  }

  #take(event: SseEvent): void {
    if (this.ended || this.#said) return;
    if (event.data === null) {
      // Whatever a comment says, a client needs to know no more than that the stream lives.
      this.out.write(": keep-alive\n\n");
      return;
    }
    if (event.data === "[DONE]") {
      this.#said = true;
      return;
    }
    const json = parse(event.data);
    // Sent on as it came only where nothing else than what was read stands in it, such as a member that is there twice.
    this.take(json, event, event.isPlain && JSON.stringify(json) === event.data);
  }
}

function parse(data: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    throw new BadStream("malformed", "an event is not JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new BadStream("malformed", "an event is no JSON object");
  return json as JsonObject;
}
