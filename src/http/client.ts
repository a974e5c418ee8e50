// The one HTTP client. Redirects are followed by hand, because what may travel along changes with the host:
// the credential goes to its own origin and, once a redirect has left it, nowhere at all.
import { setTimeout as wait } from "node:timers/promises";
import { AjarError } from "../core/errors.ts";
import { type BodyWatch, watchBody } from "./body.ts";
import { connectionError, isRetryableCause, rateLimited, scrubbed, showUrl, statusError } from "./failures.ts";
import { parseContentRange, waitAsked } from "./headers.ts";
import { isRedirect, redirectTarget } from "./redirect.ts";
import { type RawResponse, type Transport, undiciTransport } from "./transport.ts";
import {
  DEFAULT_RETRY,
  type FetchedBytes,
  type FetchedRange,
  type Hop,
  type HttpClientOptions,
  type HttpRequest,
  type HttpResponse,
  type RetryPolicy,
} from "./types.ts";

/** The hub needs one hop to storage, mirrors two or three. */
const MAX_REDIRECTS = 6;
/** When a server ignores a range, bytes thrown away to reach it; beyond that the range counts as refused. */
const MAX_SKIP_BYTES = 1024 * 1024;
const NOT_MODIFIED = 304;
const RETRY_STATUSES = new Set([429, 502, 503, 504]);

/** An attempt that failed in a way another may mend. */
class Retry extends Error {
  readonly error: AjarError;
  readonly waitMs: number | null;

  constructor(error: AjarError, waitMs: number | null) {
    super("retry");
    this.error = error;
    this.waitMs = waitMs;
  }
}

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #policy: RetryPolicy;
  readonly #transport: Transport;
  readonly #now: () => number;
  #waitedMs = 0;
  #waitingUntil = 0;
  #bytesRead = 0;
  #requests = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#policy = options.retry ?? DEFAULT_RETRY;
    this.#transport = undiciTransport(options.env, options.timeoutMs, options.lookup);
    this.#now = options.now ?? Date.now;
  }

  /** Body bytes received and requests sent so far, redirects and retries included. */
  get usage(): { readonly bytesRead: number; readonly requests: number } {
    return { bytesRead: this.#bytesRead, requests: this.#requests };
  }

  /**
   * Opens one answer; its body is not read yet and must be iterated or discarded.
   * @throws AjarError OFFLINE | UNREACHABLE | RATE_LIMITED | UNAUTHORIZED | NOT_FOUND | BAD_RESPONSE | INTERRUPTED
   */
  async open(request: HttpRequest): Promise<HttpResponse> {
    return this.#retrying(request, () => this.#attempt(request));
  }

  /**
   * A whole answer of at most `maxBytes`.
   * @throws AjarError as `open`, and OVER_LIMIT | TRUNCATED_RESPONSE
   */
  async fetchBytes(request: HttpRequest, maxBytes: number): Promise<FetchedBytes> {
    return this.#retrying(request, async () => {
      const response = await this.#attempt(request);
      const { status, headers, url, hops } = response;
      // May state the length of what it does not send (RFC 9110 section 8.6), which the parser would wait for.
      if (status === NOT_MODIFIED) response.discard();
      const bytes = status === NOT_MODIFIED ? new Uint8Array() : await this.#collect(response, maxBytes, subjectOf(request));
      return { bytes, status, headers, url, hops };
    });
  }

  /**
   * A JSON answer of at most `maxBytes`, not checked further; undefined where a refusal that the request accepts is in other words.
   * @throws AjarError as `fetchBytes`, and BAD_RESPONSE when it is not JSON
   */
  async fetchJson(request: HttpRequest, maxBytes: number): Promise<FetchedBytes & { readonly json: unknown }> {
    const fetched = await this.fetchBytes(request, maxBytes);
    try {
      const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fetched.bytes));
      return { ...fetched, json };
    } catch {
      if (fetched.status >= 400) return { ...fetched, json: undefined };
      const subject = subjectOf(request);
      throw new AjarError("BAD_RESPONSE", `${subject}: ${fetched.url.host} answered with something that is not JSON`, { subject });
    }
  }

  /**
   * The bytes that exist in `length` bytes from `start`. A server that ignores the range is cut off after them.
   * @throws AjarError as `fetchBytes`, and UNSUPPORTED when the server ignores ranges and `start` is too far in
   */
  async fetchRange(request: HttpRequest, start: number, length: number): Promise<FetchedRange> {
    if (length <= 0) return { bytes: new Uint8Array(0), start, total: null, isPartial: true, etag: null, hops: [] };
    const ranged: HttpRequest = {
      ...request,
      headers: { ...request.headers, range: `bytes=${start}-${start + length - 1}` },
      accept: [200, 206, 416],
    };
    return this.#retrying(request, async () => this.#readRange(await this.#attempt(ranged), start, length, subjectOf(request)));
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** The error with this client's secrets cut out. */
  scrub(error: AjarError): AjarError {
    return scrubbed(error, this.#options.credential?.secrets ?? []);
  }

  async #readRange(response: HttpResponse, start: number, length: number, subject: string): Promise<FetchedRange> {
    const { headers, hops } = response;
    const etag = strongEtag(headers.get("etag"));
    const stated = parseContentRange(headers.get("content-range") ?? "");
    if (response.status === 416) {
      response.discard();
      const total = stated?.total ?? null;
      // Only a size at or before `start` shows that there is nothing there; otherwise the refusal is the server's fault.
      if (total === null || total > start) throw this.#otherBytes(subject, response);
      return { bytes: new Uint8Array(0), start, total, isPartial: true, etag, hops };
    }
    if (response.status === 206) {
      const range = stated?.range;
      if (range === undefined || range === null || range.first !== start || range.last > start + length - 1) {
        response.discard();
        throw this.#otherBytes(subject, response);
      }
      const expected = range.last - range.first + 1;
      const bytes = await this.#collect(response, expected, subject);
      if (bytes.byteLength < expected) throw this.#shortRange(subject, response, bytes.byteLength, expected);
      return { bytes, start, total: stated?.total ?? null, isPartial: true, etag, hops };
    }
    const total = wholeSize(headers.get("content-length"));
    if (start > MAX_SKIP_BYTES) {
      response.discard();
      throw new AjarError("UNSUPPORTED", `${subject}: ${response.url.host} does not serve parts of a file`, {
        subject,
        hint: "Download it and audit the local copy.",
      });
    }
    const bytes = await cutOut(response, start, length);
    return { bytes, start, total, isPartial: false, etag, hops };
  }

  #otherBytes(subject: string, response: HttpResponse): AjarError {
    return new AjarError("BAD_RESPONSE", `${subject}: ${response.url.host} answered with other bytes than asked for`, { subject });
  }

  #shortRange(subject: string, response: HttpResponse, got: number, expected: number): Retry {
    const message = `${subject}: the answer of ${response.url.host} ended after ${got} of ${expected} bytes`;
    return new Retry(new AjarError("TRUNCATED_RESPONSE", message, { subject, hint: "Try again." }), null);
  }

  async #collect(response: HttpResponse, maxBytes: number, subject: string): Promise<Uint8Array> {
    const tooLarge = (): AjarError =>
      new AjarError("OVER_LIMIT", `${subject}: the answer of ${response.url.host} is over the limit of ${maxBytes} bytes`, { subject });
    const announced = wholeSize(response.headers.get("content-length"));
    if (announced !== null && announced > maxBytes) {
      response.discard();
      throw tooLarge();
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body) {
        size += chunk.byteLength;
        if (size > maxBytes) throw tooLarge();
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof AjarError && error.code === "TRUNCATED_RESPONSE") throw new Retry(error, null);
      throw error;
    }
    return Buffer.concat(chunks, size);
  }

  /** Follows redirects to one accepted answer. Throws Retry where another attempt may help. */
  async #attempt(request: HttpRequest): Promise<HttpResponse> {
    const hops: Hop[] = [];
    let url = request.url;
    let hasCredential = this.#options.credential?.origin === url.origin;
    for (;;) {
      const raw = await this.#send(request, url, hasCredential);
      if (!isRedirect(raw.status)) return this.#answer(request, raw, url, hops);
      raw.destroy();
      hops.push({ url, status: raw.status, headers: raw.headers });
      const next = redirectTarget(raw.headers.get("location"), url, subjectOf(request));
      const subject = subjectOf(request);
      if (request.body !== undefined)
        throw new AjarError("BAD_RESPONSE", `${subject}: sent on to ${next.host}, which it is not meant for`, { subject });
      if (hops.length > MAX_REDIRECTS) {
        throw new AjarError("BAD_RESPONSE", `${subject}: more than ${MAX_REDIRECTS} redirects, the last to ${next.host}`, { subject });
      }
      // A second host gets no credential, and neither does the first when it is reached through a second.
      hasCredential &&= next.origin === url.origin;
      url = next;
    }
  }

  async #send(request: HttpRequest, url: URL, hasCredential: boolean): Promise<RawResponse> {
    const { credential, signal } = this.#options;
    this.#throwIfInterrupted();
    await this.#options.turn?.(url.host);
    this.#throwIfInterrupted();
    const headers = { ...request.headers, ...(hasCredential && credential ? { authorization: credential.authorization } : {}) };
    this.#requests += 1;
    try {
      return await this.#transport.send({ url, headers, signal, ...(request.body === undefined ? {} : { body: request.body }) });
    } catch (cause) {
      this.#throwIfInterrupted();
      if (cause instanceof AjarError) throw cause;
      const error = connectionError(cause, url, subjectOf(request));
      throw isRetryableCause(cause) ? new Retry(error, null) : error;
    }
  }

  #answer(request: HttpRequest, raw: RawResponse, url: URL, hops: readonly Hop[]): HttpResponse {
    const subject = subjectOf(request);
    const failure = { status: raw.status, headers: raw.headers, url };
    if (!(request.accept ?? [200]).includes(raw.status)) {
      raw.destroy();
      const error = request.explain?.(failure) ?? statusError(failure, subject);
      if (RETRY_STATUSES.has(raw.status)) throw new Retry(error, waitAsked(raw.headers, this.#now()));
      throw error;
    }
    const encoding = raw.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
    if (encoding !== "identity" && encoding !== "") {
      raw.destroy();
      throw new AjarError("BAD_RESPONSE", `${subject}: ${url.host} compressed its answer though plain bytes were asked for`, { subject });
    }
    const watch: BodyWatch = {
      subject,
      host: url.host,
      timeoutMs: this.#options.timeoutMs,
      now: this.#now,
      count: (bytes: number) => this.#countBytes(bytes, subject),
      interrupted: () => this.#interruption(),
    };
    const body = watchBody(raw, watch);
    return { status: raw.status, headers: raw.headers, url, hops, body, discard: () => raw.destroy() };
  }

  #countBytes(bytes: number, subject: string): void {
    this.#bytesRead += bytes;
    const { maxBytes } = this.#options;
    if (this.#bytesRead > maxBytes) {
      const message = `${subject}: the download limit of ${maxBytes} bytes for one source is used up`;
      throw new AjarError("OVER_LIMIT", message, { subject });
    }
  }

  async #retrying<T>(request: HttpRequest, operation: () => Promise<T>): Promise<T> {
    this.#refuseOffline(request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await operation();
      } catch (error) {
        if (error instanceof AjarError) throw this.scrub(error);
        if (!(error instanceof Retry)) throw error;
        if (attempt >= this.#policy.attempts) throw this.scrub(error.error);
        await this.#pause(error, attempt, request);
      }
    }
  }

  async #pause(failed: Retry, attempt: number, request: HttpRequest): Promise<void> {
    const { baseDelayMs, maxTotalWaitMs } = this.#policy;
    const waitMs = failed.waitMs ?? baseDelayMs * 2 ** (attempt - 1);
    // Requests that wait at the same time share the wait, so only what goes beyond the longest is charged.
    const now = this.#now();
    const chargedMs = Math.max(0, now + waitMs - Math.max(now, this.#waitingUntil));
    if (this.#waitedMs + chargedMs > maxTotalWaitMs) {
      const isLimit = failed.error.code === "RATE_LIMITED";
      throw this.scrub(isLimit ? rateLimited(subjectOf(request), request.url.host, waitMs) : failed.error);
    }
    this.#waitedMs += chargedMs;
    this.#waitingUntil = Math.max(this.#waitingUntil, now + waitMs);
    const sleep = this.#options.sleep ?? pause;
    try {
      await sleep(waitMs, this.#options.signal);
    } finally {
      this.#throwIfInterrupted();
    }
  }

  #refuseOffline(request: HttpRequest): void {
    if (!this.#options.offline) return;
    const subject = subjectOf(request);
    throw new AjarError("OFFLINE", `${subject}: would need ${request.url.host}, and Ajar was told to stay offline`, {
      subject,
      hint: "Run without --offline, or audit a local copy.",
    });
  }

  #interruption(): AjarError | null {
    const { signal } = this.#options;
    if (!signal.aborted) return null;
    return signal.reason instanceof AjarError ? signal.reason : new AjarError("INTERRUPTED", "interrupted");
  }

  #throwIfInterrupted(): void {
    const interruption = this.#interruption();
    if (interruption !== null) throw interruption;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}

function subjectOf(request: HttpRequest): string {
  return request.subject ?? showUrl(request.url);
}

function wholeSize(contentLength: string | undefined): number | null {
  const size = Number(contentLength ?? Number.NaN);
  return Number.isSafeInteger(size) && size >= 0 ? size : null;
}

function strongEtag(etag: string | undefined): string | null {
  return etag === undefined || etag.startsWith("W/") ? null : etag;
}

async function cutOut(response: HttpResponse, start: number, length: number): Promise<Uint8Array> {
  const end = start + length;
  const kept: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of response.body) {
    const from = Math.max(0, start - at);
    if (from < chunk.byteLength) kept.push(chunk.subarray(from, Math.min(chunk.byteLength, end - at)));
    at += chunk.byteLength;
    if (at >= end) break;
  }
  return Buffer.concat(kept);
}
