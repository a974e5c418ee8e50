// What was unpacked last, which matches copy from. It grows with what is unpacked, whatever size the file asks for.
import { damaged } from "./range-coder.ts";

const FIRST_BYTES = 1024 * 1024;
/** Room behind a full dictionary: the more, the more rarely it is moved. A chunk unpacks to 2 MiB at most. */
const ROOM_BYTES = 4 * 1024 * 1024;

export class Window {
  readonly #size: number;
  #bytes = new Uint8Array(FIRST_BYTES);
  #end = 0;
  /** Bytes since the dictionary was emptied. */
  position = 0;

  /** `size`: how far back a match may reach. */
  constructor(size: number) {
    this.#size = size;
  }

  empty(): void {
    this.#end = 0;
    this.position = 0;
  }

  /** Makes room for so many bytes; gives the place where they will begin. */
  reserve(length: number): number {
    if (this.#end + length > this.#bytes.length) {
      const kept = Math.min(this.#end, this.#size);
      const most = Math.max(this.#size + ROOM_BYTES, kept + length);
      const wanted = Math.min(most, Math.max(this.#bytes.length * 2, kept + length));
      const from = this.#bytes.subarray(this.#end - kept, this.#end);
      if (wanted > this.#bytes.length) this.#bytes = new Uint8Array(wanted);
      this.#bytes.set(from, 0);
      this.#end = kept;
    }
    return this.#end;
  }

  /** A copy of what was put since a place that `reserve` gave. */
  since(place: number): Uint8Array {
    return this.#bytes.slice(place, this.#end);
  }

  get last(): number {
    return this.position === 0 ? 0 : (this.#bytes[this.#end - 1] ?? 0);
  }

  /** The byte so far back, 0 being the last. @throws AjarError INCONSISTENT where there is none */
  back(distance: number): number {
    if (distance >= this.position || distance >= this.#size) throw damaged();
    return this.#bytes[this.#end - 1 - distance] ?? 0;
  }

  put(byte: number): void {
    this.#bytes[this.#end] = byte;
    this.#end += 1;
    this.position += 1;
  }

  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    this.position += bytes.length;
  }

  /** Copies from so far back; a copy may overlap what it makes. @throws AjarError INCONSISTENT */
  copy(distance: number, length: number): void {
    this.back(distance);
    const from = this.#end - 1 - distance;
    if (distance + 1 >= length) this.#bytes.copyWithin(this.#end, from, from + length);
    else for (let at = 0; at < length; at += 1) this.#bytes[this.#end + at] = this.#bytes[from + at] ?? 0;
    this.#end += length;
    this.position += length;
  }
}
