// What one gate holds while it runs. Nothing here outlives it, and two gates in one process share none of it.
import type { AuditLog, DoorState, GateParts, ModelEntry, ShutCode } from "../contract.ts";
import { Fault } from "./fault.ts";
import { Guesses } from "./keys/guesses.ts";
import { LeasedRates } from "./limits/leased-rates.ts";
import { OwnRates } from "./limits/own-rates.ts";
import type { Rates } from "./limits/rates.ts";
import { Slots } from "./limits/slots.ts";
import { GateMetrics } from "./metrics.ts";
import type { GateLimits } from "./options.ts";
import { RunningCalls } from "./running.ts";
import type { Tracer } from "./traces.ts";

export interface Served {
  readonly entry: ModelEntry;
  readonly slots: Slots;
}

/** How long a log that failed is left alone before it is tried again. */
const LOG_RETRY_MS = 1000;

export class GateState {
  readonly parts: GateParts;
  readonly limits: GateLimits;
  readonly tracer: Tracer | null;
  readonly models: ReadonlyMap<string, Served>;
  readonly rates: Rates;
  readonly guesses = new Guesses();
  readonly running = new RunningCalls();
  readonly metrics: GateMetrics;
  draining = false;
  /** Milliseconds; when the log last failed and was not tried since, 0 while it can be written. */
  #logFailedAt = 0;

  constructor(parts: GateParts, limits: GateLimits, tracer: Tracer | null) {
    this.parts = parts;
    this.limits = limits;
    this.tracer = tracer;
    this.rates = parts.rates === undefined ? new OwnRates() : new LeasedRates(parts.rates);
    this.models = new Map(
      parts.models.map((entry) => [
        entry.model.id,
        { entry, slots: new Slots({ concurrency: entry.concurrency, queue: limits.queue, waitMs: limits.queueMs }) },
      ]),
    );
    this.metrics = new GateMetrics((set) => {
      for (const [id, { entry, slots }] of this.models) {
        set("replies_running", id, slots.taken);
        set("requests_waiting", id, slots.waiting);
        set("door_open", id, parts.doors.state(entry.model).kind === "open" ? 1 : 0);
        const process = entry.engine.state?.();
        if (process !== undefined) set("engine_up", id, process.kind === "ready" ? 1 : 0);
      }
    });
  }

  get logWritable(): boolean {
    return this.#logFailedAt === 0;
  }

  /** @throws Fault log_unwritable */
  async log(...record: Parameters<AuditLog["append"]>): Promise<void> {
    try {
      await this.parts.log.append(...record);
    } catch (error) {
      this.#logFailedAt = Date.now();
      throw logUnwritable(error);
    }
  }

  /** Before a call is let in: after a failure the log has to take a record first. @throws Fault log_unwritable */
  async tryLog(): Promise<void> {
    if (this.#logFailedAt === 0) return;
    if (Date.now() - this.#logFailedAt < LOG_RETRY_MS) throw logUnwritable(null);
    const at = this.parts.clock().toISOString();
    await this.log({ kind: "act", at, act: "resume", by: "gate", subject: "log", detail: {} });
    this.#logFailedAt = 0;
  }

  /** Ends what runs behind doors that are shut now. */
  cutShut(): void {
    for (const call of this.running.all()) {
      const state = this.parts.doors.state(call.model);
      if (state.kind === "shut") call.cut(state.code, shutMessage(state));
    }
  }
}

type Shut = Extract<DoorState, { kind: "shut" }>;

function shutMessage(state: Shut): string {
  const advisory = state.advisory === undefined ? "" : ` (${state.advisory})`;
  return `${SHUT[state.code]}${advisory}: ${state.reason}`;
}

export function shutFault(state: Shut): Fault {
  return new Fault(state.code, shutMessage(state), { param: "model" });
}

const SHUT: Readonly<Record<ShutCode, string>> = {
  model_disabled: "this model is shut",
  model_recalled: "this model was recalled",
  model_changed: "this model's files are not those that were audited",
  gate_stale: "this gate cannot tell whether the model may be served",
};

function logUnwritable(cause: unknown): Fault {
  const fault = new Fault("log_unwritable", "the gate cannot write its log and does not serve without one");
  fault.cause = cause;
  return fault;
}
