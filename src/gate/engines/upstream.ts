// Any server that speaks OpenAI's API: vLLM, llama-server, Ollama, hosted ones. One pool of connections for each.
import type { Dispatcher } from "undici";
import { Pool } from "undici";
import { AjarError } from "../../core/errors.ts";
import { VERSION } from "../../core/version.ts";
import type { Endpoint, Engine, EngineReply, EngineRequest } from "../contract.ts";
import { guardedLookup, upstreamUrl } from "./address.ts";
import { UpstreamReply } from "./upstream-reply.ts";

export interface UpstreamOptions {
  /** With the path before the endpoints, e.g. http://127.0.0.1:8000/v1. */
  readonly url: string;
  /** Sent as a bearer token; never the client's. Null for none. */
  readonly key: string | null;
  /** Whether it may lie in a private network. This machine is always allowed. */
  readonly allowInside?: boolean;
  /** Endpoints it has; all of them when absent. */
  readonly endpoints?: readonly Endpoint[];
  /** Connections at the same time. */
  readonly connections?: number;
  readonly timeouts?: Partial<UpstreamTimeouts>;
}

/** In milliseconds. */
interface UpstreamTimeouts {
  readonly connect: number;
  /** Until the head of the answer; for a whole answer that is all the time that the model takes. */
  readonly firstByte: number;
  /** Between two pieces of an answer. */
  readonly idle: number;
}

const TIMEOUTS: UpstreamTimeouts = { connect: 5000, firstByte: 300_000, idle: 60_000 };
const CONNECTIONS = 256;
const MAX_HEADER_BYTES = 16 * 1024;
const HEALTH_MS = 3000;
/** A list of models longer than this is none. */
const MOST_LIST_BYTES = 4 * 1024 * 1024;
const ENDPOINTS: readonly Endpoint[] = ["chat/completions", "completions", "responses", "embeddings"];

/** @throws AjarError BAD_OPTION for an address that an upstream may not have */
export class Upstream implements Engine {
  readonly kind = "upstream";
  readonly endpoints: readonly Endpoint[];
  readonly #pool: Pool;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: UpstreamOptions) {
    const url = upstreamUrl(options.url, options.allowInside === true);
    const timeouts = { ...TIMEOUTS, ...options.timeouts };
    this.endpoints = options.endpoints ?? ENDPOINTS;
    this.#base = url.pathname.replace(/\/+$/u, "");
    this.#pool = new Pool(url.origin, {
      connections: options.connections ?? CONNECTIONS,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.firstByte,
      bodyTimeout: timeouts.idle,
      connect: { timeout: timeouts.connect, lookup: guardedLookup({ allowInside: options.allowInside === true }) },
    });
    this.#headers = {
      accept: "application/json, text/event-stream",
      "accept-encoding": "identity",
      "content-type": "application/json",
      "user-agent": `ajar/${VERSION}`,
      ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
    };
  }

  send(request: EngineRequest): Promise<EngineReply> {
    const { endpoint, body, signal, trace } = request;
    return new Promise((resolve, reject) => {
      const headers = trace === undefined ? this.#headers : { ...this.#headers, traceparent: trace };
      const options: Dispatcher.DispatchOptions = { path: `${this.#base}/${endpoint}`, method: "POST", headers, body };
      this.#pool.dispatch(options, new UpstreamReply(signal, resolve, reject));
    });
  }

  async health(): Promise<string | null> {
    try {
      await this.models();
      return null;
    } catch (error) {
      return error instanceof AjarError ? error.message : "failed";
    }
  }

  /** Names of the models that it says it has, sorted. @throws AjarError ENGINE_DOWN | ENGINE_TIMEOUT */
  async models(): Promise<readonly string[]> {
    const reply = await this.#get("/models");
    if (reply.kind !== "whole" || reply.status !== 200 || reply.body.length > MOST_LIST_BYTES) throw noList(reply.status);
    try {
      const { data } = Object(JSON.parse(Buffer.from(reply.body).toString()));
      if (!Array.isArray(data)) throw noList(reply.status);
      return data.flatMap((one) => (typeof Object(one).id === "string" ? [String(one.id)] : [])).sort();
    } catch {
      throw noList(reply.status);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #get(path: string): Promise<EngineReply> {
    const signal = AbortSignal.timeout(HEALTH_MS);
    return new Promise((resolve, reject) => {
      const options: Dispatcher.DispatchOptions = { path: `${this.#base}${path}`, method: "GET", headers: this.#headers };
      this.#pool.dispatch(options, new UpstreamReply(signal, resolve, reject));
    });
  }
}

function noList(status: number): AjarError {
  return new AjarError("ENGINE_DOWN", `no list of models: status ${status}`, { hint: "Is it an OpenAI-compatible server?" });
}
