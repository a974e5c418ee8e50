// What of an engine's whole reply the client may see.
import type { EngineReply } from "../contract.ts";
import { errorBody, type FaultCode } from "./fault.ts";
import type { Outcome } from "./record.ts";

type Whole = Extract<EngineReply, { kind: "whole" }>;

/** With these an engine says that the request is at fault. */
const COMPLAINTS: ReadonlySet<number> = new Set([400, 404, 413, 422]);

interface ClientReply {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfter?: number;
}

/**
 * Answers and complaints about the request go on. What an engine says about its own troubles, or about the key that the gate has
 * there, is no business of the client.
 */
export function toClient(reply: Whole): ClientReply {
  const { status, body, retryAfter } = reply;
  if (status >= 200 && status < 300) return { status, body };
  if (status === 429) {
    const told = { status, body: errorBody("rate_limit_exceeded", "the engine has too many requests") };
    return retryAfter === undefined ? told : { ...told, retryAfter };
  }
  if (COMPLAINTS.has(status)) return { status, body: isError(body) ? body : invalid() };
  return { status: 502, body: errorBody("upstream_error", `the engine answered with status ${status}`) };
}

/** How the log calls a reply with the status that the client is told: a mistake of the client's is no failure of the engine. */
export function endOf(status: number): { readonly outcome: Outcome; readonly code: FaultCode | null } {
  if (status < 300) return { outcome: "answered", code: null };
  return COMPLAINTS.has(status) ? { outcome: "refused", code: "invalid_request" } : { outcome: "failed", code: "upstream_error" };
}

function invalid(): Uint8Array {
  return errorBody("invalid_request", "the engine does not take this request");
}

/** Whether it is an error as OpenAI's API words it. */
function isError(body: Uint8Array): boolean {
  try {
    const { error } = Object(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()));
    return typeof error === "object" && error !== null && typeof error.message === "string";
  } catch {
    return false;
  }
}
