// What operators ask of a running gate under /admin/: which models, which doors, what was decided, and to shut or open.
import { AjarError } from "../../core/errors.ts";
import type { AdminReply, AdminRequest, DoorState, EngineState, JsonObject, ModelEntry } from "../contract.ts";
import type { ChangedDoors } from "./changed-doors.ts";
import type { WatchedLog } from "./decisions.ts";

/** What a door can be shut by: a model's name, a digest, or a base. */
export interface DoorKeeper {
  /** Returns once no stream of this replica runs that it concerns; `models` are those that are served here and meant. @throws AjarError */
  shut(subject: string, reason: string, by: string): Promise<JsonObject>;
  /** @throws AjarError */
  open(subject: string, reason: string, by: string): Promise<JsonObject>;
  /** Everything that is shut, and the feeds with the advisories that concern a model. */
  overview(): Promise<JsonObject>;
}

export interface AdminParts {
  readonly models: readonly ModelEntry[];
  readonly doors: ChangedDoors;
  readonly keeper: DoorKeeper;
  readonly log: WatchedLog;
  /** Policy in force: id, digest, filters. */
  readonly policy: () => JsonObject;
}

const MOST_DECISIONS = 200;
const MAX_REASON = 500;
const MAX_SUBJECT = 512;

export function adminOf(parts: AdminParts): (request: AdminRequest) => Promise<AdminReply | null> {
  return async (request) => {
    const { method, path, query } = request;
    if (method === "GET" && path === "/state") return { status: 200, body: await stateOf(parts) };
    if (method === "GET" && path === "/decisions") return { status: 200, body: decisions(parts, query) };
    if (method === "POST" && (path === "/shut" || path === "/open")) return await turn(parts, request, path === "/shut" ? "shut" : "open");
    return null;
  };
}

async function stateOf({ models, doors, keeper, policy }: AdminParts): Promise<JsonObject> {
  return {
    models: models.map(({ model, engine }) => ({
      id: model.id,
      ref: model.ref,
      basis: model.basis,
      weights: model.weightsDigest,
      files: model.fileDigests,
      bases: model.bases.map(({ ref }) => ref),
      license: model.license,
      headline: model.headline,
      engine: engine.kind,
      process: processOf(engine.state?.()),
      door: doorOf(doors.state(model)),
    })),
    doors: await keeper.overview(),
    policy: policy(),
  };
}

/** Null for another server: nothing is known of its processes. */
function processOf(state: EngineState | undefined): JsonObject | null {
  if (state === undefined) return null;
  return state.kind === "ready" ? { state: state.kind, pid: state.pid } : { state: state.kind, reason: state.reason };
}

function doorOf(state: DoorState): JsonObject {
  if (state.kind === "open") return { state: "open" };
  const { code, reason, since, advisory } = state;
  return { state: "shut", code, reason, since, advisory: advisory ?? null };
}

function decisions({ log }: AdminParts, query: URLSearchParams): JsonObject {
  const after = Number(query.get("after") ?? "0");
  const { last, records } = log.after(Number.isSafeInteger(after) ? after : 0, MOST_DECISIONS);
  return { last, records };
}

async function turn(parts: AdminParts, { body, caller }: AdminRequest, way: "shut" | "open"): Promise<AdminReply> {
  const subject = body?.["subject"];
  const reason = body?.["reason"];
  if (typeof subject !== "string" || subject === "" || subject.length > MAX_SUBJECT)
    return refused("subject", "a model, a digest or a base");
  if (typeof reason !== "string" || reason.trim() === "" || reason.length > MAX_REASON) return refused("reason", "a sentence");
  // Opening asks twice: what was shut for a reason is not opened by one slip.
  if (way === "open" && body?.["confirm"] !== subject) return refused("confirm", "the same as subject");
  try {
    return { status: 200, body: await parts.keeper[way](subject, reason.trim(), caller.keyId) };
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    return { status: 409, body: { error: { type: "invalid_request_error", code: error.code, message: error.message, param: null } } };
  }
}

function refused(param: string, wanted: string): AdminReply {
  return {
    status: 400,
    body: { error: { type: "invalid_request_error", code: "invalid_value", message: `${param} must be ${wanted}`, param } },
  };
}
