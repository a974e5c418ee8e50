// Fractal heaps: where groups with many links and objects with many attributes keep them
// (HDF5 File Format Specification 3.0, III.G).
import { AjarError } from "../../core/errors.ts";
import { ByteCursor } from "../byte-reader.ts";
import { expectMark, expectVersion, type Hdf5Bytes, uintOf } from "./bytes.ts";

interface HeapHeader {
  readonly address: number;
  readonly idBytes: number;
  readonly width: number;
  readonly startBlock: number;
  readonly maxDirectBlock: number;
  /** Bytes of an offset inside the heap. */
  readonly offsetBytes: number;
  /** Bytes of an object's length in its id. */
  readonly lengthBytes: number;
  readonly root: number;
  /** Rows of the root when it is an indirect block; 0: it is a direct one. */
  readonly rows: number;
}

/** Sizes are powers of two of at most 32 bits (III.G). */
const MAX_ROWS = 64;
const MAX_WIDTH = 1024;
const MAX_OBJECT_BYTES = 16 * 1024 * 1024;

export class FractalHeap {
  readonly #bytes: Hdf5Bytes;
  readonly #header: HeapHeader;

  private constructor(bytes: Hdf5Bytes, header: HeapHeader) {
    this.#bytes = bytes;
    this.#header = header;
  }

  get idBytes(): number {
    return this.#header.idBytes;
  }

  static async open(bytes: Hdf5Bytes, address: number): Promise<FractalHeap> {
    const { offset, length } = bytes.widths;
    const cursor = await bytes.at(address, 22 + 12 * length + 3 * offset);
    expectMark(cursor, "FRHP");
    expectVersion(cursor, "fractal heap", [0]);
    const idBytes = cursor.u16();
    const filterBytes = cursor.u16();
    if (filterBytes > 0) throw new AjarError("UNSUPPORTED", "HDF5 fractal heap with filters", { offset: cursor.offset });
    cursor.skip(1);
    const maxManaged = cursor.u32();
    cursor.skip(10 * length + 2 * offset);
    const width = cursor.u16();
    const startBlock = bytes.length(cursor);
    const maxDirectBlock = bytes.length(cursor);
    const offsetBits = cursor.u16();
    cursor.skip(2);
    const root = bytes.address(cursor);
    const rows = cursor.u16();
    if (width === 0 || width > MAX_WIDTH || startBlock === 0 || rows > MAX_ROWS || root === null) {
      throw new AjarError("INCONSISTENT", `HDF5 fractal heap at ${address} is broken`, { offset: cursor.offset });
    }
    // As the library computes it (H5HF__hdr_finish_init_phase1).
    const lengthBytes = Math.min(Math.ceil(Math.log2(maxDirectBlock) / 8), Math.floor(Math.log2(Math.max(1, maxManaged)) / 8) + 1);
    const offsetBytes = Math.ceil(offsetBits / 8);
    return new FractalHeap(bytes, { address, idBytes, width, startBlock, maxDirectBlock, offsetBytes, lengthBytes, root, rows });
  }

  /** The object that an id names. @throws AjarError with a FormatCode; UNSUPPORTED for huge objects, which lie outside the heap */
  async object(id: Uint8Array, offset: number): Promise<ByteCursor> {
    const cursor = new ByteCursor(id, offset);
    const kind = (cursor.u8() >> 4) & 3;
    if (kind === 2) {
      const size = ((id[0] ?? 0) & 15) + 1;
      return new ByteCursor(cursor.take(Math.min(size, cursor.remaining)), cursor.offset);
    }
    if (kind !== 0) throw new AjarError("UNSUPPORTED", "HDF5 object too large for its heap", { offset });
    const place = uintOf(cursor, this.#header.offsetBytes);
    const size = uintOf(cursor, this.#header.lengthBytes);
    if (size > MAX_OBJECT_BYTES) throw new AjarError("OVER_LIMIT", `HDF5 object of ${size} bytes`, { offset });
    return await this.#bytes.at(await this.#addressOf(place, offset), size);
  }

  /** Bytes of a block in a row of the doubling table: the first two rows have the start's size, each later one twice the last. */
  #blockBytes(row: number): number {
    return this.#header.startBlock * 2 ** Math.max(0, row - 1);
  }

  async #addressOf(place: number, at: number): Promise<number> {
    const { root, rows, width } = this.#header;
    if (rows === 0) return root + place;
    let block = root;
    let left = place;
    for (let depth = 0; depth < MAX_ROWS; depth += 1) {
      let row = 0;
      while (row < MAX_ROWS && left >= width * this.#blockBytes(row)) {
        left -= width * this.#blockBytes(row);
        row += 1;
      }
      const size = this.#blockBytes(row);
      const index = row * width + Math.floor(left / size);
      const child = await this.#child(block, index, at);
      left %= size;
      if (size <= this.#header.maxDirectBlock) return child + left;
      block = child;
    }
    throw new AjarError("INCONSISTENT", "HDF5 fractal heap without an end", { offset: at });
  }

  /** Address of a child of an indirect block: the addresses stand in one row, direct blocks first. */
  async #child(block: number, index: number, at: number): Promise<number> {
    const { offset } = this.#bytes.widths;
    const headBytes = 5 + offset + this.#header.offsetBytes;
    const head = await this.#bytes.at(block, 5);
    expectMark(head, "FHIB");
    const entry = await this.#bytes.at(block + headBytes + index * offset, offset);
    const address = this.#bytes.address(entry);
    if (address !== null) return address;
    throw new AjarError("INCONSISTENT", "HDF5 object lies in a block that is not there", { offset: at });
  }
}
