// Digests of the files of a release as a statement wants them: whole, or shard by shard.
import { AjarError } from "../core/errors.ts";
import { hashFiles } from "../identity/hash-pool.ts";
import type { HashRequest } from "../identity/local-hash.ts";
import type { TreeFile } from "./model-tree.ts";
import { shardName } from "./names.ts";
import type { HashName, Resource } from "./statement.ts";

export interface DigestOptions {
  readonly hash: HashName;
  /** Null: whole files. */
  readonly shardBytes: number | null;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  readonly threads?: number;
}

export interface FileDigests {
  readonly file: TreeFile;
  /** In order; an empty file has no shards. An AjarError: it could not be read, or changed meanwhile. */
  readonly resources: readonly Resource[] | AjarError;
}

/** More shards than this of one release, and the size of a shard is a trick. */
const MAX_SHARDS = 2_000_000;

/** @throws AjarError INTERRUPTED, OVER_LIMIT */
export async function digestFiles(files: readonly TreeFile[], options: DigestOptions): Promise<readonly FileDigests[]> {
  const { shardBytes } = options;
  // Counted before any is made: the size stands in a signature that anybody may have written.
  const count = shardBytes === null ? 0 : files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / shardBytes), 0);
  if (count > MAX_SHARDS) {
    throw new AjarError("OVER_LIMIT", `more than ${MAX_SHARDS} shards`, { hint: "Sign with larger shards." });
  }
  const pieces = files.map((file) => piecesOf(file, shardBytes));
  const { signal, progress, threads, hash } = options;
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const watch = (bytes: number): void => progress(`${Math.floor(bytes / 1e6)} of ${Math.floor(total / 1e6)} MB hashed`);
  const algorithm = hash === "blake2b" ? "blake2b512" : hash;
  const requests = pieces.flat().map((piece): HashRequest => ({ ...piece.request, algorithm }));
  const results = await hashFiles(requests, { signal, watch, ...(threads === undefined ? {} : { threads }) });
  let at = 0;
  return files.map((file, index) => {
    const own = pieces[index] ?? [];
    const found = results.slice(at, at + own.length);
    at += own.length;
    const failed = found.find((result) => result instanceof AjarError);
    if (failed instanceof AjarError) return { file, resources: failed };
    const resources = own.map(({ name }, piece) => ({ name, digest: digestOf(found[piece]) }));
    return { file, resources };
  });
}

function digestOf(result: Awaited<ReturnType<typeof hashFiles>>[number] | undefined): string {
  if (result === undefined || result instanceof AjarError || result.file === null)
    throw new AjarError("BUG", "a file was hashed to nothing");
  return Buffer.from(result.file).toString("hex");
}

interface Piece {
  readonly name: string;
  readonly request: HashRequest;
}

function piecesOf({ name, bytes }: TreeFile, shardBytes: number | null): readonly Piece[] {
  const request = { shown: name, wantsFile: true, spans: [] };
  if (shardBytes === null) return [{ name, request: { ...request, bytes } }];
  const pieces: Piece[] = [];
  for (let start = 0; start < bytes.length; start += shardBytes) {
    const end = Math.min(start + shardBytes, bytes.length);
    pieces.push({ name: shardName({ path: name, start, end }), request: { ...request, bytes: { ...bytes, start, length: end - start } } });
  }
  return pieces;
}
