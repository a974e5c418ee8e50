// One call from its head to the last byte of its reply.
import type { IncomingMessage, ServerResponse } from "node:http";
import { AjarError } from "../../core/errors.ts";
import type {
  Call,
  Endpoint,
  Engine,
  EngineReply,
  EngineRequest,
  FilterResult,
  JsonObject,
  KeyHolder,
  Screen,
  ShutCode,
} from "../contract.ts";
import { answerFault, answerJson, flushed } from "./answer.ts";
import { parseObject, readBody } from "./body.ts";
import { demand, holderOf } from "./caller.ts";
import { Fault } from "./fault.ts";
import { checkBodyHead, checkHead, traceParent } from "./head.ts";
import { KeptTexts } from "./kept-texts.ts";
import { CLIENT_GONE, decision, type Outcome, sha256 } from "./record.ts";
import type { RunningCall } from "./running.ts";
import { type GateState, type Served, shutFault } from "./state.ts";
import { StreamReply } from "./stream-reply.ts";
import { type Span, traceHeader } from "./traces.ts";
import { estimatedTokens, type Usage, usageIn } from "./usage.ts";
import { endOf, toClient } from "./whole-reply.ts";

const NO_RESULTS: readonly FilterResult[] = [];
const NOTHING = new Uint8Array();
const BLOCKED = { outcome: "blocked-response", code: "content_filter" } as const;

/** What a call ends with, however it ends. */
export interface End {
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly status: number;
  readonly output: string | null;
  readonly usage: Usage | null;
  /** Bytes of the reply, for an estimate where nobody counted. */
  readonly bytes: number;
}

export class Exchange implements RunningCall {
  readonly requestId: string;
  readonly response: ServerResponse;
  readonly gate: GateState;
  readonly endpoint: Endpoint;
  results: readonly FilterResult[] = NO_RESULTS;
  /** Why it was ended from outside, null while it was not. */
  cutBy: Fault | null = null;
  firstByteAt: number | null = null;
  place = -1;
  /** What the log keeps of the texts, null where it keeps none. */
  readonly texts: KeptTexts | null;
  readonly #request: IncomingMessage;
  readonly #startedAt = performance.now();
  readonly #abort = new AbortController();
  #holder: KeyHolder | null = null;
  #served: Served | null = null;
  #stream = false;
  #screen: Screen | null = null;
  #input: string | null = null;
  #inputBytes = 0;
  #reply: StreamReply | null = null;
  #span: Span | null = null;
  /** Whether the log has this call. */
  #logged = false;
  #gone = false;
  /** When all of a whole answer was handed over, while the client has not taken all of it; else 0. */
  #sendingSince = 0;

  constructor(gate: GateState, request: IncomingMessage, response: ServerResponse, endpoint: Endpoint) {
    this.gate = gate;
    this.#request = request;
    this.response = response;
    this.endpoint = endpoint;
    this.requestId = gate.parts.ids();
    this.texts = gate.parts.content === undefined ? null : new KeptTexts(gate.parts.content);
  }

  get model(): Served["entry"]["model"] {
    return this.#admitted().entry.model;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    this.response.on("close", () => this.#closed());
    try {
      await this.#take();
    } catch (error) {
      await this.#fail(error);
    }
  }

  cut(code: ShutCode | "draining", message: string): void {
    if (this.cutBy !== null) return;
    this.cutBy = new Fault(code, message);
    this.#reply?.cut(this.cutBy);
    if (this.#sendingSince > 0) this.response.destroy();
    this.#abort.abort(this.cutBy);
  }

  /** Its answer is not wanted any more. */
  stopEngine(): void {
    this.#abort.abort(new Fault("upstream_error", "the answer is not wanted any more"));
  }

  tick(now: number): void {
    this.#reply?.tick(now);
    if (this.#sendingSince > 0 && now - this.#sendingSince > this.gate.limits.stallMs) this.response.destroy();
  }

  /** Writes what happened into the log; nothing may end before. @throws Fault log_unwritable */
  async log(end: End): Promise<void> {
    this.#logged = true;
    const { parts } = this.gate;
    const record = decision({
      at: parts.clock(),
      call: { requestId: this.requestId, endpoint: this.endpoint, stream: this.#stream },
      callerId: this.#holder?.caller.keyId ?? "",
      model: this.#served?.entry.model ?? null,
      policy: this.#screen?.policy ?? null,
      results: this.results,
      input: this.#input,
      ...end,
    });
    this.#measure(end);
    await this.gate.log(record, this.texts?.content(this.results));
  }

  async #take(): Promise<void> {
    const { gate } = this;
    const request = this.#request;
    checkHead(request);
    const holder = holderOf(gate, request);
    this.#holder = holder;
    checkBodyHead(request, gate.limits.bodyBytes);
    if (gate.draining) throw new Fault("draining", "this gate is about to stop", { retryAfter: 1 });
    demand(holder, "endpoint", this.endpoint);
    const taken = gate.rates.take(holder, performance.now());
    const wait = taken instanceof Promise ? await taken : taken;
    if (wait !== null) throw new Fault("rate_limit_exceeded", "this key has used up its limit for now", { retryAfter: wait });
    const bytes = await readBody(request, gate.limits.bodyBytes);
    const body = parseObject(bytes);
    this.#served = this.#lookUp(body, holder);
    this.#input = sha256(bytes);
    this.texts?.add("input", bytes);
    this.#inputBytes = bytes.length;
    this.#stream = streamed(body, this.endpoint);
    await gate.tryLog();
    this.#checkDoor();
    if (!this.#served.slots.tryEnter()) await this.#waitForSlot(this.#served);
    try {
      await this.#serve(body, this.#served, holder);
    } finally {
      this.#served.slots.leave();
    }
  }

  #lookUp(body: JsonObject, holder: KeyHolder): Served {
    const name = body["model"];
    if (typeof name !== "string" || name === "") throw new Fault("invalid_request", "a model has to be named", { param: "model" });
    const served = this.gate.models.get(name);
    // A key learns nothing about models that it may not use.
    if (served === undefined) throw new Fault("model_not_found", "there is no such model here", { param: "model" });
    demand(holder, "model", name);
    if (!served.entry.engine.endpoints.includes(this.endpoint)) {
      throw new Fault("unknown_endpoint", "this model does not have that endpoint", { param: "model" });
    }
    checkEngine(served.entry.engine);
    return served;
  }

  /** Why nothing may leave now, null while it may. */
  shut(): Fault | null {
    if (this.cutBy !== null) return this.cutBy;
    const state = this.gate.parts.doors.state(this.model);
    return state.kind === "shut" ? shutFault(state) : null;
  }

  #checkDoor(): void {
    const fault = this.shut();
    if (fault !== null) throw fault;
  }

  /** As before, for an answer that is already there. */
  #checkDoorAgain(): void {
    this.cutBy = this.shut();
    if (this.cutBy !== null) throw this.cutBy;
  }

  async #waitForSlot({ slots }: Served): Promise<void> {
    if (!(await slots.enter(this.#abort.signal))) {
      throw new Fault("overloaded", "too many requests for this model are waiting", { retryAfter: 1 });
    }
    if (this.#gone) {
      slots.leave();
      throw new Fault("invalid_request", "the client went away");
    }
  }

  async #serve(body: JsonObject, { entry }: Served, holder: KeyHolder): Promise<void> {
    const { gate } = this;
    const done = gate.parts.doors.streams.begin(entry.model);
    gate.running.add(this);
    try {
      // From here on a change of the door finds this call; what changed while it waited is seen now.
      this.#checkDoor();
      const call: Call = {
        requestId: this.requestId,
        endpoint: this.endpoint,
        model: entry.model,
        caller: holder.caller,
        stream: this.#stream,
      };
      const screen = gate.parts.screenFor(entry.model, holder.caller, this.endpoint);
      this.#screen = screen;
      const active = screen.active(call);
      const screened = active.request ? await this.#screenRequest(screen, call, body) : body;
      const reply = await entry.engine.send(this.#engineRequest(screened, entry.engineModel));
      if (reply.kind === "stream") {
        this.#reply = new StreamReply(this, active.response ? screen.stream(call) : null, reply.chunks);
        if (this.cutBy !== null) this.#reply.cut(this.cutBy);
        await this.#reply.done;
      } else await this.#sendWhole(reply, active.response ? screen : null, call);
    } finally {
      gate.running.delete(this);
      done();
    }
  }

  async #screenRequest(screen: Screen, call: Call, body: JsonObject): Promise<JsonObject> {
    const screened = await screen.request(call, body);
    this.results = screened.results;
    if (screened.kind === "pass") return screened.body;
    throw new Fault(screened.code, screened.message);
  }

  #engineRequest(body: JsonObject, model: string): EngineRequest {
    const sent = body["model"] === model ? body : { ...body, model };
    const request = { endpoint: this.endpoint, body: Buffer.from(JSON.stringify(sent)), stream: this.#stream, signal: this.#abort.signal };
    const { tracer } = this.gate;
    if (tracer === null) return request;
    this.#span = tracer.begin(this.endpoint, traceParent(this.#request), Date.now());
    return { ...request, trace: traceHeader(this.#span) };
  }

  async #sendWhole(reply: Extract<EngineReply, { kind: "whole" }>, screen: Screen | null, call: Call): Promise<void> {
    const { status, body, retryAfter } = toClient(reply);
    let sent = body;
    let blocked = false;
    if (screen !== null) {
      const screened = await screen.reply(call, status, body);
      this.results = this.results.length === 0 ? screened.results : [...this.results, ...screened.results];
      sent = screened.body;
      blocked = screened.blocked;
    }
    this.#checkDoorAgain();
    const { outcome, code } = blocked ? BLOCKED : endOf(status);
    this.texts?.ends(sent);
    await this.log({ outcome, code, status, output: sha256(sent), usage: status < 300 ? usageIn(body) : null, bytes: sent.length });
    // The log may have taken its time.
    this.#checkDoorAgain();
    if (this.#gone) return;
    this.firstByteAt = performance.now();
    answerJson(this.response, status, sent, this.requestId, retryAfter);
    if (this.response.writableLength === 0) return;
    this.#sendingSince = this.firstByteAt;
    await flushed(this.response);
  }

  async #fail(error: unknown): Promise<void> {
    const fault = this.cutBy ?? toFault(error);
    const outcome = this.#outcomeOf(fault);
    let told = fault;
    if (this.#holder === null) this.gate.metrics.refusal(fault.code);
    else if (!this.#logged || this.cutBy !== null) {
      const [code, status] = outcome === "aborted" ? [null, CLIENT_GONE] : [fault.code, fault.status];
      const end = { outcome, code, status, output: null, usage: null, bytes: 0 };
      this.texts?.ends(NOTHING);
      await this.log(end).catch((problem: unknown) => {
        told = toFault(problem);
      });
    }
    if (this.#gone) this.response.destroy();
    else answerFault(this.response, told, this.requestId);
  }

  #outcomeOf(fault: Fault): Outcome {
    if (this.cutBy !== null) return "cut";
    if (this.#gone) return "aborted";
    if (fault.code === "content_filter" || fault.code === "filter_failed" || fault.code === "unscreenable") return "blocked-request";
    return fault.code === "upstream_error" || fault.code === "upstream_timeout" || fault.code === "internal_error" ? "failed" : "refused";
  }

  #closed(): void {
    if (this.response.writableFinished) return;
    this.#gone = true;
    this.#reply?.abandon();
    this.#abort.abort(new Fault("invalid_request", "the client went away"));
  }

  #measure({ outcome, code, usage, bytes, status }: End): void {
    const { metrics, rates, tracer } = this.gate;
    const now = performance.now();
    const model = this.#served?.entry.model.id ?? "";
    const first = this.firstByteAt === null ? null : (this.firstByteAt - this.#startedAt) / 1000;
    metrics.call(this.endpoint, model, outcome, code, (now - this.#startedAt) / 1000, first);
    metrics.filters(this.results);
    if (usage !== null) metrics.tokens(model, usage);
    if (this.#holder !== null && this.#served !== null && outcome !== "refused") {
      const tokens = usage === null ? estimatedTokens(this.#inputBytes + bytes) : usage.input + usage.output;
      rates.spend(this.#holder, tokens, now);
    }
    if (this.#span !== null) tracer?.end(this.#span, Date.now(), outcome === "failed", this.#attributes(model, status, usage));
  }

  #attributes(model: string, status: number, usage: Usage | null): Readonly<Record<string, string | number>> {
    return {
      "gen_ai.operation.name": OPERATIONS[this.endpoint],
      "gen_ai.request.model": model,
      "http.request.method": "POST",
      "http.route": `/v1/${this.endpoint}`,
      "http.response.status_code": status,
      ...(usage === null ? {} : { "gen_ai.usage.input_tokens": usage.input, "gen_ai.usage.output_tokens": usage.output }),
    };
  }

  #admitted(): Served {
    if (this.#served === null) throw new AjarError("BUG", "a call without a model");
    return this.#served;
  }
}

const OPERATIONS: Readonly<Record<Endpoint, string>> = {
  "chat/completions": "chat",
  completions: "text_completion",
  responses: "chat",
  embeddings: "embeddings",
};

function streamed(body: JsonObject, endpoint: Endpoint): boolean {
  const stream = body["stream"];
  if (stream === undefined || stream === null || stream === false) return false;
  if (stream !== true) throw new Fault("invalid_request", "stream is true or false", { param: "stream" });
  if (endpoint === "embeddings") throw new Fault("invalid_request", "embeddings come whole", { param: "stream" });
  return true;
}

/** A model whose process is down is not asked. @throws Fault engine_failed | engine_restarting */
function checkEngine(engine: Engine): void {
  const state = engine.state?.();
  if (state?.kind === "failed") throw new Fault("engine_failed", "this model's process broke down and stays down");
  if (state?.kind === "restarting") {
    throw new Fault("engine_restarting", "this model's process broke down and is started again", { retryAfter: RESTART_SECONDS });
  }
}

const RESTART_SECONDS = 5;

/** Whatever was thrown, as the client may see it. */
function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof AjarError && error.code === "ENGINE_TIMEOUT")
    return new Fault("upstream_timeout", "the engine did not answer in time");
  if (error instanceof AjarError && error.code === "ENGINE_DOWN") return new Fault("upstream_error", "the engine could not answer");
  const fault = new Fault("internal_error", "the gate failed; its operators can find the request by its id");
  fault.cause = error;
  return fault;
}
