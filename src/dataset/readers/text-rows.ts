// Plain text: a page is one row, a longer file a row a line.
import { isUtf8 } from "node:buffer";
import { joinBytes } from "../../formats/byte-reader.ts";
import type { RowSink } from "../row.ts";
import { textOf } from "./bytes.ts";
import { eachLine, type Line, type LineRange } from "./lines.ts";

/** What is longer is a collection, and its lines are the texts. */
export const PAGE_BYTES = 1024 * 1024;

/** Reads a page as one row. @throws AjarError as the stream */
export async function readPage(chunks: AsyncIterable<Uint8Array>, sink: RowSink): Promise<number> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const bytes = joinBytes(parts);
  if (bytes.length === 0) return 0;
  const { text, valid } = textOf(bytes);
  if (!valid) sink.broken(0, "invalid-bytes");
  if (text.includes("\0")) sink.broken(0, "nul-bytes");
  sink.row({ index: 0, fields: [{ name: "", text }], bytes: bytes.length, more: false });
  return bytes.length;
}

/** Reads text a row a line; empty lines are none. @throws AjarError as the stream */
export async function readTextLines(chunks: AsyncIterable<Uint8Array>, sink: RowSink, range?: LineRange): Promise<number> {
  const reader = new TextLineReader(sink);
  return await eachLine(chunks, (line) => reader.line(line), range);
}

class TextLineReader {
  readonly #sink: RowSink;
  #index = 0;
  #decoder = new TextDecoder();

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  line(line: Line): void {
    const { bytes, continues, more } = line;
    if (bytes.length === 0 && !continues) return;
    const text = this.#decoder.decode(bytes, { stream: more });
    this.#note(line, text);
    const field = continues ? ({ name: "", text, continues: true } as const) : { name: "", text };
    this.#sink.row({ index: this.#index, fields: [field], bytes: bytes.length + (more ? 0 : 1), more });
    if (more) return;
    this.#index += 1;
    if (continues) this.#decoder = new TextDecoder();
  }

  #note({ bytes, continues, more }: Line, text: string): void {
    const isWhole = !more && !continues;
    if (more && !continues) this.#sink.broken(this.#index, "long-row");
    if (isWhole && !isUtf8(bytes)) this.#sink.broken(this.#index, "invalid-bytes");
    if (text.includes("\0")) this.#sink.broken(this.#index, "nul-bytes");
  }
}
