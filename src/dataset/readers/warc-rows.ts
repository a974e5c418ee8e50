// WARC 1.0 and 1.1 (ISO 28500): a record a row, its text and the headers that say where it is from and who reserved what.
import { AjarError } from "../../core/errors.ts";
import { ChunkInput } from "../../formats/chunk-input.ts";
import { type Field, MAX_LINE_BYTES, type RowSink } from "../row.ts";
import { textOf } from "./bytes.ts";
import { cutField } from "./json-rows.ts";

/** Lines of a record's head, and bytes of one. */
const MAX_HEAD_LINES = 200;
const MAX_HEAD_BYTES = 64 * 1024;
/** Records that hold what was fetched, or the text of it. */
const WITH_TEXT: readonly string[] = ["response", "conversion", "resource"];
const TEXTUAL = /^(?:text\/|application\/(?:xhtml|xml|json)|application\/http)/iu;

/** Reads records. Returns the bytes read. @throws AjarError INCONSISTENT where a record does not begin, TRUNCATED inside one */
export async function readWarc(chunks: AsyncIterable<Uint8Array>, sink: RowSink): Promise<number> {
  const input = new ChunkInput(chunks);
  let index = 0;
  try {
    while (!(await input.isAtEnd())) {
      const at = input.position;
      const head = await readHead(input);
      if (head === null) break;
      if (await readRecord(input, at, head, { sink, index })) index += 1;
    }
    return input.position;
  } finally {
    await input.close();
  }
}

/** The rest of a record whose head was read; whether it was a row. */
async function readRecord(
  input: ChunkInput,
  at: number,
  [version = "", ...lines]: readonly string[],
  { sink, index }: { readonly sink: RowSink; readonly index: number },
): Promise<boolean> {
  if (!/^WARC\/\d/u.test(version)) throw new AjarError("INCONSISTENT", `no WARC record at ${at}`, { offset: at });
  const headers = headerMap(lines);
  const length = Number(headers.get("content-length") ?? "0");
  if (!Number.isSafeInteger(length) || length < 0) throw new AjarError("INCONSISTENT", `no length of the record at ${at}`, { offset: at });
  const isText = WITH_TEXT.includes(headers.get("warc-type") ?? "") && TEXTUAL.test(headers.get("content-type") ?? "");
  const body = isText ? await input.need(Math.min(length, MAX_LINE_BYTES)) : new Uint8Array(0);
  await input.skip(length - body.length);
  if (!isText) return false;
  if (body.length < length) sink.broken(index, "long-row");
  giveRecord(sink, index, headers, body, input.position - at);
  return true;
}

/** The lines up to the empty one; null at the end of the file. */
async function readHead(input: ChunkInput): Promise<readonly string[] | null> {
  const lines: string[] = [];
  let total = 0;
  for (;;) {
    const line = await readLine(input);
    if (line === null) return lines.length === 0 ? null : lines;
    total += line.length;
    if (line === "" && lines.length > 0) return lines;
    if (line !== "") lines.push(line);
    if (lines.length > MAX_HEAD_LINES || total > MAX_HEAD_BYTES) {
      throw new AjarError("OVER_LIMIT", "the head of a record is too long", { offset: input.position });
    }
  }
}

async function readLine(input: ChunkInput): Promise<string | null> {
  const bytes: number[] = [];
  for (;;) {
    const [byte] = await input.take(1);
    if (byte === undefined) return bytes.length === 0 ? null : Buffer.from(bytes).toString("utf8");
    if (byte === 0x0a) return Buffer.from(bytes).toString("utf8").replace(/\r$/u, "");
    if (bytes.length >= MAX_HEAD_BYTES)
      throw new AjarError("OVER_LIMIT", "a line of a record's head is too long", { offset: input.position });
    bytes.push(byte);
  }
}

function headerMap(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function giveRecord(sink: RowSink, index: number, headers: ReadonlyMap<string, string>, body: Uint8Array, bytes: number): void {
  const isHttp = (headers.get("content-type") ?? "").toLowerCase().startsWith("application/http");
  const headEnd = isHttp ? endOfHead(body) : 0;
  const { text, valid } = textOf(body.subarray(headEnd));
  if (!valid) sink.broken(index, "invalid-bytes");
  const url = headers.get("warc-target-uri");
  const fields: Field[] = [
    ...(url === undefined ? [] : [{ name: "url", text: url }]),
    ...(headEnd === 0 ? [] : [{ name: "http", text: Buffer.from(body.subarray(0, headEnd)).toString("latin1") }]),
    ...cutField({ name: "text", text }),
  ];
  for (const [at, field] of fields.entries()) {
    const isLast = at === fields.length - 1;
    sink.row({ index, fields: [field], bytes: isLast ? bytes : 0, more: !isLast });
  }
}

function endOfHead(body: Uint8Array): number {
  const at = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf("\r\n\r\n");
  return at === -1 ? 0 : at + 4;
}
