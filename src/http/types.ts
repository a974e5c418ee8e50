import type { AjarError } from "../core/errors.ts";
import type { Lookup } from "./transport.ts";

/** A secret and the one origin it may be sent to. */
export interface Credential {
  /** `https://host[:port]`, as `URL.origin` gives it. */
  readonly origin: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** Every text that must never appear in an error: the token, the password. */
  readonly secrets: readonly string[];
}

/** A refusal as the server gave it. */
export interface HttpFailure {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly url: URL;
}

export interface HttpRequest {
  readonly url: URL;
  /** Lower-case names. Authorization belongs in the client's credential, not here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent with POST; its type belongs in the headers. It goes to this URL alone: a redirect of it is an error. */
  readonly body?: Uint8Array;
  /** What the errors are about; the URL without query and user when absent. */
  readonly subject?: string;
  /** Statuses taken as an answer; 200 when absent. */
  readonly accept?: readonly number[];
  /** Names a refusal better than its status can; null leaves it to the client. */
  readonly explain?: (failure: HttpFailure) => AjarError | null;
}

/** A redirect that was followed. */
export interface Hop {
  readonly url: URL;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated fields are joined with `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly hops: readonly Hop[];
  /** Bytes as they come; throws AjarError TRUNCATED_RESPONSE when fewer come than were announced. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer; what is still to come is not read. */
  discard(): void;
}

export interface FetchedBytes {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly url: URL;
  readonly hops: readonly Hop[];
}

export interface FetchedRange {
  readonly bytes: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Size of the whole, when the server states it. */
  readonly total: number | null;
  /** False when the server ignored the range and the bytes were cut out of the whole. */
  readonly isPartial: boolean;
  /** Strong ETag, to notice a file that changes between two reads. */
  readonly etag: string | null;
  readonly hops: readonly Hop[];
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles each time. */
  readonly baseDelayMs: number;
  /** Waiting allowed to one client over its life: beyond it a rate limit is an error, not a pause. */
  readonly maxTotalWaitMs: number;
}

/** Three more tries ride out a restart of a front end; a minute of waiting is as long as a person watches. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseDelayMs: 500, maxTotalWaitMs: 60_000 };

export interface HttpClientOptions {
  readonly offline: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Longest wait for a connection, for headers, and between two pieces of a body. */
  readonly timeoutMs: number;
  /** Body bytes this client may receive in all. */
  readonly maxBytes: number;
  readonly credential?: Credential | null;
  /** Waits for a turn at a host. */
  readonly turn?: ((host: string) => Promise<void>) | undefined;
  readonly retry?: RetryPolicy;
  /** The system's when absent. */
  readonly lookup?: Lookup | undefined;
  /** Injected in tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now?: () => number;
}
