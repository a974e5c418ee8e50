// Runs the jobs: files of this machine on threads, all else as its source hands it out.
import { AjarError } from "../core/errors.ts";
import type { Source } from "../core/source.ts";
import { inOrder } from "../sources/in-order.ts";
import { hashFiles } from "./hash-pool.ts";
import type { HashJob } from "./jobs.ts";
import type { HashRequest } from "./local-hash.ts";
import { Sweep, type SweepResult } from "./sweep.ts";

export interface HashOptions {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** As HashPoolOptions.threads. */
  readonly threads?: number;
}

/** What hashing a job came to: its digests, or why it has none. */
export type HashOutcome = SweepResult | AjarError;

export interface HashedContents {
  /** In the order of the jobs. */
  readonly outcomes: readonly HashOutcome[];
  /** Bytes of files of this machine that were read without their source. */
  readonly localBytes: number;
}

/** @throws AjarError INTERRUPTED */
export async function hashContents(source: Source, jobs: readonly HashJob[], options: HashOptions): Promise<HashedContents> {
  const outcomes: HashOutcome[] = [];
  const requests: { readonly index: number; readonly request: HashRequest }[] = [];
  for (const [index, job] of jobs.entries()) {
    const request = await guarded(() => localRequest(source, job));
    if (request instanceof AjarError) outcomes[index] = request;
    else if (request !== null) requests.push({ index, request });
  }
  const total = requests.reduce((sum, { request }) => sum + request.bytes.length, 0);
  const watch = (bytes: number): void => options.progress(`${megabytes(bytes)} of ${megabytes(total)} MB hashed`);
  const { signal, threads } = options;
  const pool = { signal, watch, ...(threads === undefined ? {} : { threads }) };
  const local = await hashFiles(
    requests.map(({ request }) => request),
    pool,
  );
  for (const [at, { index }] of requests.entries()) {
    const outcome = local[at];
    if (outcome !== undefined) outcomes[index] = outcome;
  }
  for (const [index, job] of jobs.entries()) outcomes[index] ??= (await guarded(() => hashStream(source, job, options))) ?? nothing(job);
  return { outcomes, localBytes: total };
}

function nothing({ path }: HashJob): AjarError {
  return new AjarError("BUG", "a content was hashed to nothing", { subject: path });
}

async function localRequest(source: Source, { path, member, sizeBytes, spans }: HashJob): Promise<HashRequest | null> {
  const bytes = member === null ? ((await source.locate?.(path)) ?? null) : null;
  if (bytes === null) return null;
  if (bytes.length !== sizeBytes) {
    throw new AjarError("CHANGED_WHILE_READ", `${path}: has another size than when it was listed`, { subject: path });
  }
  return { bytes, shown: path, wantsFile: true, spans: spans.map(({ span }) => span) };
}

async function hashStream(source: Source, { path, member, sizeBytes, spans }: HashJob, options: HashOptions): Promise<SweepResult> {
  options.progress(`hashing ${path}`);
  const sweep = new Sweep(
    spans.map(({ span }) => span),
    member === null,
  );
  let bytes = 0;
  for await (const chunk of chunksOf(source, { path, member, sizeBytes, spans })) {
    if (options.signal.aborted) throw new AjarError("INTERRUPTED", "interrupted while hashing");
    sweep.update(chunk);
    bytes += chunk.length;
  }
  if (sizeBytes !== null && bytes !== sizeBytes) {
    throw new AjarError("TRUNCATED", `${path}: ${bytes} bytes came where ${sizeBytes} are listed`, { subject: path, offset: bytes });
  }
  return sweep.end();
}

function chunksOf(source: Source, { path, member, sizeBytes }: HashJob): AsyncIterable<Uint8Array> {
  if (member !== null) return member.archive.stream(member.entry);
  const stream = source.stream?.(path) ?? null;
  if (stream !== null) return stream;
  return sizeBytes === null ? whole(source, path) : inOrder((range) => source.read(path, range), sizeBytes);
}

async function* whole(source: Source, path: string): AsyncGenerator<Uint8Array> {
  yield await source.read(path);
}

/** An error that says something about one file; others end the run. */
async function guarded<T>(work: () => Promise<T>): Promise<T | AjarError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED" && error.code !== "BUG") return error;
    throw error;
  }
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1e6);
}
