// Who may talk to the server. A page of another origin must not reach it through the reader's browser, whatever name it uses.

import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";

export interface Guard {
  /** Host names and addresses that the server answers to, without port. */
  readonly hosts: readonly string[];
  /** Asked of every request to the API when set. */
  readonly token: string | null;
}

/** Nothing inline, nothing from elsewhere; frames of the report are this server's own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Refuses foreign hosts (DNS rebinding), foreign origins and missing tokens; puts the security headers on every answer. */
export function guard({ hosts, token }: Guard): MiddlewareHandler {
  return async (context, next) => {
    const refused = refusal(context.req.raw, context.req.path, hosts, token);
    if (refused === null) await next();
    else context.res = Response.json({ error: refused.error }, { status: refused.status });
    for (const [name, value] of Object.entries(HEADERS)) if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
  };
}

interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly error: { readonly code: string; readonly message: string };
}

function refusal(request: Request, path: string, hosts: readonly string[], token: string | null): Refusal | null {
  const host = hostOf(request.headers.get("host"));
  if (host === null || !hosts.includes(host)) {
    return { status: 421, error: { code: "FOREIGN_HOST", message: "this server does not answer to that host name" } };
  }
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const isForeign = (origin !== null && !isOwn(origin, request.headers.get("host"))) || site === "cross-site" || site === "same-site";
  if (isForeign && !(request.method === "GET" && request.headers.get("sec-fetch-mode") === "navigate")) {
    return { status: 403, error: { code: "FOREIGN_ORIGIN", message: "requests of other sites are refused" } };
  }
  if (token !== null && path.startsWith("/api/") && !isPublic(path) && !holdsToken(request, token)) {
    return { status: 401, error: { code: "UNAUTHORIZED", message: "a bearer token is needed" } };
  }
  return null;
}

/** Ajar's own words, which the page needs to ask for the token, and the place where it is given. */
function isPublic(path: string): boolean {
  return path.startsWith("/api/messages/") || path === "/api/session";
}

function hostOf(header: string | null): string | null {
  return header === null ? null : (/^(\[[0-9a-f:.]+\]|[^:]+)(?::\d+)?$/iu.exec(header)?.[1]?.toLowerCase() ?? null);
}

function isOwn(origin: string, host: string | null): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

function holdsToken(request: Request, token: string): boolean {
  const given = /^Bearer (.+)$/u.exec(request.headers.get("authorization") ?? "")?.[1];
  if (given !== undefined) return isToken(given, token);
  const session = new RegExp(`(?:^|;\\s*)${SESSION}=([0-9a-f]{64})(?:;|$)`, "u").exec(request.headers.get("cookie") ?? "")?.[1];
  return session !== undefined && isToken(session, sessionOf(token));
}

/** Whether it is the token, told in the same time whatever differs. */
export function isToken(given: string, token: string): boolean {
  return timingSafeEqual(sha256(given), sha256(token));
}

const SESSION = "ajar-session";

/**
 * What a browser keeps for its next requests, links and event streams among them: not the token itself, out of reach of scripts, and
 * never sent along with what another site asks for.
 */
export function sessionCookie(token: string): string {
  return `${SESSION}=${sessionOf(token)}; Path=/api; HttpOnly; SameSite=Strict`;
}

function sessionOf(token: string): string {
  return sha256(`${SESSION}\0${token}`).toString("hex");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
