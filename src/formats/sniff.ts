// What a file is, by its first bytes: a name can say anything.
import { compressionOf } from "./compression.ts";

export type FormatName =
  | "safetensors"
  | "gguf"
  | "ggml"
  | "pytorch-zip"
  | "pytorch-legacy"
  | "pickle"
  | "zip"
  | "hdf5"
  | "npy"
  | "onnx"
  | "tflite"
  | "parquet"
  | "arrow"
  | "bzip2"
  | "gzip"
  | "lz4"
  | "xz"
  | "zstd"
  | "tar"
  | "sqlite"
  | "lfs-pointer"
  | "executable";

/** Bytes that `sniff` wants to see; fewer are allowed and tell less. */
export const SNIFF_BYTES = 512;

const MAGIC: readonly (readonly [FormatName, number, string])[] = [
  ["gguf", 0, "GGUF"],
  // The four old llama.cpp formats: the same letters, written as a little-endian word.
  ["ggml", 0, "lmgg"],
  ["ggml", 0, "tjgg"],
  ["ggml", 0, "fmgg"],
  ["ggml", 0, "algg"],
  ["hdf5", 0, "\x89HDF\r\n\x1a\n"],
  ["npy", 0, "\x93NUMPY"],
  ["tflite", 4, "TFL3"],
  ["parquet", 0, "PAR1"],
  ["arrow", 0, "ARROW1"],
  ["sqlite", 0, "SQLite format 3\0"],
  ["tar", 257, "ustar"],
  ["lfs-pointer", 0, "version https://git-lfs.github.com/spec/"],
  ["executable", 0, "\x7fELF"],
  ["executable", 0, "MZ"],
  ["executable", 0, "\xcf\xfa\xed\xfe"],
  ["executable", 0, "\xce\xfa\xed\xfe"],
  ["executable", 0, "\xca\xfe\xba\xbe"],
  ["executable", 0, "\0asm"],
  // The magic integer 0x1950a86a20f9469cfc6c as pickle protocol 2 writes it (torch/serialization.py).
  ["pytorch-legacy", 0, "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19"],
];

/** Format by content, null when no known mark is there. `head` is the start of the file, `sizeBytes` its whole length. */
export function sniff(head: Uint8Array, sizeBytes: number): FormatName | null {
  for (const [format, at, mark] of MAGIC) if (hasMark(head, at, mark)) return format;
  const compression = compressionOf(head);
  if (compression !== null) return compression;
  if (hasMark(head, 0, "PK\x03\x04") || hasMark(head, 0, "PK\x05\x06")) return isTorchZip(head) ? "pytorch-zip" : "zip";
  if (isSafetensors(head, sizeBytes)) return "safetensors";
  if (isPickle(head)) return "pickle";
  return isOnnx(head) ? "onnx" : null;
}

function hasMark(head: Uint8Array, at: number, mark: string): boolean {
  if (head.length < at + mark.length) return false;
  for (let index = 0; index < mark.length; index += 1) if (head[at + index] !== mark.charCodeAt(index)) return false;
  return true;
}

/** torch.save writes `<folder>/data.pkl` first. */
function isTorchZip(head: Uint8Array): boolean {
  const nameBytes = (head[26] ?? 0) | ((head[27] ?? 0) << 8);
  const name = new TextDecoder().decode(head.subarray(30, 30 + Math.min(nameBytes, 256)));
  return name.endsWith("/data.pkl");
}

/** A plausible header length, then the brace that the format demands. */
function isSafetensors(head: Uint8Array, sizeBytes: number): boolean {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(Math.max(0, sizeBytes));
}

/** Protocols 2 to 5 by their first opcode, 0 and 1 by an import as the first opcode. */
function isPickle(head: Uint8Array): boolean {
  const [first, second] = head;
  if (first === 0x80) return second !== undefined && second >= 2 && second <= 5;
  return first === 0x63 && /^c[A-Za-z_][\w.]{0,99}\n[A-Za-z_][\w.]{0,99}\n/u.test(new TextDecoder("latin1").decode(head.subarray(0, 204)));
}

/** A ModelProto as every exporter writes it: ir_version, then one of the producer fields, the graph or an import of operators. */
function isOnnx(head: Uint8Array): boolean {
  const [tag, version, next] = head;
  if (tag !== 0x08 || version === undefined || version < 1 || version > 32) return false;
  return next !== undefined && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(next);
}
