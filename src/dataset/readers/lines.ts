// Bytes -> lines. A line of any length costs bounded memory: beyond a limit it comes in pieces.
import { joinBytes } from "../../formats/byte-reader.ts";
import { MAX_LINE_BYTES } from "../row.ts";

export interface Line {
  /** Without its end. */
  readonly bytes: Uint8Array;
  /** This is not the first piece of its line. */
  readonly continues: boolean;
  /** More pieces of this line follow. */
  readonly more: boolean;
  /** The last piece that was read, and not the end of the line. */
  readonly isCut?: true;
}

export interface LineRange {
  /** The stream begins inside a line, or right after one; what comes before the first line end is not read. */
  readonly skipFirst: boolean;
  /** Bytes after which no new line is begun; the one that is open then is read to its end. */
  readonly ownBytes: number;
  /** Asked at the end of the stream: whether it ends before its file does. A line that is open there and was not begun to be told is not told. */
  readonly isCut?: () => boolean;
}

const ALL: LineRange = { skipFirst: false, ownBytes: Number.POSITIVE_INFINITY };
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Hands each line to `take`; its bytes are valid during the call. Returns the bytes of the lines read, ends included. @throws AjarError as the stream */
export async function eachLine(chunks: AsyncIterable<Uint8Array>, take: (line: Line) => void, range?: LineRange): Promise<number> {
  const splitter = new LineSplitter(take, range ?? ALL);
  for await (const chunk of chunks) {
    if (splitter.push(chunk)) break;
  }
  return splitter.end();
}

class LineSplitter {
  readonly #take: (line: Line) => void;
  readonly #ownBytes: number;
  readonly #isCut: () => boolean;
  #skipping: boolean;
  /** Pieces of the open line. */
  #parts: Uint8Array[] = [];
  #held = 0;
  #continues = false;
  /** Bytes of the stream seen so far. */
  #seen = 0;
  #taken = 0;
  #done = false;

  constructor(take: (line: Line) => void, { skipFirst, ownBytes, isCut }: LineRange) {
    this.#take = take;
    this.#isCut = isCut ?? (() => false);
    this.#skipping = skipFirst;
    this.#ownBytes = ownBytes;
  }

  /** Whether nothing more is wanted. */
  push(chunk: Uint8Array): boolean {
    let from = 0;
    while (!this.#done) {
      const at = chunk.indexOf(NEWLINE, from);
      if (at === -1) break;
      this.#close(chunk.subarray(from, at));
      from = at + 1;
      if (this.#seen + from >= this.#ownBytes) this.#done = true;
    }
    this.#seen += chunk.length;
    // No line of its own begins here: what is open is the line of somebody before.
    if (this.#skipping && this.#seen >= this.#ownBytes) this.#done = true;
    if (!this.#done) this.#keep(chunk.subarray(from));
    return this.#done;
  }

  #close(rest: Uint8Array): void {
    if (this.#skipping) {
      this.#skipping = false;
      this.#parts = [];
      this.#held = 0;
      return;
    }
    const bytes = this.#parts.length === 0 ? rest : joinBytes([...this.#parts, rest]);
    this.#taken += bytes.length + 1;
    this.#take({ bytes: withoutReturn(bytes), continues: this.#continues, more: false });
    this.#parts = [];
    this.#held = 0;
    this.#continues = false;
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0 || this.#skipping) return;
    // A copy: what the chunk lies in may be used for the next one.
    this.#parts.push(new Uint8Array(rest));
    this.#held += rest.length;
    if (this.#held < MAX_LINE_BYTES) return;
    this.#taken += this.#held;
    this.#take({ bytes: joinBytes(this.#parts), continues: this.#continues, more: true });
    this.#parts = [];
    this.#held = 0;
    this.#continues = true;
  }

  end(): number {
    if (this.#done || this.#skipping || (this.#held === 0 && !this.#continues)) return this.#taken;
    const isCut = this.#isCut();
    if (isCut && !this.#continues) return this.#taken;
    const bytes = joinBytes(this.#parts);
    this.#taken += bytes.length;
    const line = { bytes: withoutReturn(bytes), continues: this.#continues, more: false };
    this.#take(isCut ? { ...line, isCut } : line);
    return this.#taken;
  }
}

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes[bytes.length - 1] === RETURN ? bytes.subarray(0, -1) : bytes;
}
