// Weights out of packages, archives and hubs, kept by their digest: what was fetched once is not fetched again, and what lies here is what its name says.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { open } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { AjarError } from "../../core/errors.ts";
import type { Source, SourceContext, SourceEntry } from "../../core/source.ts";
import type { WeightSet } from "./weights.ts";

/** All kept models together; those used longest ago go first. */
const MAX_CACHE_BYTES = 64 * 1024 ** 3;
const PIECE_BYTES = 8 * 1024 * 1024;

function modelCacheFolder(env: SourceContext["env"]): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ajar", "models");
}

export interface CachedWeights {
  /** In the order of the set. */
  readonly files: readonly string[];
  /** SHA-256 (hex) that each must have; checked by whoever reads them next. */
  readonly expected: readonly string[];
  /** Called when a file is not what it must be: the next start fetches it anew. */
  readonly discard: () => void;
}

/**
 * Files on this machine with the content of a set. Names in the release take no part in names here.
 * @throws AjarError OVER_LIMIT | DIGEST_MISMATCH | OUTPUT_UNWRITABLE, and those of reading the source
 */
export async function cachedWeights(source: Source, set: WeightSet, context: SourceContext): Promise<CachedWeights> {
  const folder = modelCacheFolder(context.env);
  const stated = set.map(({ sha256, claimedSha256 }) => sha256 ?? claimedSha256);
  const known = stated.every((digest) => digest !== undefined) ? stated : null;
  if (known !== null && existsSync(join(folder, keyOf(known)))) return found(folder, known);
  return found(folder, await fetchInto(folder, source, set, context));
}

function found(folder: string, digests: readonly string[]): CachedWeights {
  const kept = join(folder, keyOf(digests));
  const now = new Date();
  utimesSync(kept, now, now);
  return {
    files: digests.map((_, at) => join(kept, fileName(at, digests.length))),
    expected: digests,
    discard: () => rmSync(kept, { recursive: true, force: true }),
  };
}

function keyOf(digests: readonly string[]): string {
  const [only] = digests;
  return digests.length === 1 && only !== undefined ? only : createHash("sha256").update(digests.join("\n")).digest("hex");
}

/** llama.cpp finds the parts of a model by these names. */
function fileName(at: number, of: number): string {
  const number = (value: number): string => String(value).padStart(5, "0");
  return of === 1 ? "model.gguf" : `model-${number(at + 1)}-of-${number(of)}.gguf`;
}

async function fetchInto(folder: string, source: Source, set: WeightSet, context: SourceContext): Promise<readonly string[]> {
  const total = set.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  if (total > context.limits.maxBytes) throw overLimit(source.ref, context.limits.maxBytes);
  const scratch = join(folder, `.part-${randomBytes(8).toString("hex")}`);
  try {
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    makeRoom(folder, total);
    const digests: string[] = [];
    for (const [at, entry] of set.entries()) {
      context.progress(`fetching ${entry.path}`);
      digests.push(await copy(source, entry, join(scratch, fileName(at, set.length)), context));
    }
    const kept = join(folder, keyOf(digests));
    if (!existsSync(kept)) renameSync(scratch, kept);
    return digests;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && /^E[A-Z]+$/u.test(String(cause.code))) {
      throw new AjarError("OUTPUT_UNWRITABLE", "the model cannot be kept here", {
        subject: folder,
        hint: "Make room there, or name another place in XDG_CACHE_HOME.",
        cause,
      });
    }
    throw cause;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @returns SHA-256 (hex) of what was written */
async function copy(source: Source, entry: SourceEntry, file: string, { limits, signal }: SourceContext): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(file, "wx", 0o600);
  let written = 0;
  try {
    for await (const piece of piecesOf(source, entry)) {
      signal.throwIfAborted();
      written += piece.length;
      if (written > limits.maxBytes) throw overLimit(source.ref, limits.maxBytes);
      hash.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const digest = hash.digest("hex");
  const stated = entry.sha256 ?? entry.claimedSha256;
  if (stated !== undefined && stated !== digest) throw differs(entry.path, source.ref);
  return digest;
}

async function* piecesOf(source: Source, { path, sizeBytes }: SourceEntry): AsyncGenerator<Uint8Array> {
  const stream = source.stream?.(path) ?? null;
  if (stream !== null) return yield* stream;
  if (sizeBytes === null) return yield await source.read(path);
  for (let start = 0; start < sizeBytes; start += PIECE_BYTES) {
    yield await source.read(path, { start, length: Math.min(PIECE_BYTES, sizeBytes - start) });
  }
}

function makeRoom(folder: string, bytes: number): void {
  const kept = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}$/u.test(name))
    .map((name) => ({ path: join(folder, name), usedAt: statSync(join(folder, name)).mtimeMs, bytes: bytesIn(join(folder, name)) }))
    .sort((a, b) => b.usedAt - a.usedAt);
  let total = bytes;
  for (const model of kept) {
    total += model.bytes;
    if (total > MAX_CACHE_BYTES) rmSync(model.path, { recursive: true, force: true });
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

export function differs(path: string, ref: string): AjarError {
  return new AjarError("DIGEST_MISMATCH", `${path}: its content is not what its digest says`, {
    subject: ref,
    hint: "Start again to fetch it anew; if it stays so, what is published is damaged.",
  });
}

function overLimit(ref: string, limit: number): AjarError {
  return new AjarError("OVER_LIMIT", `the model is larger than the ${limit} bytes allowed`, {
    subject: ref,
    hint: "Allow more with --max-bytes, or fetch it and serve the file.",
  });
}
