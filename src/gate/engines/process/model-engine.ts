// A model as an engine: its process, started again when it died, and not for ever.
import { AjarError } from "../../../core/errors.ts";
import type { Endpoint, Engine, EngineReply, EngineRequest, EngineState } from "../../contract.ts";
import { BadRequest } from "../llama/bad-request.ts";
import type { Drawn, ModelProcess } from "./model-process.ts";
import { nextStart, type RestartPolicy } from "./restarts.ts";

export interface ModelEngineOptions {
  /** Starts a process and lets it load the file. @throws AjarError ENGINE_DOWN | CHANGED_WHILE_READ, or the signal's reason */
  readonly start: (signal: AbortSignal) => Promise<ModelProcess>;
  readonly restarts: RestartPolicy;
  readonly draw: () => Drawn;
  /** Requests that it may have at once, with those that wait and those that are ending. */
  readonly most: number;
  /** Called after each change. */
  readonly changed: (state: EngineState) => void;
}

/** Milliseconds in which a process that is well answers. */
const HEALTH_MS = 2_000;

type Phase =
  | { readonly kind: "ready"; readonly process: ModelProcess }
  | { readonly kind: "restarting"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };

export class ModelEngine implements Engine {
  readonly kind = "llama.cpp";
  readonly endpoints: readonly Endpoint[] = ["chat/completions", "completions", "responses", "embeddings"];
  readonly #options: ModelEngineOptions;
  readonly #closing = new AbortController();
  readonly #deaths: number[] = [];
  #phase: Phase = { kind: "closed" };
  #timer: NodeJS.Timeout | undefined;
  #starting: Promise<void> = Promise.resolve();

  constructor(options: ModelEngineOptions) {
    this.#options = options;
  }

  /** The first start: what goes wrong in it is thrown, and nothing is tried again. */
  async open(signal: AbortSignal): Promise<void> {
    this.#adopt(await this.#options.start(signal));
  }

  state(): EngineState {
    const phase = this.#phase;
    if (phase.kind === "ready") return { kind: "ready", pid: phase.process.pid };
    return phase.kind === "closed" ? { kind: "failed", reason: "closed" } : phase;
  }

  async send(request: EngineRequest): Promise<EngineReply> {
    request.signal.throwIfAborted();
    const phase = this.#phase;
    if (phase.kind !== "ready") throw down(phase);
    if (phase.process.busy >= this.#options.most) return busy();
    return await phase.process.send(request, this.#options.draw());
  }

  async health(): Promise<string | null> {
    const phase = this.#phase;
    if (phase.kind !== "ready") return phase.kind;
    return (await phase.process.answers(HEALTH_MS)) ? null : "its process does not answer";
  }

  async close(): Promise<void> {
    const phase = this.#phase;
    this.#phase = { kind: "closed" };
    clearTimeout(this.#timer);
    this.#closing.abort(new AjarError("ENGINE_DOWN", "the model was unloaded"));
    if (phase.kind === "ready") await phase.process.kill("the model was unloaded");
    await this.#starting;
  }

  #adopt(process: ModelProcess): void {
    this.#phase = { kind: "ready", process };
    void process.gone.then(({ how }) => this.#died(how));
  }

  #died(reason: string): void {
    if (this.#phase.kind === "closed") return;
    this.#deaths.push(performance.now());
    const wait = nextStart(this.#deaths, this.#options.restarts);
    if (wait === null) {
      this.#turn({ kind: "failed", reason });
      return;
    }
    this.#turn({ kind: "restarting", reason });
    this.#timer = setTimeout(() => {
      this.#starting = this.#restart();
    }, wait).unref();
  }

  async #restart(): Promise<void> {
    try {
      const process = await this.#options.start(this.#closing.signal);
      if (this.#closing.signal.aborted) return await process.kill("the model was unloaded");
      this.#adopt(process);
      this.#options.changed(this.state());
    } catch (cause) {
      if (this.#closing.signal.aborted) return;
      const reason = cause instanceof AjarError ? cause.message : "it could not be started";
      // Other bytes than those that were audited are never tried again.
      if (cause instanceof AjarError && cause.code === "CHANGED_WHILE_READ") this.#turn({ kind: "failed", reason });
      else this.#died(reason);
    }
  }

  #turn(phase: Extract<Phase, { kind: "restarting" | "failed" }>): void {
    this.#phase = phase;
    this.#options.changed(this.state());
  }
}

function down(phase: Exclude<Phase, { kind: "ready" }>): AjarError {
  if (phase.kind === "closed") return new AjarError("ENGINE_DOWN", "the model was unloaded");
  return phase.kind === "restarting"
    ? new AjarError("ENGINE_DOWN", "the model's process ended and starts again")
    : new AjarError("ENGINE_DOWN", "the model's process ended too often; it stays down until the gate is started again");
}

function busy(): EngineReply {
  return new BadRequest("engine_busy", "too many requests wait for this model", null, 429).reply();
}
