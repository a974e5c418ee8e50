import type { ByteRange, Source } from "../core/source.ts";

/** Longest start of a file that is kept: what a header reader and a scanner ask for first. */
const MAX_HEAD = 64 * 1024;
/** Starts kept; a detector and the scan come by within one audit. */
const MAX_HEADS = 256;

/** Reads of a source; starts of files that several readers ask for are had once. */
export class HeadCache implements Pick<Source, "read"> {
  readonly #source: Pick<Source, "read">;
  readonly #heads = new Map<string, Uint8Array>();

  constructor(source: Pick<Source, "read">) {
    this.#source = source;
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (range === undefined || range.start !== 0 || range.length > MAX_HEAD) return await this.#source.read(path, range);
    const key = `${range.length}:${path}`;
    const known = this.#heads.get(key);
    if (known !== undefined) return known;
    const bytes = await this.#source.read(path, range);
    if (this.#heads.size < MAX_HEADS) this.#heads.set(key, bytes);
    return bytes;
  }
}
