// Where a gate listens: refused before anything is opened where that cannot or must not be.
import { createServer } from "node:net";
import { AjarError } from "../../core/errors.ts";

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[?::1\]?)$/iu;

/** @throws AjarError BAD_OPTION beyond this machine without keys */
export function refuseOpen(host: string, hasKeys: boolean): void {
  if (hasKeys || LOOPBACK.test(host)) return;
  throw new AjarError("BAD_OPTION", "listening beyond this machine needs API keys", {
    subject: `--host ${host}`,
    hint: "Make one with: ajar key create",
  });
}

/** Brackets of IPv6 are for addresses of pages. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/gu, "");
}

export function cannotListen(host: string, port: number, cause: Error): AjarError {
  return new AjarError("UNREACHABLE", `cannot listen: ${cause.message}`, {
    subject: `${host}:${port}`,
    hint: "Name another --port.",
    cause,
  });
}

/** Listens for a moment, so that a port that is taken is told before a model is loaded. @throws AjarError UNREACHABLE */
export async function tryPort(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, bareHost(host), () => server.close(() => resolve()));
  });
}
