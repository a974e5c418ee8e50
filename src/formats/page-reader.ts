import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { ByteCursor, checkRange } from "./byte-reader.ts";

export interface PageLimits {
  /** Bytes that may be fetched in all. */
  readonly maxBytes: number;
  /** Largest piece that may be asked for at once. */
  readonly maxPiece: number;
}

/** Small enough to leave weights alone between two places, large enough for most of what lies together. */
const PAGE_BYTES = 16 * 1024;
/** Pieces asked for, and their bytes, those asked for again included: parts may point at the same places over and over. */
const MAX_LOOKS = 3_000_000;
const MAX_LOOKED_BYTES = 1024 * 1024 * 1024;
/** 4 MiB are kept: places that are visited again are mostly near. */
const MAX_PAGES = 256;

/** Random access for formats whose parts point at each other: fetches pages, keeps those used last. */
export class PageReader {
  readonly sizeBytes: number;
  readonly #reader: ByteReader;
  readonly #limits: PageLimits;
  /** In order of last use. */
  readonly #pages = new Map<number, Uint8Array>();
  #fetched = 0;
  #looks = 0;
  #lookedBytes = 0;

  constructor(reader: ByteReader, limits: PageLimits) {
    this.#reader = reader;
    this.#limits = limits;
    this.sizeBytes = reader.sizeBytes;
  }

  /** Exactly `length` bytes from `start`. @throws AjarError TRUNCATED | OVER_LIMIT with the offset */
  async at(start: number, length: number): Promise<ByteCursor> {
    checkRange(start, length, this.sizeBytes);
    this.#looks += 1;
    this.#lookedBytes += length;
    if (this.#looks > MAX_LOOKS || this.#lookedBytes > MAX_LOOKED_BYTES) {
      throw new AjarError("OVER_LIMIT", "structure that leads to the same places again and again", { offset: start });
    }
    const first = Math.floor(start / PAGE_BYTES);
    const within = start - first * PAGE_BYTES;
    if (within + length <= PAGE_BYTES) {
      const page = await this.#page(first);
      return new ByteCursor(page.subarray(within, within + length), start);
    }
    if (length > this.#limits.maxPiece) {
      throw new AjarError("OVER_LIMIT", `${length} bytes at ${start} are over the limit of ${this.#limits.maxPiece}`, { offset: start });
    }
    return new ByteCursor(await this.#fetch(start, length), start);
  }

  async #page(index: number): Promise<Uint8Array> {
    let page = this.#pages.get(index);
    if (page === undefined) {
      const start = index * PAGE_BYTES;
      page = await this.#fetch(start, Math.min(PAGE_BYTES, this.sizeBytes - start));
      const [oldest] = this.#pages.keys();
      if (oldest !== undefined && this.#pages.size >= MAX_PAGES) this.#pages.delete(oldest);
    } else this.#pages.delete(index);
    this.#pages.set(index, page);
    return page;
  }

  async #fetch(start: number, length: number): Promise<Uint8Array> {
    this.#fetched += length;
    if (this.#fetched > this.#limits.maxBytes) {
      throw new AjarError("OVER_LIMIT", `more than ${this.#limits.maxBytes} bytes of structure`, { offset: start });
    }
    return await this.#reader.read(start, length);
  }
}
