// Writes GGUF headers of every version and byte order, honest ones and ones that lie.

export type GgufInput =
  | { readonly type: "u16" | "u32" | "i32"; readonly value: number }
  | { readonly type: "f32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "u64"; readonly value: bigint }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "f32s"; readonly value: readonly number[] }
  | { readonly type: "i32s"; readonly value: readonly number[] };

interface GgufTensorInput {
  readonly name: string;
  /** Fastest dimension first, as in the file. */
  readonly dimensions: readonly number[];
  readonly type: number;
  readonly offset: number;
}

export interface GgufFile {
  readonly version?: 1 | 2 | 3;
  readonly bigEndian?: boolean;
  readonly metadata?: readonly (readonly [string, GgufInput])[];
  readonly tensors?: readonly GgufTensorInput[];
  readonly dataBytes?: number;
  /** What the header says instead. */
  readonly tensorCount?: bigint;
  readonly metadataCount?: bigint;
}

const TYPE_IDS = { u16: 2, u32: 4, i32: 5, f32: 6, bool: 7, string: 8, strings: 9, f32s: 9, i32s: 9, u64: 10 } as const;

/** Collects numbers in one byte order; lengths are 32 bits wide in version 1. */
export class GgufBytes {
  readonly parts: Buffer[] = [];
  readonly #big: boolean;
  readonly #wide: boolean;

  constructor(file: GgufFile) {
    this.#big = file.bigEndian === true;
    this.#wide = file.version !== 1;
  }

  #push(size: number, fill: (view: DataView, little: boolean) => void): this {
    const bytes = Buffer.alloc(size);
    fill(new DataView(bytes.buffer, bytes.byteOffset, size), !this.#big);
    this.parts.push(bytes);
    return this;
  }

  u16(value: number): this {
    return this.#push(2, (view, little) => view.setUint16(0, value, little));
  }

  u32(value: number): this {
    return this.#push(4, (view, little) => view.setUint32(0, value, little));
  }

  u64(value: bigint): this {
    return this.#push(8, (view, little) => view.setBigUint64(0, value, little));
  }

  f32(value: number): this {
    return this.#push(4, (view, little) => view.setFloat32(0, value, little));
  }

  u8(value: number): this {
    return this.#push(1, (view) => view.setUint8(0, value));
  }

  length(value: bigint | number): this {
    return this.#wide ? this.u64(BigInt(value)) : this.u32(Number(value));
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.length(bytes.length).parts.push(bytes);
    return this;
  }

  value(input: GgufInput): this {
    this.u32(TYPE_IDS[input.type]);
    switch (input.type) {
      case "u16":
        return this.u16(input.value);
      case "u32":
      case "i32":
        return this.u32(input.value >>> 0);
      case "f32":
        return this.f32(input.value);
      case "bool":
        return this.u8(input.value ? 1 : 0);
      case "u64":
        return this.u64(input.value);
      case "string":
        return this.text(input.value);
      case "strings":
        this.u32(8).length(input.value.length);
        for (const item of input.value) this.text(item);
        return this;
      case "i32s":
        this.u32(5).length(input.value.length);
        for (const item of input.value) this.u32(item >>> 0);
        return this;
      default:
        this.u32(6).length(input.value.length);
        for (const item of input.value) this.f32(item);
        return this;
    }
  }
}

export function writeGguf(file: GgufFile): Buffer {
  const bytes = new GgufBytes(file);
  const metadata = file.metadata ?? [];
  const tensors = file.tensors ?? [];
  bytes.parts.push(Buffer.from("GGUF"));
  bytes.u32(file.version ?? 3);
  bytes.length(file.tensorCount ?? tensors.length).length(file.metadataCount ?? metadata.length);
  for (const [key, input] of metadata) bytes.text(key).value(input);
  for (const { name, dimensions, type, offset } of tensors) {
    bytes.text(name).u32(dimensions.length);
    for (const dimension of dimensions) bytes.length(dimension);
    bytes.u32(type).u64(BigInt(offset));
  }
  const header = Buffer.concat(bytes.parts);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, Buffer.alloc(file.dataBytes ?? 0)]);
}
