// Reads a response body while counting it against what was announced, what is allowed, and how slowly it may come.
import { AjarError } from "../core/errors.ts";
import { causeCode } from "./failures.ts";
import { parseCount } from "./headers.ts";
import type { RawResponse } from "./transport.ts";

/** Slowest transfer still read, in bytes per second, after a first `timeoutMs` of grace: a drip must not hold an audit for hours. */
const MIN_BYTES_PER_SECOND = 4 * 1024;

export interface BodyWatch {
  readonly subject: string;
  readonly host: string;
  readonly timeoutMs: number;
  readonly now: () => number;
  /** Called with each piece's length; throws when the client's budget is used up. */
  readonly count: (bytes: number) => void;
  /** Gives the reason when the run was interrupted. */
  readonly interrupted: () => AjarError | null;
}

/** @throws AjarError TRUNCATED_RESPONSE | UNREACHABLE | OVER_LIMIT | INTERRUPTED while iterated */
export async function* watchBody(raw: RawResponse, watch: BodyWatch): AsyncGenerator<Uint8Array> {
  const announced = parseCount(raw.headers.get("content-length")?.trim() ?? "");
  const startedAt = watch.now();
  let received = 0;
  try {
    for await (const chunk of raw.body) {
      received += chunk.byteLength;
      watch.count(chunk.byteLength);
      if (isTooSlow(watch, startedAt, received)) {
        throw new AjarError("UNREACHABLE", `${watch.subject}: ${watch.host} sends too slowly; ${received} bytes came`, {
          subject: watch.subject,
        });
      }
      yield chunk;
    }
  } catch (cause) {
    throw bodyError(cause, watch, received, announced);
  } finally {
    raw.destroy();
  }
  if (announced !== undefined && received < announced) throw truncated(watch, received, announced);
}

function isTooSlow(watch: BodyWatch, startedAt: number, received: number): boolean {
  const allowedMs = watch.timeoutMs + (received / MIN_BYTES_PER_SECOND) * 1000;
  return watch.now() - startedAt > allowedMs;
}

function bodyError(cause: unknown, watch: BodyWatch, received: number, announced: number | undefined): AjarError {
  if (cause instanceof AjarError) return cause;
  const interrupted = watch.interrupted();
  if (interrupted !== null) return interrupted;
  if (causeCode(cause) === "UND_ERR_BODY_TIMEOUT") {
    return new AjarError("UNREACHABLE", `${watch.subject}: ${watch.host} stopped sending after ${received} bytes`, {
      subject: watch.subject,
    });
  }
  return truncated(watch, received, announced);
}

function truncated(watch: BodyWatch, received: number, announced: number | undefined): AjarError {
  const of = announced === undefined ? "" : ` of ${announced}`;
  return new AjarError("TRUNCATED_RESPONSE", `${watch.subject}: the answer of ${watch.host} ended after ${received}${of} bytes`, {
    subject: watch.subject,
    hint: "Try again.",
  });
}
