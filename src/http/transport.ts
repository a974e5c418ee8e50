// The only file that knows undici. It is loaded on the first request: an audit of a folder never pays for it.
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { AjarError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";

export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: AsyncIterable<Uint8Array>;
  destroy(): void;
}

interface RawRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Sent with POST; a request without one is a GET. */
  readonly body?: Uint8Array;
}

export interface Transport {
  send(request: RawRequest): Promise<RawResponse>;
  close(): Promise<void>;
}

/** Connections kept open per host; two cores gain nothing from more. */
const MAX_CONNECTIONS = 4;
/** Headers larger than this are refused by the parser. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Looks a host up whenever a connection is made; what it gives is what is connected to. Through a proxy, the proxy looks up. */
export type Lookup = LookupFunction;

/** Opens connections with undici; proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY of `env`, never from the process. */
export function undiciTransport(env: Readonly<Record<string, string | undefined>>, timeoutMs: number, lookup?: Lookup): Transport {
  let dispatcher: Promise<Dispatcher> | undefined;
  async function connect(): Promise<Dispatcher> {
    const { Agent, EnvHttpProxyAgent } = await import("undici");
    const common = {
      connections: MAX_CONNECTIONS,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs, ...(lookup === undefined ? {} : { lookup }) },
    };
    const httpProxy = proxyAddress(env, "HTTP_PROXY");
    const httpsProxy = proxyAddress(env, "HTTPS_PROXY");
    if (httpProxy === "" && httpsProxy === "") return new Agent(common);
    const noProxy = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
    // Plain http goes to the proxy as a whole URL: few proxies tunnel to port 80.
    return new EnvHttpProxyAgent({ ...common, httpProxy, httpsProxy, noProxy, proxyTunnel: false });
  }
  return {
    async send(request: RawRequest): Promise<RawResponse> {
      dispatcher ??= connect();
      const agent = await dispatcher;
      const { url, signal, body } = request;
      const headers = { "user-agent": `ajar/${VERSION}`, "accept-encoding": "identity", ...request.headers };
      const path = `${url.pathname}${url.search}`;
      const what = body === undefined ? ({ method: "GET" } as const) : ({ method: "POST", body } as const);
      const answer = await agent.request({ origin: url.origin, path, ...what, headers, signal });
      // A body that is given up on emits an error which nobody waits for.
      answer.body.on("error", () => undefined);
      return { status: answer.statusCode, headers: flatten(answer.headers), body: answer.body, destroy: () => void answer.body.destroy() };
    },
    async close(): Promise<void> {
      // A dispatcher that could not be made has already failed its request and holds nothing.
      await (await dispatcher?.catch(() => undefined))?.destroy();
    },
  };
}

function flatten(headers: Readonly<Record<string, string | readonly string[] | undefined>>): ReadonlyMap<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.set(name.toLowerCase(), typeof value === "string" ? value : value.join(", "));
  }
  return flat;
}

/** A proxy variable as an address; `host:port` means http, as curl reads it. @throws AjarError BAD_CONFIG, without its text: it may hold a password */
function proxyAddress(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const stated = (env[name.toLowerCase()] ?? env[name] ?? "").trim();
  if (stated === "") return "";
  const address = stated.includes("://") ? stated : `http://${stated}`;
  const url = URL.parse(address);
  if (url === null || !/^(?:https?|socks5?):$/u.test(url.protocol) || url.hostname === "") {
    throw new AjarError("BAD_CONFIG", `${name}: not the address of a proxy`, {
      subject: name,
      hint: "For example http://proxy.example:3128.",
    });
  }
  return address;
}
