// A package that cannot be read by range comes whole, once, into a private temporary file; from there every part of it can be read.
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AjarError } from "../core/errors.ts";
import type { SourceContext } from "../core/source.ts";
import { decompress } from "../formats/compression.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpRequest } from "../http/types.ts";
import { OpenFile } from "./local-file.ts";
import { DigestCheck, type PackageDigest } from "./package-digest.ts";
import { withSubject } from "./package-errors.ts";
import { makeTempFolder, removeTempFolder } from "./temp-folder.ts";

/** Bytes written to disk for one package, unpacked; twice the largest package that npm or PyPI takes. */
const MAX_SPOOL_BYTES = 2 * 1024 ** 3;
/** A transfer that broke off is started over once. */
const ATTEMPTS = 2;

export interface SpoolRequest {
  readonly client: HttpClient;
  readonly request: HttpRequest;
  readonly subject: string;
  readonly digest: PackageDigest | null;
  /** Whether the content is gzip, to be unpacked on the way. */
  readonly isGzip: boolean;
  readonly context: SourceContext;
}

export interface Spooled {
  readonly file: OpenFile;
  /** Bytes that came over the network for it. */
  readonly packedBytes: number;
  close(): Promise<void>;
}

/**
 * Fetches a whole package file, checks its digest and opens it.
 * @throws AjarError DIGEST_MISMATCH | OVER_LIMIT | TRUNCATED_RESPONSE and those of HttpClient.open
 */
export async function spoolPackage(spool: SpoolRequest): Promise<Spooled> {
  const folder = makeTempFolder();
  const path = join(folder, "package");
  try {
    const packedBytes = await fetchInto(path, spool);
    const file = await OpenFile.open({ path, shown: spool.subject });
    const close = async (): Promise<void> => {
      await file.close();
      removeTempFolder(folder);
    };
    return { file, packedBytes, close };
  } catch (error) {
    removeTempFolder(folder);
    throw error;
  }
}

async function fetchInto(path: string, spool: SpoolRequest): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(path, spool);
    } catch (error) {
      const isCutOff = error instanceof AjarError && error.code === "TRUNCATED_RESPONSE";
      if (!isCutOff || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function fetchOnce(path: string, spool: SpoolRequest): Promise<number> {
  const { client, request, subject, isGzip, context } = spool;
  const { limits, progress } = context;
  const response = await client.open(request);
  const check = new DigestCheck(spool.digest);
  const packed = response.body[Symbol.asyncIterator]();
  let packedBytes = 0;
  let announcedAt = 0;
  // Stepped by hand: an unpacker that stops early would close the transfer, and the digest needs every byte.
  async function* counted(): AsyncGenerator<Uint8Array> {
    for (let next = await packed.next(); next.done !== true; next = await packed.next()) {
      check.update(next.value);
      packedBytes += next.value.byteLength;
      if (packedBytes - announcedAt > 4 * 1024 * 1024) {
        announcedAt = packedBytes;
        progress(`${subject}: ${Math.floor(packedBytes / 1e6)} MB`);
      }
      yield next.value;
    }
  }
  const maxBytes = Math.min(limits.maxBytes, MAX_SPOOL_BYTES);
  const plain = isGzip ? decompress("gzip", counted(), { ...limits, maxBytes }) : capped(counted(), maxBytes, subject);
  try {
    await pipeline(Readable.from(plain), createWriteStream(path, { mode: 0o600 }));
    for await (const _ of counted());
  } catch (error) {
    throw withSubject(error, subject);
  } finally {
    response.discard();
  }
  check.verify(subject);
  return packedBytes;
}

async function* capped(chunks: AsyncIterable<Uint8Array>, maxBytes: number, subject: string): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AjarError("OVER_LIMIT", `${subject}: more than the ${maxBytes} bytes allowed`, { subject });
    yield chunk;
  }
}
