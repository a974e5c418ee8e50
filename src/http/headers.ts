// Parsers for the few header fields Ajar acts on. Every value is a stranger's text: all scans are linear and bounded.

/** Longest header value looked at, in characters; a real Link header is a few hundred. */
const MAX_HEADER_LENGTH = 16 * 1024;
/** Most links read from one header; the hub sends one. */
const MAX_LINKS = 32;

export interface LinkValue {
  readonly target: string;
  /** Values of `rel`, lower case. */
  readonly rels: readonly string[];
}

/** Reads a Link header (RFC 8288). Text that is not a link is skipped, never an error. */
export function parseLinkHeader(value: string): readonly LinkValue[] {
  const text = value.slice(0, MAX_HEADER_LENGTH);
  const links: LinkValue[] = [];
  let at = 0;
  while (links.length < MAX_LINKS) {
    const open = text.indexOf("<", at);
    if (open === -1) break;
    const close = text.indexOf(">", open + 1);
    if (close === -1) break;
    const end = endOfParameters(text, close + 1);
    links.push({ target: text.slice(open + 1, close).trim(), rels: relsOf(splitOutsideQuotes(text.slice(close + 1, end), ";")) });
    at = end + 1;
  }
  return links;
}

/** Target of the link that says `rel="next"`, or null. */
export function nextLink(value: string | undefined): string | null {
  if (value === undefined) return null;
  return parseLinkHeader(value).find((link) => link.rels.includes("next"))?.target ?? null;
}

function endOfParameters(text: string, from: number): number {
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "," && !isQuoted) return at;
  }
  return text.length;
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function relsOf(parameters: readonly string[]): readonly string[] {
  for (const parameter of parameters) {
    const equals = parameter.indexOf("=");
    if (equals === -1 || parameter.slice(0, equals).trim().toLowerCase() !== "rel") continue;
    const value = unquote(parameter.slice(equals + 1).trim());
    return value.toLowerCase().split(/\s/u).filter(Boolean);
  }
  return [];
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

export interface ContentRange {
  /** First and last byte, both included; null for an unsatisfied range (`*` in its place). */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** Size of the whole, null when the server does not say (`*`). */
  readonly total: number | null;
}

/** Reads a Content-Range header in bytes (RFC 9110, 14.4); null when it is malformed or contradicts itself. */
export function parseContentRange(value: string): ContentRange | null {
  const text = value.slice(0, 200).trim();
  if (text.slice(0, 5).toLowerCase() !== "bytes") return null;
  const rest = text.slice(5).trim().replace(/^=/u, "").trim();
  const slash = rest.indexOf("/");
  if (slash === -1) return null;
  const totalText = rest.slice(slash + 1).trim();
  const total = totalText === "*" ? null : parseCount(totalText);
  if (total === undefined) return null;
  const place = rest.slice(0, slash).trim();
  if (place === "*") return total === null ? null : { range: null, total };
  return rangeOf(place, total);
}

function rangeOf(place: string, total: number | null): ContentRange | null {
  const dash = place.indexOf("-");
  if (dash === -1) return null;
  const first = parseCount(place.slice(0, dash).trim());
  const last = parseCount(place.slice(dash + 1).trim());
  if (first === undefined || last === undefined || last < first) return null;
  if (total !== null && last >= total) return null;
  return { range: { first, last }, total };
}

/** A whole number of at most 2^53 - 1 in plain digits; undefined for anything else. */
export function parseCount(text: string): number | undefined {
  if (text.length === 0 || text.length > 16) return undefined;
  for (const character of text) {
    if (character < "0" || character > "9") return undefined;
  }
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * Milliseconds a server asks us to wait: Retry-After (seconds or HTTP date), else the RateLimit fields
 * (`"api";r=0;t=30`, `limit=…, reset=30`, `RateLimit-Reset: 30`) once nothing remains. Null when it says nothing.
 */
export function waitAsked(headers: ReadonlyMap<string, string>, nowMs: number): number | null {
  const retryAfter = headers.get("retry-after")?.trim();
  if (retryAfter !== undefined) {
    const seconds = parseCount(retryAfter);
    if (seconds !== undefined) return seconds * 1000;
    const date = retryAfter.length <= 64 ? Date.parse(retryAfter) : Number.NaN;
    if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  }
  const seconds = resetSeconds(headers.get("ratelimit")) ?? parseCount(headers.get("ratelimit-reset")?.trim() ?? "");
  return seconds === undefined || seconds === null ? null : seconds * 1000;
}

function resetSeconds(value: string | undefined): number | null {
  if (value === undefined) return null;
  for (const part of value.slice(0, 1000).split(/[;,]/u)) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (name !== "t" && name !== "reset") continue;
    return parseCount(part.slice(equals + 1).trim()) ?? null;
  }
  return null;
}
