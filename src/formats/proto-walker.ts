// Protobuf wire format (protobuf.dev, "Encoding"): only the fields somebody asks for are read.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { RangeCursor, type RangeCursorLimits } from "./range-cursor.ts";

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;
/** Ten times the nodes and tensors of large exports; many tiny fields would keep a machine busy for a long time. */
const MAX_FIELDS = 500_000;
/** A tag takes five bytes at most, a 64-bit value ten. */
const MAX_VARINT_BYTES = 10;

/** Reads a field's value and says true, or leaves it untouched and says false. */
export type FieldReader = (field: number, wire: number) => Promise<boolean>;

/** Walks through messages over ranged reads; a message ends where its length says, never later. */
export class ProtoWalker {
  readonly #cursor: RangeCursor;
  /** End of the message that is being read. */
  #end: number;
  #fields = 0;

  constructor(reader: ByteReader, limits: RangeCursorLimits) {
    this.#cursor = new RangeCursor(reader, limits);
    this.#end = reader.sizeBytes;
  }

  get offset(): number {
    return this.#cursor.offset;
  }

  /** All fields from here to `end`. @throws AjarError TRUNCATED | INCONSISTENT | OVER_LIMIT */
  async message(end: number, read: FieldReader): Promise<void> {
    const outer = this.#end;
    this.#end = end;
    while (this.offset < end) {
      const tag = await this.count();
      const wire = tag & 7;
      const field = Math.floor(tag / 8);
      if (field === 0) throw this.#broken("field 0");
      this.#fields += 1;
      if (this.#fields > MAX_FIELDS) {
        throw new AjarError("OVER_LIMIT", `protobuf of more than ${MAX_FIELDS} fields`, { offset: this.offset });
      }
      const taken = await read(field, wire);
      if (!taken) await this.#skip(wire);
    }
    this.#end = outer;
  }

  /** The message in the length-delimited field at hand. */
  async inner(read: FieldReader): Promise<void> {
    const length = await this.#length();
    await this.message(this.offset + length, read);
  }

  /** A varint that must be a count. @throws AjarError OVER_LIMIT above 2^53-1 */
  async count(): Promise<number> {
    const at = this.offset;
    if (this.#cursor.here.remaining < MAX_VARINT_BYTES) await this.#cursor.need(Math.min(MAX_VARINT_BYTES, this.#cursor.remaining));
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

  /** @throws AjarError OVER_LIMIT */
  async text(maxBytes: number): Promise<string> {
    const length = await this.#length();
    if (length > maxBytes) {
      throw new AjarError("OVER_LIMIT", `protobuf text of ${length} bytes is over the limit of ${maxBytes}`, { offset: this.offset });
    }
    await this.#cursor.need(length);
    return new TextDecoder().decode(this.#cursor.here.take(length));
  }

  /** Counts packed into one field. */
  async packed(each: (value: number) => void): Promise<void> {
    const length = await this.#length();
    const end = this.offset + length;
    const outer = this.#end;
    this.#end = end;
    while (this.offset < end) each(await this.count());
    this.#end = outer;
  }

  #byte(): number {
    if (this.offset >= this.#end) throw new AjarError("TRUNCATED", `protobuf message ends at ${this.offset}`, { offset: this.offset });
    return this.#cursor.here.u8();
  }

  async #length(): Promise<number> {
    const length = await this.count();
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
      await this.#cursor.need(Math.min(MAX_VARINT_BYTES, this.#cursor.remaining));
      for (let bytes = 0; bytes < MAX_VARINT_BYTES; bytes += 1) if (this.#byte() < 0x80) return;
      throw this.#broken("a number of more than ten bytes");
    }
    const length = wire === DELIMITED ? await this.#length() : wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : -1;
    if (length === -1) throw this.#broken(`wire type ${wire}`);
    this.#checkLeft(length);
    this.#cursor.skip(length);
  }

  #broken(what: string): AjarError {
    return new AjarError("INCONSISTENT", `protobuf holds ${what} at ${this.offset}`, { offset: this.offset });
  }
}
