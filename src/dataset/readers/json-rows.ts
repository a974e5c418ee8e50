// JSON Lines: a row a line, parsed whole where it is of a sane length.
import { isUtf8 } from "node:buffer";
import { type Field, PIECE_UNITS, type RowSink } from "../row.ts";
import { JsonTexts, LEAST_DIGITS, MAX_POINTER_DEPTH, pointerPart } from "./json-texts.ts";
import { eachLine, type Line, type LineRange } from "./lines.ts";

const LEAST_INTEGER = 10 ** (LEAST_DIGITS - 1);

/** Reads JSON Lines. Returns the bytes read. @throws AjarError as the stream */
export async function readJsonLines(chunks: AsyncIterable<Uint8Array>, sink: RowSink, range?: LineRange): Promise<number> {
  const reader = new JsonLineReader(sink);
  const bytes = await eachLine(chunks, (line) => reader.line(line), range);
  return bytes;
}

type Decoder = InstanceType<typeof TextDecoder>;

class JsonLineReader {
  readonly #sink: RowSink;
  #index = 0;
  /** Reads a line that comes in pieces; null where it turned out to be no JSON. */
  #long: { readonly texts: JsonTexts; readonly decoder: Decoder } | null = null;

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  line(line: Line): void {
    if (line.continues || line.more) this.#longLine(line);
    else if (line.bytes.length > 0 && !isBlank(line.bytes)) this.#whole(line.bytes);
  }

  #whole(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    if (!isUtf8(bytes)) this.#sink.broken(this.#index, "invalid-bytes");
    let value: unknown;
    let parsed = true;
    try {
      value = JSON.parse(text);
    } catch {
      parsed = false;
      this.#sink.broken(this.#index, "not-json");
    }
    // What is no JSON is still text that a training run may have read.
    const { fields, isDeep } = parsed ? fieldsOf(value) : { fields: [{ name: "", text }], isDeep: false };
    if (isDeep) this.#sink.broken(this.#index, "too-deep");
    this.#give(fields, bytes.length + 1);
    this.#index += 1;
  }

  #give(fields: readonly Field[], bytes: number): void {
    for (const [pieces, isLast] of piecesOf(fields)) {
      this.#sink.row({ index: this.#index, fields: pieces, bytes: isLast ? bytes : 0, more: !isLast });
    }
  }

  #longLine(line: Line): void {
    const { continues, more } = line;
    if (!continues) {
      this.#sink.broken(this.#index, "long-row");
      this.#long = { texts: new JsonTexts(this.#sink, "root", this.#index), decoder: new TextDecoder() };
    }
    if (this.#long !== null) this.#pushLong(this.#long, line);
    if (!more) {
      this.#long = null;
      this.#index += 1;
    }
  }

  #pushLong({ texts, decoder }: { readonly texts: JsonTexts; readonly decoder: Decoder }, { bytes, more, isCut }: Line): void {
    try {
      texts.push(decoder.decode(bytes, { stream: more || isCut === true }));
      // What goes on where the reading ended is no broken value.
      if (isCut) this.#sink.row({ index: this.#index, fields: [], bytes: 0, more: false });
      else if (!more) texts.end();
    } catch {
      this.#sink.broken(this.#index, "not-json");
      this.#sink.row({ index: this.#index, fields: [], bytes: bytes.length, more: false });
      this.#long = null;
    }
  }
}

/** Fields in groups of bounded length, each with whether it is the last. */
function piecesOf(fields: readonly Field[]): readonly (readonly [readonly Field[], boolean])[] {
  const total = fields.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= PIECE_UNITS * 2) return [[fields, true]];
  const cut = fields.flatMap(cutField);
  return cut.map((field, index) => [[field], index === cut.length - 1] as const);
}

/** A long text as several that continue each other. */
export function cutField({ name, text }: Field): readonly Field[] {
  if (text.length <= PIECE_UNITS) return [{ name, text }];
  const parts: Field[] = [];
  for (let at = 0; at < text.length; at += PIECE_UNITS) {
    parts.push({ name, text: text.slice(at, at + PIECE_UNITS), ...(at === 0 ? {} : { continues: true }) });
  }
  return parts;
}

/** All texts of a parsed value, and integers long enough to be somebody's number. */
export function fieldsOf(value: unknown): { readonly fields: readonly Field[]; readonly isDeep: boolean } {
  if (typeof value === "string") return { fields: [{ name: "", text: value }], isDeep: false };
  const fields: Field[] = [];
  let isDeep = false;
  const stack: { readonly value: unknown; readonly name: string; readonly depth: number }[] = [{ value, name: "", depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { name, depth } = next;
    const text = textOfScalar(next.value);
    if (text !== null) fields.push({ name, text });
    else if (typeof next.value === "object" && next.value !== null && !ArrayBuffer.isView(next.value) && !(next.value instanceof Date)) {
      if (depth > MAX_POINTER_DEPTH) isDeep = true;
      pushMembers(stack, next.value, name, depth);
    }
  }
  return { fields, isDeep };
}

function pushMembers(stack: { value: unknown; name: string; depth: number }[], value: object, name: string, depth: number): void {
  const isDeep = depth >= MAX_POINTER_DEPTH;
  // Last first, since the stack gives the last back first.
  if (Array.isArray(value)) {
    const inner = isDeep ? name : `${name}/*`;
    for (let at = value.length - 1; at >= 0; at -= 1) stack.push({ value: value[at], name: inner, depth: depth + 1 });
    return;
  }
  const entries = Object.entries(value);
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry !== undefined) stack.push({ value: entry[1], name: isDeep ? name : `${name}/${pointerPart(entry[0])}`, depth: depth + 1 });
  }
}

/** The text of a scalar that may say something; null for the rest. */
function textOfScalar(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) && Math.abs(value) >= LEAST_INTEGER ? String(value) : null;
  return typeof value === "bigint" && (value >= LEAST_INTEGER || value <= -LEAST_INTEGER) ? String(value) : null;
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09) return false;
  return true;
}

/** Reads a JSON document. @throws AjarError INCONSISTENT | TRUNCATED with the place, after the rows before it */
export async function readJson(chunks: AsyncIterable<Uint8Array>, sink: RowSink): Promise<number> {
  const texts = new JsonTexts(sink, "elements");
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    texts.push(decoder.decode(chunk, { stream: true }));
  }
  texts.push(decoder.decode());
  texts.end();
  return bytes;
}
