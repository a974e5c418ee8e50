// The gate: Node's own HTTP server with every part given to it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { GateParts, JsonObject, KeyHolder } from "../contract.ts";
import { answerFault, answerJson } from "./answer.ts";
import { parseObject, readBody } from "./body.ts";
import { demandRight, holderOf } from "./caller.ts";
import { Exchange } from "./exchange.ts";
import { Fault } from "./fault.ts";
import { checkBodyHead, checkHead } from "./head.ts";
import { bareHost, cannotListen, refuseOpen } from "./listening.ts";
import { DEFAULT_LIMITS, type GateLimits } from "./options.ts";
import { type Route, routeOf, unknownEndpoint } from "./route.ts";
import { GateState } from "./state.ts";
import type { Tracer } from "./traces.ts";
import { modelList, modelOf, modelView, Readiness, releaseView } from "./views.ts";

export interface Gate {
  /** Starts to listen; gives the address. @throws AjarError BAD_OPTION beyond loopback without keys, UNREACHABLE when the port cannot be had */
  listen(host: string, port: number): Promise<string>;
  /** Takes no new calls, waits for those that run up to the limit, ends the others, and stops listening. */
  drain(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

export interface GateOptions {
  readonly limits?: Partial<GateLimits>;
  readonly tracer?: Tracer | null;
}

const MAX_HEADER_BYTES = 16 * 1024;
const TICK_MS = 1000;

export function createGate(parts: GateParts, options: GateOptions = {}): Gate {
  return new HttpGate(new GateState(parts, { ...DEFAULT_LIMITS, ...options.limits }, options.tracer ?? null));
}

class HttpGate implements Gate {
  readonly #state: GateState;
  readonly #server: Server;
  readonly #ready: Readiness;
  readonly #unlisten: () => void;
  readonly #ticker: NodeJS.Timeout;

  constructor(state: GateState) {
    this.#state = state;
    this.#ready = new Readiness(state);
    const { limits } = state;
    this.#server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: limits.headMs,
        requestTimeout: limits.requestMs,
        keepAliveTimeout: limits.keepAliveMs,
        connectionsCheckingInterval: TICK_MS,
        insecureHTTPParser: false,
        requireHostHeader: true,
        noDelay: true,
      },
      (request, response) => this.#handle(request, response),
    );
    this.#server.maxConnections = limits.connections;
    this.#server.on("clientError", refuseRaw);
    // Neither is spoken here; the parser hands the socket over and nobody else would end it.
    this.#server.on("upgrade", (_request, socket: Socket) => refuseRaw(null, socket));
    this.#server.on("connect", (_request, socket: Socket) => refuseRaw(null, socket));
    this.#unlisten = state.parts.doors.onChange(() => state.cutShut());
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#ticker.unref();
  }

  listen(host: string, port: number): Promise<string> {
    refuseOpen(host, this.#state.parts.keys !== null);
    return new Promise((resolve, reject) => {
      this.#server.once("error", (cause) => reject(cannotListen(host, port, cause)));
      this.#server.listen(port, bareHost(host), () => {
        const { address, family, port: taken } = this.#server.address() as AddressInfo;
        resolve(`http://${family === "IPv6" ? `[${address}]` : address}:${taken}`);
      });
    });
  }

  async drain(): Promise<void> {
    this.#state.draining = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    const until = performance.now() + this.#state.limits.drainMs;
    while (this.#state.running.size > 0 && performance.now() < until) await pause();
    for (const call of this.#state.running.all()) call.cut("draining", "this gate is about to stop");
    const last = performance.now() + LAST_MS;
    while (this.#state.running.size > 0 && performance.now() < last) await pause();
    await this.close();
  }

  async close(): Promise<void> {
    this.#state.draining = true;
    clearInterval(this.#ticker);
    this.#unlisten();
    const closed = this.#server.listening ? new Promise<void>((resolve) => this.#server.close(() => resolve())) : null;
    this.#server.closeAllConnections();
    await closed;
    await this.#state.rates.close();
    await this.#state.tracer?.close();
  }

  #tick(): void {
    const now = performance.now();
    for (const call of this.#state.running.all()) call.tick(now);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    // A client that goes away while it is written to is no failure of the gate.
    response.on("error", ignore);
    let route: Route;
    try {
      route = routeOf(request.method ?? "", request.url ?? "");
    } catch (error) {
      this.#refuse(response, error);
      return;
    }
    if (route.kind === "call") void new Exchange(this.#state, request, response, route.endpoint).run();
    else void this.#view(route, request, response).catch((error: unknown) => this.#refuse(response, error));
  }

  #refuse(response: ServerResponse, error: unknown): void {
    const fault = error instanceof Fault ? error : new Fault("internal_error", "the gate failed");
    this.#state.metrics.refusal(fault.code);
    answerFault(response, fault, this.#state.parts.ids());
  }

  async #view(route: Exclude<Route, { kind: "call" }>, request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkHead(request);
    if (route.kind === "health") return this.#json(response, 200, { status: "ok" });
    if (route.kind === "ready") {
      const ready = await this.#ready.isReady();
      return this.#json(response, ready ? 200 : 503, { status: ready ? "ready" : "not ready" });
    }
    if (route.kind === "page") return this.#page(route.path, response);
    const holder = holderOf(this.#state, request);
    switch (route.kind) {
      case "models":
        return this.#json(response, 200, modelList(this.#state, holder));
      case "model": {
        const served = modelOf(this.#state, holder, route.id);
        return this.#json(response, 200, route.release ? releaseView(this.#state, served) : modelView(this.#state, served));
      }
      case "metrics": {
        demandRight(holder, "metrics");
        return this.#text(response, await this.#state.metrics.text());
      }
      case "admin":
        return await this.#admin(route, request, response, holder);
    }
  }

  async #admin(
    route: Extract<Route, { kind: "admin" }>,
    request: IncomingMessage,
    response: ServerResponse,
    holder: KeyHolder,
  ): Promise<void> {
    demandRight(holder, "admin");
    const { admin } = this.#state.parts;
    if (admin === undefined) throw unknownEndpoint();
    const isPost = request.method === "POST";
    if (isPost) checkBodyHead(request, this.#state.limits.bodyBytes);
    const body = isPost ? parseObject(await readBody(request, this.#state.limits.bodyBytes)) : null;
    const { caller } = holder;
    const reply = await admin({ method: isPost ? "POST" : "GET", path: route.path, query: route.query, body, caller });
    if (reply === null) throw unknownEndpoint();
    this.#json(response, reply.status, reply.body);
  }

  #page(path: string, response: ServerResponse): void {
    const page = this.#state.parts.pages?.(path) ?? null;
    if (page === null) throw unknownEndpoint();
    response.writeHead(200, { ...PAGE_HEADERS, "content-type": page.type, "content-length": page.body.length });
    response.end(page.body);
  }

  #json(response: ServerResponse, status: number, body: JsonObject): void {
    answerJson(response, status, Buffer.from(JSON.stringify(body)), this.#state.parts.ids());
  }

  #text(response: ServerResponse, text: string): void {
    response.writeHead(200, { "content-type": this.#state.metrics.registry.contentType });
    response.end(text);
  }
}

/** Nothing inline, nothing from elsewhere. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** What cut calls need to say their last word. */
const LAST_MS = 2000;

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function ignore(): void {}

/** What is no HTTP gets one short answer, without a word of what was sent. */
function refuseRaw(error: (Error & { code?: string }) | null, socket: Socket): void {
  socket.on("error", ignore);
  if (!socket.writable || error?.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const fault =
    error?.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new Fault("request_timeout", "the request took too long to come in")
      : new Fault(
          "invalid_request",
          error?.code === "HPE_HEADER_OVERFLOW" ? "the headers are too large" : "this is not a request that is taken here",
        );
  const { body, status } = fault;
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]));
}
