// What a client is told when its call is not answered, in the shape that OpenAI's clients read.
import type { ShutCode } from "../contract.ts";

export type FaultCode =
  | ShutCode
  | "content_filter"
  | "filter_failed"
  | "unscreenable"
  | "invalid_api_key"
  | "insufficient_scope"
  | "rate_limit_exceeded"
  | "overloaded"
  | "draining"
  | "request_too_large"
  | "request_timeout"
  | "invalid_request"
  | "invalid_json"
  | "unsupported_media_type"
  | "unknown_endpoint"
  | "method_not_allowed"
  | "misdirected_request"
  | "model_not_found"
  | "engine_failed"
  | "engine_restarting"
  | "upstream_error"
  | "upstream_timeout"
  | "log_unwritable"
  | "internal_error";

interface Kind {
  readonly status: number;
  readonly type: string;
  /** Whether the official clients, which retry every 429 and 5xx, should do so here. */
  readonly retry: boolean;
}

const INVALID = "invalid_request_error";
const SERVER = "server_error";

/** Every refusal of the gate. docs/gate.md lists the same; shut doors follow HTTP: gone for good is 410, closed for now is 503. */
export const KINDS: Readonly<Record<FaultCode, Kind>> = {
  model_disabled: { status: 503, type: "model_unavailable", retry: false },
  model_recalled: { status: 410, type: "model_unavailable", retry: false },
  model_changed: { status: 503, type: "model_unavailable", retry: false },
  gate_stale: { status: 503, type: "model_unavailable", retry: false },
  content_filter: { status: 400, type: INVALID, retry: false },
  filter_failed: { status: 503, type: SERVER, retry: false },
  unscreenable: { status: 400, type: INVALID, retry: false },
  invalid_api_key: { status: 401, type: "authentication_error", retry: false },
  insufficient_scope: { status: 403, type: "permission_error", retry: false },
  rate_limit_exceeded: { status: 429, type: "rate_limit_error", retry: true },
  overloaded: { status: 503, type: SERVER, retry: true },
  draining: { status: 503, type: SERVER, retry: true },
  request_too_large: { status: 413, type: INVALID, retry: false },
  request_timeout: { status: 408, type: INVALID, retry: true },
  invalid_request: { status: 400, type: INVALID, retry: false },
  invalid_json: { status: 400, type: INVALID, retry: false },
  unsupported_media_type: { status: 415, type: INVALID, retry: false },
  unknown_endpoint: { status: 404, type: INVALID, retry: false },
  method_not_allowed: { status: 405, type: INVALID, retry: false },
  misdirected_request: { status: 421, type: INVALID, retry: false },
  model_not_found: { status: 404, type: INVALID, retry: false },
  engine_failed: { status: 503, type: "model_unavailable", retry: false },
  engine_restarting: { status: 503, type: "model_unavailable", retry: true },
  upstream_error: { status: 502, type: SERVER, retry: true },
  upstream_timeout: { status: 504, type: SERVER, retry: true },
  log_unwritable: { status: 503, type: SERVER, retry: true },
  internal_error: { status: 500, type: SERVER, retry: false },
};

/** A refusal on its way to the client. Its message never holds a key or a word of a prompt. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly param: string | null;
  /** Whole seconds. */
  readonly retryAfter: number | null;
  /** For a wrong method: those that there are. */
  readonly allow: string | null;

  constructor(code: FaultCode, message: string, details: { param?: string; retryAfter?: number; allow?: string } = {}) {
    super(message);
    this.name = "Fault";
    this.code = code;
    this.param = details.param ?? null;
    this.retryAfter = details.retryAfter ?? null;
    this.allow = details.allow ?? null;
  }

  get status(): number {
    return KINDS[this.code].status;
  }

  get body(): Uint8Array {
    return errorBody(this.code, this.message, this.param);
  }
}

/** `{error: {message, type, param, code}}`, as OpenAI's API answers. */
export function errorBody(code: FaultCode, message: string, param: string | null = null): Uint8Array {
  return Buffer.from(JSON.stringify({ error: { message, type: KINDS[code].type, param, code } }));
}
