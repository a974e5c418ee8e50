// Who asks, and whether that may be asked.
import type { IncomingMessage } from "node:http";
import type { KeyHolder } from "../contract.ts";
import { Fault } from "./fault.ts";
import { isLoopbackHost } from "./head.ts";
import { idOf } from "./keys/key.ts";
import type { GateState } from "./state.ts";

/** Whoever asks a gate without keys, which listens on loopback only. */
const ANONYMOUS: KeyHolder = {
  caller: { keyId: "anonymous", scopes: ["model:*", "endpoint:*", "admin", "metrics"] },
  requestsPerMinute: null,
  tokensPerMinute: null,
};

const BEARER = /^Bearer +([^\s]+)$/iu;

/** @throws Fault invalid_api_key | rate_limit_exceeded | misdirected_request */
export function holderOf(gate: GateState, request: IncomingMessage): KeyHolder {
  const { keys } = gate.parts;
  if (keys === null) {
    if (!isLoopbackHost(request.headers.host)) {
      throw new Fault("misdirected_request", "this gate has no keys and answers to this machine's own names only");
    }
    return ANONYMOUS;
  }
  const remote = request.socket.remoteAddress ?? "";
  const now = performance.now();
  const key = BEARER.exec(request.headers.authorization ?? "")?.[1];
  const id = key === undefined ? null : idOf(key);
  const wait = gate.guesses.wait(remote, now);
  if (wait > 0 && (id === null || !gate.guesses.isProven(remote, id))) {
    throw new Fault("rate_limit_exceeded", "too many wrong keys from this address", { retryAfter: wait });
  }
  const holder = key === undefined ? null : keys.find(key);
  if (holder === null) {
    // No key at all is no guess.
    if (key !== undefined) gate.guesses.failed(remote, now);
    throw new Fault("invalid_api_key", "a valid API key is needed: Authorization: Bearer <key>");
  }
  gate.guesses.succeeded(remote, holder.caller.keyId);
  return holder;
}

/** @throws Fault insufficient_scope */
export function demand(holder: KeyHolder, kind: "model" | "endpoint", name: string): void {
  const { scopes } = holder.caller;
  if (!scopes.includes(`${kind}:*`) && !scopes.includes(`${kind}:${name}`)) {
    throw new Fault("insufficient_scope", `this key has no scope for this ${kind}`);
  }
}

export function mayUse(holder: KeyHolder, model: string): boolean {
  return holder.caller.scopes.includes("model:*") || holder.caller.scopes.includes(`model:${model}`);
}

/** @throws Fault insufficient_scope */
export function demandRight(holder: KeyHolder, right: "admin" | "metrics"): void {
  const { scopes } = holder.caller;
  if (!scopes.includes("admin") && !scopes.includes(right))
    throw new Fault("insufficient_scope", `this needs a key with the scope ${right}`);
}
