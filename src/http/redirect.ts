import { AjarError } from "../core/errors.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** Where a Location header leads. @throws AjarError BAD_RESPONSE for no address, another scheme, or https to http */
export function redirectTarget(location: string | undefined, from: URL, subject: string): URL {
  const next = location === undefined ? null : URL.parse(location, from.href);
  if (next === null || (next.protocol !== "https:" && next.protocol !== "http:")) {
    throw new AjarError("BAD_RESPONSE", `${subject}: ${from.host} redirects to no usable address`, { subject });
  }
  if (from.protocol === "https:" && next.protocol === "http:") {
    throw new AjarError("BAD_RESPONSE", `${subject}: ${from.host} redirects from https to plain http; not followed`, { subject });
  }
  // A redirect may not bring its own user and password.
  next.username = "";
  next.password = "";
  next.hash = "";
  return next;
}
