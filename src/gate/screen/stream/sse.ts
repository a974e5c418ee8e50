// Server-sent events out of bytes that may be cut anywhere (HTML Standard, section 9.2.6), read strictly.

const LF = 0x0a;
const CR = 0x0d;

export interface SseEvent {
  /** The `event` field, empty where there is none. */
  readonly type: string;
  /** The `data` fields, joined by line ends; null for an event that has none, such as a comment. */
  readonly data: string | null;
  /** The event as it came, with its blank line. */
  readonly bytes: Uint8Array;
  /** Whether the bytes hold nothing but type and data, each in one line that ends with LF. */
  readonly isPlain: boolean;
}

/** What is no stream of events: bytes that are no UTF-8, a field that nobody knows, an event that is too long. */
export class BadStream extends Error {
  readonly kind: "malformed" | "too-long";
  constructor(kind: "malformed" | "too-long", message: string) {
    super(message);
    this.kind = kind;
  }
}

export class SseReader {
  readonly #limit: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #buffer: Uint8Array = new Uint8Array(512);
  #length = 0;
  /** Where the line begins that is being read, and whether the last byte was a CR whose LF may follow. */
  #lineStart = 0;
  #afterCr = false;
  #first = true;

  /** @param limit bytes of one event */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Events that this chunk completed. @throws BadStream */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    const size = chunk.length;
    for (let at = 0; at < size; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#afterCr) {
        this.#afterCr = false;
        if (byte === LF) {
          // It ends the line that the CR ended; after a whole event it begins none.
          if (this.#length > 0) this.#lineStart = this.#append(byte);
          continue;
        }
      }
      const isBlank = this.#length === this.#lineStart && (byte === LF || byte === CR);
      const length = this.#append(byte);
      if (byte !== LF && byte !== CR) continue;
      this.#lineStart = length;
      this.#afterCr = byte === CR;
      if (isBlank) this.#take(events);
    }
    return events;
  }

  /** Whether an event has begun and not ended: a stream that ends here was cut. */
  get isInside(): boolean {
    return this.#length > 0;
  }

  #append(byte: number): number {
    if (this.#length >= this.#limit) throw new BadStream("too-long", "an event is longer than the policy allows");
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    return this.#length;
  }

  #take(events: SseEvent[]): void {
    const bytes = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    this.#lineStart = 0;
    const event = this.#parse(bytes);
    if (event !== null) events.push(event);
  }

  #parse(bytes: Uint8Array): SseEvent | null {
    const text = this.#text(bytes);
    const plain = plainData(text);
    if (plain !== null) return { type: "", data: plain, bytes, isPlain: true };
    const lines = text.split(/\r\n|\n|\r/u);
    const fields = lines.filter((line) => line !== "").map(fieldOf);
    if (fields.length === 0) return null;
    const data = fields.filter(({ name }) => name === "data").map(({ value }) => value);
    const types = fields.filter(({ name }) => name === "event").map(({ value }) => value);
    return {
      type: types.at(-1) ?? "",
      data: data.length === 0 ? null : data.join("\n"),
      bytes,
      isPlain: data.length === 1 && types.length <= 1 && fields.length === data.length + types.length && !bytes.includes(CR),
    };
  }

  #text(bytes: Uint8Array): string {
    let text: string;
    try {
      text = this.#decoder.decode(bytes);
    } catch {
      throw new BadStream("malformed", "an event is not UTF-8");
    }
    const isMarked = this.#first && text.startsWith("\ufeff");
    this.#first = false;
    return isMarked ? text.slice(1) : text;
  }
}

/** The data of an event that is one line `data: …`, as nearly all are; null for any other. */
function plainData(text: string): string | null {
  if (!text.startsWith("data: ") || !text.endsWith("\n\n")) return null;
  const end = text.length - 2;
  return text.indexOf("\n") === end && !text.includes("\r") ? text.slice("data: ".length, end) : null;
}

const FIELDS = new Set(["data", "event", "id", "retry", ""]);

/** Name and value of a line; a comment has no name. @throws BadStream for a name that is none of the standard's */
function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(":");
  const name = colon === -1 ? line : line.slice(0, colon);
  if (!FIELDS.has(name)) throw new BadStream("malformed", "an event has a field that is none of server-sent events");
  const rest = colon === -1 ? "" : line.slice(colon + 1);
  return { name, value: rest.startsWith(" ") ? rest.slice(1) : rest };
}
