// What the parts of the gate say to each other. Each part lies in a folder of its own and knows the others by these types only.

/** Where a client asks. Every endpoint that is served is screened; one that no screen can read is not served. */
export type Endpoint = "chat/completions" | "completions" | "responses" | "embeddings";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** `verified`: Ajar read the bytes that are loaded. `claimed`: a remote server's word; a gate cannot prove what it runs. */
export type IdentityBasis = "verified" | "claimed";

/** A model behind the gate, known by what it is and not only by its name. */
export interface ServedModel {
  /** The name clients ask for. */
  readonly id: string;
  /** The reference it was opened from, revision pinned; for an upstream its URL and model name. */
  readonly ref: string;
  readonly basis: IdentityBasis;
  /** `sha256:<hex>` of every weight file, sorted; for an upstream what its operator states, or none. */
  readonly fileDigests: readonly string[];
  /** `sha256:<hex>` over the content of all tensors (`ajar.weights.v1`), null where it is not known. */
  readonly weightsDigest: string | null;
  /** `sha256:<hex>` of each distinct tensor, sorted; empty where not known. */
  readonly tensorDigests: readonly string[];
  /** `sha256:<hex>` of the sorted list of paths and digests (OpenSSF Model Signing root), null where it is not known. */
  readonly releaseDigest: string | null;
  /** What it derives from, nearest first: references as `hf:owner/name`, with how sure that is. */
  readonly bases: readonly { readonly ref: string; readonly relation: string; readonly confidence: "verified" | "measured" | "declared" }[];
  /** SPDX expression, null where none is known. */
  readonly license: string | null;
  /** One word of the audit: open, ajar, shut, unknown. */
  readonly headline: string | null;
}

/** Why a door is not open; each code is what a client sees in `error.code`. */
export type ShutCode = "model_disabled" | "model_recalled" | "model_changed" | "gate_stale";

export type DoorState =
  | { readonly kind: "open" }
  | {
      readonly kind: "shut";
      readonly code: ShutCode;
      readonly reason: string;
      /** Id of the advisory that shut it. */
      readonly advisory?: string;
      /** ISO 8601, UTC. */
      readonly since: string;
    };

/**
 * All doors of this replica. Reading is synchronous and in memory, so that it can be asked before each chunk.
 * A book that cannot know (store lost for longer than its lease) answers `gate_stale` for every model: it fails closed.
 */
export interface DoorBook {
  /** Another number after every change of any door: the only thing a stream compares for each chunk. */
  epoch(): number;
  state(model: ServedModel): DoorState;
  /** Called after each change; returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** Tells the book of streams of this replica that still run, so that `shut` returns after they ended. */
  readonly streams: StreamCount;
  close(): Promise<void>;
}

export interface StreamCount {
  /** Call when a reply begins; call what it returns when nothing more can leave. */
  begin(model: ServedModel): () => void;
}

/** Who asks: never the key itself. */
export interface Caller {
  /** Public id of the API key, `anonymous` where none is needed. */
  readonly keyId: string;
  readonly scopes: readonly string[];
}

export interface Call {
  /** Made by the gate, sent back as `x-request-id`. */
  readonly requestId: string;
  readonly endpoint: Endpoint;
  readonly model: ServedModel;
  readonly caller: Caller;
  readonly stream: boolean;
}

/** What one filter did to one text, in words that are safe to log: ids and counts, never the text. */
export interface FilterResult {
  /** Filter id and version, e.g. `personal-data@3`. */
  readonly filter: string;
  /** `failed` and `timed-out` block; a filter that never ran is not in the list, and its text was not `passed`. */
  readonly outcome: "passed" | "flagged" | "redacted" | "replaced" | "blocked" | "failed" | "timed-out" | "overflowed";
  /** Hazard category or rule ids that it found, sorted. */
  readonly rules: readonly string[];
  /** UTF-16 units that it looked at. */
  readonly scanned: number;
  readonly part: "request" | "response";
}

export interface PolicyVersion {
  readonly id: string;
  /** `sha256:<hex>` of the policy as it was read. */
  readonly digest: string;
}

export type ScreenedRequest =
  | {
      readonly kind: "pass";
      readonly body: JsonObject /** Whether `body` is another one than came in. */;
      readonly changed: boolean;
      readonly results: readonly FilterResult[];
    }
  | {
      readonly kind: "block";
      readonly results: readonly FilterResult[];
      readonly code: "content_filter" | "filter_failed" | "unscreenable";
      readonly message: string;
    };

export type ScreenedReply = { readonly blocked: boolean; readonly body: Uint8Array; readonly results: readonly FilterResult[] };

/**
 * Holds back a stream of server-sent events just enough. `push` and `end` give the bytes that may leave now, in order; after `ended` is true nothing
 * more may be sent. Chunks may split anywhere, also inside a UTF-8 character.
 */
export interface StreamScreen {
  push(chunk: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** The upstream's stream ended. */
  end(): Uint8Array | Promise<Uint8Array>;
  /** Ends the stream well-formed and without the held text: a door was shut, or the engine failed. */
  cut(code: ShutCode | "upstream_error", message: string): Uint8Array;
  readonly ended: boolean;
  readonly blocked: boolean;
  results(): readonly FilterResult[];
}

/** Filters on every path of one policy. A screen throws only for programming errors: what fails inside is a `block`. */
export interface Screen {
  readonly policy: PolicyVersion;
  /** Whether anything at all would look at this call; false lets the server pass bytes on unparsed. */
  active(call: Call): { readonly request: boolean; readonly response: boolean };
  request(call: Call, body: JsonObject): Promise<ScreenedRequest>;
  /** A whole JSON reply, also an error's body. */
  reply(call: Call, status: number, body: Uint8Array): Promise<ScreenedReply>;
  stream(call: Call): StreamScreen;
}

export interface EngineRequest {
  readonly endpoint: Endpoint;
  /** OpenAI-shaped JSON, UTF-8. */
  readonly body: Uint8Array;
  readonly stream: boolean;
  readonly signal: AbortSignal;
  /** `traceparent` of W3C Trace Context, for engines that can hand it on. */
  readonly trace?: string;
}

/** Takes what a `ByteFlow` gives; after `end` or `fail` nothing more comes. */
export interface ByteSink {
  chunk(bytes: Uint8Array): void;
  end(): void;
  fail(cause: unknown): void;
}

/** Bytes that are pushed as they come in: what an engine over HTTP has anyway, at a fraction of what an async iterator costs. */
export interface ByteFlow {
  /** Called once; nothing comes before it. */
  pipe(sink: ByteSink): void;
  pause(): void;
  resume(): void;
}

/** OpenAI-shaped either way: JSON, or server-sent events. Ends early when the request's signal is aborted. */
export type EngineReply =
  | {
      readonly kind: "whole";
      readonly status: number;
      readonly body: Uint8Array /** Seconds, of a 429 or 503. */;
      readonly retryAfter?: number;
    }
  | { readonly kind: "stream"; readonly status: number; readonly chunks: AsyncIterable<Uint8Array> | ByteFlow };

/** How a process of this gate that makes answers is doing; of another server nothing is known. */
export type EngineState =
  | { readonly kind: "ready" /** Of the process. */; readonly pid: number }
  /** It died, and is started again by itself. */
  | { readonly kind: "restarting"; readonly reason: string }
  /** It stays down until the gate is started again. */
  | { readonly kind: "failed"; readonly reason: string };

/** What makes the answers: an embedded llama.cpp, or any OpenAI-compatible server. */
export interface Engine {
  readonly kind: string;
  /** Endpoints it has. */
  readonly endpoints: readonly Endpoint[];
  /** @throws AjarError `ENGINE_DOWN` | `ENGINE_TIMEOUT`, or the signal's reason */
  send(request: EngineRequest): Promise<EngineReply>;
  /** Null when it could answer now, else why not. */
  health(): Promise<string | null>;
  /** Of an engine that this gate runs itself. */
  state?(): EngineState;
  close(): Promise<void>;
}

/** One line of the log before it is chained. `at` comes from the clock given to the gate. */
export type LogRecord =
  | {
      readonly kind: "decision";
      readonly at: string;
      readonly requestId: string;
      readonly endpoint: Endpoint;
      readonly model: string;
      /** `weightsDigest`, else the file digests, else null; with `basis`. */
      readonly digest: string | null;
      readonly basis: IdentityBasis;
      readonly caller: string;
      readonly policy: PolicyVersion | null;
      readonly stream: boolean;
      readonly outcome: "answered" | "blocked-request" | "blocked-response" | "refused" | "cut" | "aborted" | "failed";
      /** `error.code` of what the client got, where it got an error. */
      readonly code: string | null;
      readonly status: number;
      readonly results: readonly FilterResult[];
      /** `sha256:<hex>` of the request's body and of the bytes that left; null where there were none. */
      readonly input: string | null;
      readonly output: string | null;
      readonly tokens: { readonly input: number; readonly output: number } | null;
    }
  | {
      readonly kind: "act";
      readonly at: string;
      /** `start`, `stop`, `shut`, `open`, `recall`, `policy`, `key` … */
      readonly act: string;
      readonly by: string;
      readonly subject: string;
      readonly detail: JsonObject;
    };

/** One of the two texts of a call: the body that came in, or the bytes that left. */
export type CallText = "input" | "output";

/** Texts of a decision. Kept only where the log was told to keep them, and then encrypted. */
export interface LoggedContent {
  readonly input?: string;
  readonly output?: string;
  /** Those of which only the beginning is kept. */
  readonly truncated?: readonly CallText[];
}

/** Which texts of which calls are given to the log. */
export interface ContentRule {
  readonly keep: readonly CallText[];
  /** `found`: only of calls in which a filter did anything but let pass. */
  readonly of: "all" | "found";
  /** Bytes of UTF-8 of one text; the rest is left out, and the content says so. */
  readonly maxBytes: number;
}

/** A log nobody can quietly rewrite. An append that cannot be written rejects, and the gate then refuses to serve. */
export interface AuditLog {
  /** Resolves once the record would survive the death of this process. Call before the last byte of what it tells about leaves. @throws AjarError `LOG_UNWRITABLE` */
  append(record: LogRecord, content?: LoggedContent): Promise<void>;
  close(): Promise<void>;
}

/** A model, what answers for it, and what its audit found. */
export interface ModelEntry {
  readonly model: ServedModel;
  readonly engine: Engine;
  /** The name by which the engine knows it: put into `model` of every request before it is sent. */
  readonly engineModel: string;
  /** Shown as `audit` at /v1/models/{id}/release: verdicts, findings, files with digests. */
  readonly audit: JsonObject;
  /** Replies made at the same time; those beyond wait in a bounded queue. */
  readonly concurrency: number;
}

/** Asked of the gate under /admin/ by a caller with the scope `admin`; the path is without that prefix and without a query. */
export interface AdminRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject | null;
  readonly caller: Caller;
}

export interface AdminReply {
  readonly status: number;
  readonly body: JsonObject;
}

/** Everything that `createGate` (src/gate/server/gate.ts) puts together. */
export interface GateParts {
  readonly models: readonly ModelEntry[];
  /** The screen of the policy that holds for this model and key now; called once for each request. */
  readonly screenFor: (model: ServedModel, caller: Caller, endpoint: Endpoint) => Screen;
  readonly doors: DoorBook;
  readonly log: AuditLog;
  /** Texts that the log is given; none when absent. */
  readonly content?: ContentRule;
  /** Where replicas share the limits of keys; each keeps its own when absent. */
  readonly rates?: RateLedger;
  /** Null serves everybody as `anonymous`, and then on loopback only. */
  readonly keys: KeyBook | null;
  readonly clock: () => Date;
  /** A new request id, never the same twice. */
  readonly ids: () => string;
  /** Doors, decisions and recalls for operators; null for an address that it does not have. */
  readonly admin?: (request: AdminRequest) => Promise<AdminReply | null>;
  /** Pages and their files for a browser, by path: null for an address that it does not have. */
  readonly pages?: (path: string) => { readonly type: string; readonly body: Uint8Array } | null;
}

/** Who holds which key. A key itself is kept nowhere. */
export interface KeyBook {
  /** Null for a key that is not known, has run out or was revoked. */
  find(key: string): KeyHolder | null;
  close(): void;
}

/** Requests and tokens of a key: what is left of its limit, or what of that is moved. */
export interface RateAmounts {
  readonly requests: number;
  readonly tokens: number;
}

export interface RateExchange {
  /** Public id of the key. */
  readonly key: string;
  /** A minute's worth; null for no limit. */
  readonly limits: { readonly requests: number | null; readonly tokens: number | null };
  /** Put back before anything is taken: what a replica does not need any more, and, below zero, what it used beyond what it had. */
  readonly back: RateAmounts;
  /** Taken at most. */
  readonly want: RateAmounts;
}

export interface RateGrant {
  readonly granted: RateAmounts;
  /** What is left for everybody after that; below zero while a debt is waited for. */
  readonly left: RateAmounts;
}

/** The limits of keys that several replicas share: what one of them may use it takes from here first. */
export interface RateLedger {
  /** @throws AjarError DOOR_STORE_DOWN */
  exchange(exchange: RateExchange): Promise<RateGrant>;
  close(): Promise<void>;
}

export interface KeyHolder {
  readonly caller: Caller;
  /** Null for no limit. */
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}
