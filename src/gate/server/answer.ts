// Whole answers. Headers are written anew: none of an engine's go on to the client.
import type { ServerResponse } from "node:http";
import type { Fault } from "./fault.ts";
import { KINDS } from "./fault.ts";

export function answerJson(response: ServerResponse, status: number, body: Uint8Array, requestId: string, retryAfter?: number): void {
  const headers = ["content-type", "application/json", "content-length", String(body.length), "x-request-id", requestId];
  if (retryAfter !== undefined) headers.push("retry-after", String(retryAfter));
  response.writeHead(status, headers);
  response.end(body);
}

export function answerFault(response: ServerResponse, fault: Fault, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { body } = fault;
  const headers = ["content-type", "application/json", "content-length", String(body.length), "x-request-id", requestId];
  headers.push("x-should-retry", String(KINDS[fault.code].retry));
  if (fault.retryAfter !== null) headers.push("retry-after", String(fault.retryAfter));
  if (fault.allow !== null) headers.push("allow", fault.allow);
  if (fault.code === "invalid_api_key") headers.push("www-authenticate", "Bearer");
  if (fault.code === "draining") headers.push("connection", "close");
  response.writeHead(fault.status, headers);
  response.end(body);
}

/** Resolves when the client's side of the connection has all, or is gone. */
export function flushed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}
