// LZMA2 (xz, "The .xz file format", section 5.3.1): chunks of up to 64 KiB that unpack to 2 MiB at most, or hold bytes as they are.
import type { ChunkInput } from "../chunk-input.ts";
import { LzmaDecoder } from "./lzma.ts";
import { damaged } from "./range-coder.ts";
import { Window } from "./window.ts";

const END = 0x00;
const PLAIN_NEW_DICTIONARY = 0x01;
const PLAIN = 0x02;
const PACKED = 0x80;
const RESET_STATE = 0xa0;
const NEW_PROPERTIES = 0xc0;
const NEW_DICTIONARY = 0xe0;

/** Chunk after chunk up to the mark of the end. @throws AjarError INCONSISTENT | TRUNCATED */
export async function* unpackLzma2(input: ChunkInput, dictionaryBytes: number): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(new Window(dictionaryBytes));
  for (;;) {
    const [control = END] = await input.need(1);
    if (control === END) return;
    yield control >= PACKED ? await reader.packed(input, control) : await reader.plain(input, control);
  }
}

class ChunkReader {
  readonly #window: Window;
  readonly #decoder: LzmaDecoder;
  #hasDictionary = false;
  #hasProperties = false;

  constructor(window: Window) {
    this.#window = window;
    this.#decoder = new LzmaDecoder(window);
  }

  #newDictionary(): void {
    this.#window.empty();
    this.#hasDictionary = true;
    this.#hasProperties = false;
  }

  async plain(input: ChunkInput, control: number): Promise<Uint8Array> {
    if (control > PLAIN) throw damaged();
    if (control === PLAIN_NEW_DICTIONARY) this.#newDictionary();
    if (!this.#hasDictionary) throw damaged();
    const bytes = await input.need(numberOf(await input.need(2)) + 1);
    this.#window.reserve(bytes.length);
    this.#window.append(bytes);
    return bytes;
  }

  async packed(input: ChunkInput, control: number): Promise<Uint8Array> {
    const length = ((control & 0x1f) << 16) + numberOf(await input.need(2)) + 1;
    const packedLength = numberOf(await input.need(2)) + 1;
    if (control >= NEW_DICTIONARY) this.#newDictionary();
    if (!this.#hasDictionary) throw damaged();
    if (control >= NEW_PROPERTIES) {
      const [properties = 0] = await input.need(1);
      this.#decoder.setProperties(properties);
      this.#hasProperties = true;
    }
    if (!this.#hasProperties) throw damaged();
    if (control >= RESET_STATE) this.#decoder.reset();
    const place = this.#window.reserve(length);
    this.#decoder.decode(await input.need(packedLength), length);
    return this.#window.since(place);
  }
}

function numberOf([high = 0, low = 0]: Uint8Array): number {
  return (high << 8) | low;
}
