import { createServer } from "node:http";
import { serve as serveHono } from "@hono/node-server";
import { Hono } from "hono";
import { AjarError } from "../core/errors.ts";
import { type ApiTools, api } from "./api.ts";
import { guard } from "./guard.ts";
import { staticFiles } from "./static-files.ts";

export interface ServerOptions extends ApiTools {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Folder of the built web app; null for the API alone. */
  readonly web: string | null;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "[::1]", "::1"];

/** The app without a socket, as tests call it. */
export function application(options: ServerOptions): Hono {
  const { host, token, web } = options;
  const hosts = LOOPBACK.includes(host) ? LOOPBACK : [host.toLowerCase(), `[${host.toLowerCase()}]`, ...LOOPBACK];
  const app = new Hono();
  app.use(guard({ hosts, token }));
  app.route("/api", api(options));
  if (web !== null) app.use(staticFiles(web));
  const nothing = { code: "NOT_FOUND", message: "there is nothing at this address", hint: "docs/server.md lists the addresses." };
  app.notFound((context) => context.json({ error: { ...nothing, subject: context.req.path } }, 404));
  return app;
}

/** Starts to listen. @throws AjarError BAD_OPTION when a token is missing, UNREACHABLE when the port cannot be had */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, token } = options;
  if (!LOOPBACK.includes(host) && (token === null || token.length < MIN_TOKEN)) {
    throw new AjarError("BAD_OPTION", "listening beyond this machine needs a token", {
      subject: `--host ${host}`,
      hint: `Put at least ${MIN_TOKEN} random characters into AJAR_TOKEN; clients send them as a bearer token.`,
    });
  }
  const app = application(options);
  return new Promise((resolve, reject) => {
    const server = serveHono({ fetch: app.fetch, hostname: host.replace(/^\[|\]$/gu, ""), port, createServer }, (info) => {
      const shown = info.family === "IPv6" ? `[${info.address}]` : info.address;
      resolve({ url: `http://${shown}:${info.port}`, close: () => closed(server) });
    });
    server.once("error", (cause) =>
      reject(
        new AjarError("UNREACHABLE", `cannot listen: ${cause.message}`, {
          subject: `${host}:${port}`,
          hint: "Name another --port.",
          cause,
        }),
      ),
    );
  });
}

/** As many characters as 128 bits take in hex. */
const MIN_TOKEN = 32;

function closed(server: ReturnType<typeof serveHono>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Event streams would keep it open for ever.
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}
