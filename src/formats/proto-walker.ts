// Protobuf wire format (protobuf.dev, "Encoding"): only the fields somebody asks for are read.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import type { ByteCursor } from "./byte-reader.ts";
import { RangeCursor, type RangeCursorLimits } from "./range-cursor.ts";

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;
/** Ten times the nodes and tensors of large exports; many tiny fields would keep a machine busy for a long time. */
const MAX_FIELDS = 500_000;
/** A tag takes five bytes at most, a 64-bit value ten. */
const MAX_VARINT_BYTES = 10;
/** The recursion limit of protobuf's own readers. */
const MAX_DEPTH = 100;

export interface ProtoLimits extends RangeCursorLimits {
  /** Fields over all messages. */
  readonly maxFields?: number;
}

/** Reads a field's value and says true, or leaves it untouched and says false. */
export type FieldReader = (field: number, wire: number) => boolean | Promise<boolean>;

/** Where a length-delimited field lies in the file; end excluded. */
export interface ProtoPlace {
  readonly start: number;
  readonly end: number;
}

/** Walks through messages over ranged reads; a message ends where its length says, never later. */
export class ProtoWalker {
  readonly #cursor: RangeCursor;
  readonly #maxFields: number;
  /** End of the message that is being read. */
  #end: number;
  #fields = 0;
  #depth = 0;

  constructor(reader: ByteReader, limits: ProtoLimits) {
    this.#cursor = new RangeCursor(reader, limits);
    this.#maxFields = limits.maxFields ?? MAX_FIELDS;
    this.#end = reader.sizeBytes;
  }

  get offset(): number {
    return this.#cursor.offset;
  }

  /** All fields from here to `end`. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT */
  async message(end: number, read: FieldReader): Promise<void> {
    const outer = this.#end;
    this.#end = end;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#overLimit(`messages inside each other, over ${MAX_DEPTH}`);
    while (this.offset < end) {
      const tag = await this.#ready();
      const wire = tag & 7;
      const field = Math.floor(tag / 8);
      if (field === 0) throw this.#broken("field 0");
      this.#fields += 1;
      if (this.#fields > this.#maxFields) throw this.#overLimit(`more than ${this.#maxFields} fields`);
      const taken = read(field, wire);
      if (!(typeof taken === "boolean" ? taken : await taken)) await this.#skip(wire);
    }
    this.#end = outer;
    this.#depth -= 1;
  }

  /** The message in the length-delimited field at hand. */
  async inner(read: FieldReader): Promise<true> {
    const length = await this.#length();
    await this.message(this.offset + length, read);
    return true;
  }

  /** A varint that must be a count. @throws AjarError OVER_LIMIT above 2^53-1 */
  async count(): Promise<number> {
    return await this.#ready();
  }

  /** A varint as a signed 64-bit number: protobuf writes -1 as ten bytes. */
  async signed(): Promise<bigint> {
    await this.#window();
    let value = 0n;
    for (let bytes = 0; bytes < MAX_VARINT_BYTES; bytes += 1) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * bytes);
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw this.#broken("a number of more than ten bytes");
  }

  /** A fixed 32-bit number as a cursor over its four bytes. */
  async fixed32(): Promise<ByteCursor> {
    return await this.#fixed(4);
  }

  /** @throws AjarError OVER_LIMIT */
  async text(maxBytes: number): Promise<string> {
    return new TextDecoder().decode(await this.bytes(maxBytes));
  }

  /** The bytes of the field at hand; valid until the next call. @throws AjarError OVER_LIMIT */
  async bytes(maxBytes: number): Promise<Uint8Array> {
    const length = await this.#length();
    if (length > maxBytes) throw this.#overLimit(`a field of ${length} bytes, over ${maxBytes}`);
    await this.#cursor.need(length);
    return this.#cursor.here.take(length);
  }

  /** As `bytes`, but what is longer is stepped over and null. */
  async peek(maxBytes: number): Promise<Uint8Array | null> {
    const length = await this.#length();
    if (length <= maxBytes) {
      await this.#cursor.need(length);
      return this.#cursor.here.take(length);
    }
    this.#cursor.skip(length);
    return null;
  }

  /** Steps over the field at hand and says where it lies. */
  async place(): Promise<ProtoPlace> {
    const length = await this.#length();
    const start = this.offset;
    this.#cursor.skip(length);
    return { start, end: start + length };
  }

  /** Counts packed into one field. */
  async packed(each: (value: number) => void): Promise<true> {
    const length = await this.#length();
    const end = this.offset + length;
    const outer = this.#end;
    this.#end = end;
    while (this.offset < end) each(await this.#ready());
    this.#end = outer;
    return true;
  }

  async #window(): Promise<void> {
    if (this.#cursor.here.remaining < MAX_VARINT_BYTES) await this.#cursor.need(Math.min(MAX_VARINT_BYTES, this.#cursor.remaining));
  }

  /** The next varint; waits only where the window ends. */
  #ready(): number | Promise<number> {
    return this.#cursor.here.remaining >= MAX_VARINT_BYTES ? this.#varint() : this.#window().then(() => this.#varint());
  }

  #varint(): number {
    const at = this.offset;
    let value = 0;
    let factor = 1;
    for (let bytes = 0; bytes < MAX_VARINT_BYTES; bytes += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte >= 0x80) continue;
      if (Number.isSafeInteger(value)) return value;
      throw new AjarError("OVER_LIMIT", `protobuf number at ${at} is over 2^53-1`, { offset: at });
    }
    throw this.#broken("a number of more than ten bytes");
  }

  async #fixed(length: number): Promise<ByteCursor> {
    this.#checkLeft(length);
    await this.#cursor.need(length);
    return this.#cursor.here;
  }

  #byte(): number {
    if (this.offset >= this.#end) throw new AjarError("TRUNCATED", `protobuf message ends at ${this.offset}`, { offset: this.offset });
    return this.#cursor.here.u8();
  }

  async #length(): Promise<number> {
    const length = await this.#ready();
    this.#checkLeft(length);
    return length;
  }

  #checkLeft(length: number): void {
    if (length <= this.#end - this.offset) return;
    throw new AjarError("TRUNCATED", `protobuf field of ${length} bytes at ${this.offset} passes the end of its message`, {
      offset: this.offset,
    });
  }

  /** Varints in a skipped field may be any 64-bit value, negative ones among them. */
  async #skip(wire: number): Promise<void> {
    if (wire === VARINT) {
      await this.#window();
      for (let bytes = 0; bytes < MAX_VARINT_BYTES; bytes += 1) if (this.#byte() < 0x80) return;
      throw this.#broken("a number of more than ten bytes");
    }
    const length = wire === DELIMITED ? await this.#length() : wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : -1;
    if (length === -1) throw this.#broken(`wire type ${wire}`);
    this.#checkLeft(length);
    this.#cursor.skip(length);
  }

  #overLimit(what: string): AjarError {
    return new AjarError("OVER_LIMIT", `protobuf holds ${what}, at ${this.offset}`, { offset: this.offset });
  }

  #broken(what: string): AjarError {
    return new AjarError("INCONSISTENT", `protobuf holds ${what} at ${this.offset}`, { offset: this.offset });
  }
}
