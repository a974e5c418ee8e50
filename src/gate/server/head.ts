// What the head of a request must be like before anything else is done with it.
import type { IncomingMessage } from "node:http";
import { Fault } from "./fault.ts";

/** Headers that two readers could understand differently when they come twice (RFC 9110 section 5.3, RFC 9112 section 6). */
const ONCE: ReadonlySet<string> = new Set([
  "authorization",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "traceparent",
  "transfer-encoding",
]);
const ONCE_LENGTHS: ReadonlySet<number> = new Set([...ONCE].map((name) => name.length));
/** Far more than any client sends; Node bounds their bytes. */
const MOST_HEADERS = 100;

/** @throws Fault invalid_request */
export function checkHead(request: IncomingMessage): void {
  const raw = request.rawHeaders;
  if (raw.length > 2 * MOST_HEADERS) throw new Fault("invalid_request", "too many headers");
  let seen = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (!ONCE_LENGTHS.has(name.length)) continue;
    const lower = name.toLowerCase();
    if (!ONCE.has(lower)) continue;
    const bit = BITS.get(lower) as number;
    if ((seen & bit) !== 0) throw new Fault("invalid_request", `the header ${lower} comes twice`);
    seen |= bit;
  }
  const both = (BITS.get("content-length") as number) | (BITS.get("transfer-encoding") as number);
  if ((seen & both) === both) throw new Fault("invalid_request", "Content-Length and Transfer-Encoding exclude each other");
}

const BITS: ReadonlyMap<string, number> = new Map([...ONCE].map((name, index) => [name, 1 << index]));

/** Bodies are JSON and nothing else: a page of another site cannot send that type without asking first. @throws Fault unsupported_media_type | request_too_large */
export function checkBodyHead(request: IncomingMessage, mostBytes: number): void {
  const { headers } = request;
  const type = headers["content-type"];
  if (type !== "application/json" && !isJson(type)) {
    throw new Fault("unsupported_media_type", "the body has to be application/json in UTF-8");
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new Fault("unsupported_media_type", "a compressed body is not taken");
  }
  const transfer = headers["transfer-encoding"];
  if (transfer !== undefined && transfer.toLowerCase() !== "chunked") {
    throw new Fault("invalid_request", "no Transfer-Encoding but chunked is taken");
  }
  const length = headers["content-length"];
  if (length !== undefined && Number(length) > mostBytes) throw tooLarge(mostBytes);
}

export function tooLarge(mostBytes: number): Fault {
  return new Fault("request_too_large", `the body is larger than ${mostBytes} bytes`);
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu.test(type);
}

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/iu;

/** Without keys, only whoever names this machine as such: a site whose name is made to point here is not served (DNS rebinding). */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

/** `traceparent` as W3C Trace Context has it: https://www.w3.org/TR/trace-context/#traceparent-header; undefined for anything else. */
export function traceParent(request: IncomingMessage): string | undefined {
  const given = request.headers["traceparent"];
  return typeof given === "string" && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/u.test(given) ? given : undefined;
}
