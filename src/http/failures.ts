// Turns what goes wrong on the wire into AjarErrors, without letting a secret or a control character through.
import { AjarError } from "../core/errors.ts";
import type { HttpFailure } from "./types.ts";

/** A server's own words are quoted up to this many characters. */
const MAX_SERVER_TEXT = 200;

/** A URL fit to print: no user, no query (signed storage URLs carry their secret there), no fragment. */
export function showUrl(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 400);
}

/** A server's words made safe to print: one line, no control characters, bounded. */
export function serverText(text: string): string {
  return text
    .slice(0, MAX_SERVER_TEXT * 2)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, " ")
    .trim()
    .slice(0, MAX_SERVER_TEXT);
}

/** The same error with every secret cut out of its texts; causes are dropped, they may hold headers. */
export function scrubbed(error: AjarError, secrets: readonly string[]): AjarError {
  const clean = (text: string): string => secrets.reduce((left, secret) => (secret === "" ? left : left.replaceAll(secret, "***")), text);
  return new AjarError(error.code, clean(error.message), {
    ...(error.subject === undefined ? {} : { subject: clean(error.subject) }),
    ...(error.hint === undefined ? {} : { hint: clean(error.hint) }),
    ...(error.offset === undefined ? {} : { offset: error.offset }),
  });
}

/** The error for a status that the request does not accept. */
export function statusError(failure: HttpFailure, subject: string): AjarError {
  const { status, url } = failure;
  const host = url.host;
  if (status === 401 || status === 403 || status === 407) {
    const hint = status === 407 ? "Check the proxy variables." : "Check the credentials for this host.";
    return new AjarError("UNAUTHORIZED", `${subject}: ${host} refused access (status ${status})`, { subject, hint });
  }
  if (status === 404 || status === 410) {
    return new AjarError("NOT_FOUND", `${subject}: not found on ${host}`, { subject, hint: "Check the name." });
  }
  if (status === 429) return rateLimited(subject, host, null);
  if (status >= 500) {
    return new AjarError("UNREACHABLE", `${subject}: ${host} answered with a server error (status ${status})`, {
      subject,
      hint: "Try again later.",
    });
  }
  return new AjarError("BAD_RESPONSE", `${subject}: ${host} answered with an unexpected status ${status}`, { subject });
}

/** The error for a rate limit that would take longer than Ajar may wait. */
export function rateLimited(subject: string, host: string, waitMs: number | null): AjarError {
  const when = waitMs === null ? "later" : `in ${Math.ceil(waitMs / 1000)} s`;
  return new AjarError("RATE_LIMITED", `${subject}: ${host} limits the rate of requests`, { subject, hint: `Try again ${when}.` });
}

/** The code of a failed system or undici call, or an empty string. */
export function causeCode(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return "";
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (code !== "" && !(code === "UND_ERR" || code === "ERR_UNHANDLED_ERROR")) return code;
  return "cause" in cause ? causeCode(cause.cause) : code;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name cannot be resolved",
  EAI_AGAIN: "its name cannot be resolved right now",
  ECONNREFUSED: "it refuses the connection",
  ECONNRESET: "it broke the connection",
  EPIPE: "it broke the connection",
  ETIMEDOUT: "it does not answer",
  ENETUNREACH: "there is no route to it",
  EHOSTUNREACH: "there is no route to it",
  UND_ERR_ABORTED: "the proxy on the way refused the connection",
  UND_ERR_SOCKET: "it broke the connection",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer in time",
  UND_ERR_HEADERS_TIMEOUT: "it does not answer in time",
  UND_ERR_BODY_TIMEOUT: "it stopped sending",
  UND_ERR_HEADERS_OVERFLOW: "its headers are too large",
};

/** Connection failures worth another try. A refused connection or an unknown name will not mend in seconds. */
const RETRYABLE = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "UND_ERR_SOCKET", "UND_ERR_CONNECT_TIMEOUT"]);

export function isRetryableCause(cause: unknown): boolean {
  return RETRYABLE.has(causeCode(cause));
}

/** The error for a request that got no answer. */
export function connectionError(cause: unknown, url: URL, subject: string): AjarError {
  const code = causeCode(cause);
  const certificate = /CERT|SSL|TLS/u.test(code);
  const why = certificate ? `its certificate is not trusted (${code})` : (WORDS[code] ?? (code === "" ? "the request failed" : code));
  const hint = certificate
    ? "For a private authority set NODE_EXTRA_CA_CERTS."
    : "Check the network, the proxy variables and the host name.";
  return new AjarError("UNREACHABLE", `${subject}: cannot reach ${url.host}: ${why}`, { subject, hint });
}
