// What can be read about the gate and its models.
import type { DoorState, JsonObject, KeyHolder, ServedModel } from "../contract.ts";
import { mayUse } from "./caller.ts";
import { Fault } from "./fault.ts";
import type { GateState, Served } from "./state.ts";

/** `GET /v1/models`: those that the key may use. */
export function modelList(gate: GateState, holder: KeyHolder): JsonObject {
  const served = [...gate.models.values()].filter(({ entry }) => mayUse(holder, entry.model.id));
  return { object: "list", data: served.map((one) => modelView(gate, one)) };
}

/** @throws Fault model_not_found, also for a model that the key may not use */
export function modelOf(gate: GateState, holder: KeyHolder, id: string): Served {
  const served = gate.models.get(id);
  if (served === undefined || !mayUse(holder, id)) throw new Fault("model_not_found", "there is no such model here", { param: "model" });
  return served;
}

/** As OpenAI describes a model, and what it is known by here. */
export function modelView(gate: GateState, { entry: { model, engine } }: Served): JsonObject {
  return {
    id: model.id,
    object: "model",
    created: 0,
    owned_by: "ajar",
    ajar: {
      basis: model.basis,
      digest: model.weightsDigest ?? model.fileDigests[0] ?? null,
      license: model.license,
      headline: model.headline,
      engine: engine.kind,
      // Of another server nothing is known here.
      engine_state: engine.state?.().kind ?? "unknown",
      endpoints: engine.endpoints,
      door: doorView(gate.parts.doors.state(model)),
    },
  };
}

/** `GET /v1/models/{id}/release`: what is served, by digest, and what its audit found. */
export function releaseView(gate: GateState, { entry: { model, audit } }: Served): JsonObject {
  return { object: "model.release", ...identity(model), door: doorView(gate.parts.doors.state(model)), audit };
}

function identity(model: ServedModel): JsonObject {
  return {
    id: model.id,
    ref: model.ref,
    basis: model.basis,
    file_digests: model.fileDigests,
    weights_digest: model.weightsDigest,
    release_digest: model.releaseDigest,
    tensors: model.tensorDigests.length,
    bases: model.bases.map(({ ref, relation, confidence }) => ({ ref, relation, confidence })),
    license: model.license,
    headline: model.headline,
  };
}

function doorView(state: DoorState): JsonObject {
  if (state.kind === "open") return { state: "open" };
  const { code, reason, since, advisory } = state;
  return { state: "shut", code, reason, since, ...(advisory === undefined ? {} : { advisory }) };
}

/** How long an answer about the engines is good: whoever asks often must not make the gate ask as often. */
const HEALTH_MS = 1000;

/** Whether the gate could answer now. Says no more than that: it needs no key. */
export class Readiness {
  readonly #gate: GateState;
  #asked: Promise<boolean> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(gate: GateState) {
    this.#gate = gate;
  }

  async isReady(): Promise<boolean> {
    const now = performance.now();
    if (this.#asked === null || now - this.#askedAt > HEALTH_MS) {
      this.#askedAt = now;
      this.#asked = this.#ask();
    }
    const answered = await this.#asked;
    return answered && !this.#gate.draining && this.#gate.logWritable;
  }

  /** One engine that answers, behind an open door, is enough: the others' clients are told what is wrong with theirs. */
  async #ask(): Promise<boolean> {
    const { doors } = this.#gate.parts;
    const open = [...this.#gate.models.values()].filter(({ entry }) => doors.state(entry.model).kind === "open");
    const health = await Promise.all(open.map(({ entry }) => entry.engine.health().catch(() => "failed")));
    return health.includes(null);
  }
}
