// What the gate counts, as Prometheus reads it. Labels are names from the configuration and codes: nothing that a client can make up.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { FilterResult } from "../contract.ts";
import type { Usage } from "./usage.ts";

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export class GateMetrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter("requests_total", "Requests by endpoint, model, outcome and error code.", [
    "endpoint",
    "model",
    "outcome",
    "code",
  ]);
  readonly #filters = this.#counter("filter_results_total", "What filters found, by filter and part.", ["filter", "outcome", "part"]);
  readonly #tokens = this.#counter("tokens_total", "Tokens that replies reported.", ["model", "kind"]);
  readonly #refusals = this.#counter("refusals_total", "Requests refused before a model was named, by code.", ["code"]);
  readonly #whole = this.#histogram("request_seconds", "From the head of a request to the last byte of its reply.", ["endpoint"]);
  readonly #first = this.#histogram("first_byte_seconds", "From the head of a request to the first byte of its reply.", ["endpoint"]);

  /** `collect` sets the gauges when somebody asks. */
  constructor(gauges: (set: (name: string, model: string, value: number) => void) => void) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: "ajar_gate_" });
    const held = new Map<string, Gauge>();
    for (const [name, help] of GAUGES) {
      held.set(name, new Gauge({ name: `ajar_gate_${name}`, help, labelNames: ["model"], registers }));
    }
    const [first] = held.values();
    if (first !== undefined) {
      // One collector for all of them: they come from one look at the gate.
      Object.assign(first, { collect: () => gauges((name, model, value) => held.get(name)?.labels(model).set(value)) });
    }
  }

  call(endpoint: string, model: string, outcome: string, code: string | null, seconds: number, firstSeconds: number | null): void {
    this.#requests.inc({ endpoint, model, outcome, code: code ?? "" });
    this.#whole.observe({ endpoint }, seconds);
    if (firstSeconds !== null) this.#first.observe({ endpoint }, firstSeconds);
  }

  refusal(code: string): void {
    this.#refusals.inc({ code });
  }

  filters(results: readonly FilterResult[]): void {
    for (const { filter, outcome, part } of results) this.#filters.inc({ filter, outcome, part });
  }

  tokens(model: string, usage: Usage): void {
    this.#tokens.inc({ model, kind: "input" }, usage.input);
    this.#tokens.inc({ model, kind: "output" }, usage.output);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name: `ajar_gate_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[]): Histogram {
    return new Histogram({ name: `ajar_gate_${name}`, help, labelNames: [...labelNames], buckets: SECONDS, registers: [this.registry] });
  }
}

const GAUGES: readonly (readonly [string, string])[] = [
  ["replies_running", "Replies that are being made."],
  ["requests_waiting", "Requests that wait for a slot."],
  ["door_open", "1 where the model's door is open, 0 where it is shut."],
  ["engine_up", "1 where the model's process answers, 0 where it is down; only of processes of this gate."],
];
