// Writes safetensors files, honest ones and ones that lie.

export interface SafetensorsTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export function writeSafetensors(
  tensors: readonly SafetensorsTensor[],
  metadata: Readonly<Record<string, string>> = {},
  padding = 0,
): Buffer {
  let at = 0;
  const fields = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = at;
    at += bytes;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, at] })}`;
  });
  if (Object.keys(metadata).length > 0) fields.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  return Buffer.concat([headerOnly(`{${fields.join(",")}}${" ".repeat(padding)}`), Buffer.alloc(at)]);
}

/** Length and header as given, true or not. */
export function headerOnly(json: string, statedBytes?: bigint): Buffer {
  const header = Buffer.from(json);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(statedBytes ?? BigInt(header.length));
  return Buffer.concat([length, header]);
}
