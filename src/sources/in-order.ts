import { AjarError } from "../core/errors.ts";
import type { ByteRange } from "../core/source.ts";

/** Bytes asked for at a time: few requests to a host, little memory. */
const STEP_BYTES = 4 * 1024 ** 2;

/** A content range after range. @throws AjarError TRUNCATED when a range comes short, and what `read` throws */
export async function* inOrder(read: (range: ByteRange) => Promise<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < sizeBytes; ) {
    const bytes = await read({ start, length: Math.min(STEP_BYTES, sizeBytes - start) });
    if (bytes.length === 0) throw new AjarError("TRUNCATED", `the content ends at ${start} of ${sizeBytes} bytes`, { offset: start });
    yield bytes;
    start += bytes.length;
  }
}
