import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { WindowReader } from "./window-reader.ts";
import type { ZipArchive } from "./zip.ts";
import { STORED, type ZipEntry } from "./zip-directory.ts";

/** A packed member can only be read by range once it is unpacked; more than this is not held in memory. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/**
 * A member read like a file of its own: a stored one by range, a packed one from memory.
 * @throws AjarError OVER_LIMIT for a packed member too large to unpack, and as `ZipArchive.read`
 */
export async function zipMember(reader: ByteReader, archive: ZipArchive, entry: ZipEntry): Promise<ByteReader> {
  const { start, length } = await archive.place(entry);
  if (entry.method === STORED) return new WindowReader(reader, start, Math.min(length, entry.sizeBytes));
  if (entry.sizeBytes <= MAX_UNPACKED_BYTES) return new MemoryReader(await archive.read(entry));
  throw new AjarError("OVER_LIMIT", `packed member of ${entry.sizeBytes} bytes is over the limit of ${MAX_UNPACKED_BYTES}`, {
    subject: entry.path,
    offset: entry.localHeaderOffset,
  });
}
