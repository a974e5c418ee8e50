// The bytes of a request and what they say, both within bounds.
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { JsonObject } from "../contract.ts";
import { Fault } from "./fault.ts";
import { tooLarge } from "./head.ts";

const NOTHING = Buffer.alloc(0);

/** All of a body, of at most that many bytes. @throws Fault request_too_large | invalid_request for one that breaks off */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | null = null;
    let more: Buffer[] | null = null;
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) {
        first = null;
        more = null;
        reject(tooLarge(mostBytes));
      } else if (first === null && more === null) first = chunk;
      else if (first !== null) {
        more ??= [first];
        more.push(chunk);
      }
    });
    request.on("end", () => resolve(more === null ? (first ?? NOTHING) : Buffer.concat(more, size)));
    const broken = (): void => reject(new Fault("invalid_request", "the request broke off"));
    request.on("error", broken);
    request.on("close", () => {
      if (!request.complete) broken();
    });
  });
}

/** How deep arrays and objects may lie in each other; tool schemas reach about 20. */
const MOST_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A JSON object. What the gate reads is what it sends on, written anew: a key that comes twice, which two parsers would read
 * differently, reaches the engine once, as it was screened.
 * @throws Fault invalid_json
 */
export function parseObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new Fault("invalid_json", "the body is not UTF-8");
  checkDepth(bytes);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    // The parser's own message quotes the text.
    throw new Fault("invalid_json", "the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Fault("invalid_json", "the body is not a JSON object");
  if (bytes.includes("__proto__") || bytes.includes("\\u00")) refuseProto(value);
  return value as JsonObject;
}

/** Before anything is built from the text: nesting costs memory many times its length. */
function checkDepth(bytes: Buffer): void {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if ((byte | 0x20) === 0x7b) {
      depth += 1;
      if (depth > MOST_DEPTH) throw new Fault("invalid_json", `the body is nested deeper than ${MOST_DEPTH} levels`);
    } else if ((byte | 0x20) === 0x7d) depth -= 1;
  }
}

/** The closing quote of the string that opens at `open`, or the last byte where there is none. */
function stringEnd(bytes: Buffer, open: number): number {
  let at = open;
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at === -1) return bytes.length;
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}

/** A key that JavaScript code could take for the prototype has no place in a request. */
function refuseProto(value: object): void {
  const open: object[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Object.hasOwn(next, "__proto__")) throw new Fault("invalid_json", "the key __proto__ is not taken");
    for (const inner of Object.values(next)) if (typeof inner === "object" && inner !== null) open.push(inner);
  }
}
