// Writes tars, honest ones and ones that lie.

export interface TarEntry {
  readonly path: string;
  readonly content?: Uint8Array;
  /** Type character; `0` when absent. */
  readonly type?: string;
  readonly linkTarget?: string;
  /** What the header says instead of the content's length. */
  readonly sizeBytes?: number;
  readonly badChecksum?: boolean;
  /** Writes the size in base 256, as GNU tar does for huge files. */
  readonly base256?: boolean;
}

export function writeTar(entries: readonly TarEntry[], end: "marked" | "unmarked" = "marked"): Buffer {
  const parts = entries.flatMap((entry) => [header(entry), padded(entry.content ?? new Uint8Array(0))]);
  return Buffer.concat([...parts, Buffer.alloc(end === "marked" ? 1024 : 0)]);
}

/** A pax header that precedes a member. */
export function pax(values: Readonly<Record<string, string>>, type: "x" | "g" = "x"): TarEntry {
  const records = Object.entries(values).map(([key, value]) => paxRecord(key, value));
  return { path: "PaxHeaders/0", type, content: Buffer.concat(records) };
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function header(entry: TarEntry): Buffer {
  const block = Buffer.alloc(512);
  const size = entry.sizeBytes ?? entry.content?.length ?? 0;
  block.write(entry.path, 0, 100);
  block.write("0000644\0", 100);
  if (entry.base256 === true) {
    block[124] = 0x80;
    block.writeUIntBE(size, 130, 6);
  } else block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write(entry.type ?? "0", 156);
  block.write(entry.linkTarget ?? "", 157, 100);
  block.write("ustar\0", 257);
  block.write("00", 263);
  let sum = entry.badChecksum === true ? 1 : 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
