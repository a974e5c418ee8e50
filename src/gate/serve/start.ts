// Puts the parts of a gate together and lets it listen; whatever cannot be had keeps it from starting.
import type { ContentRule, DoorBook, GateParts, KeyBook, RateLedger } from "../contract.ts";
import { createGate } from "../server/gate.ts";
import { refuseOpen, tryPort } from "../server/listening.ts";
import type { GateLimits } from "../server/options.ts";
import type { Tracer } from "../server/traces.ts";
import { adminOf, type DoorKeeper } from "./admin.ts";
import { ChangedDoors } from "./changed-doors.ts";
import type { GateConfig } from "./config.ts";
import type { WatchedLog } from "./decisions.ts";
import type { OpenModels } from "./models.ts";

/** What is in force for all calls: the policy's screens, and what they are called. */
export interface Screens {
  readonly screenFor: GateParts["screenFor"];
  readonly policy: () => { readonly id: string; readonly digest: string | null; readonly filters: readonly string[] };
}

export interface StartRequest {
  readonly config: Pick<GateConfig, "host" | "port" | "limits">;
  readonly models: OpenModels;
  readonly screens: Screens;
  readonly doors: DoorBook;
  readonly keeper: DoorKeeper;
  readonly log: WatchedLog;
  /** Texts that the log is given, null for none. */
  readonly content: ContentRule | null;
  readonly keys: KeyBook | null;
  /** Where replicas share the limits of keys; null for one gate alone. Closed with the gate. */
  readonly rates: RateLedger | null;
  readonly tracer: Tracer | null;
  readonly pages: NonNullable<GateParts["pages"]>;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface RunningGate {
  readonly url: string;
  /** Lets running replies end, then stops; the log says that it did. */
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const DEFAULT_PORT = 8_484;

/** @throws AjarError BAD_OPTION beyond this machine without keys */
export function checkHost({ host = HOST }: Pick<GateConfig, "host">, hasKeys: boolean): void {
  refuseOpen(host, hasKeys);
}

/** Told before anything is opened. @throws AjarError UNREACHABLE when the address cannot be had */
export async function checkPort({ host = HOST, port = DEFAULT_PORT }: Pick<GateConfig, "host" | "port">): Promise<void> {
  await tryPort(host, port);
}

/** @throws AjarError BAD_OPTION beyond loopback without keys, UNREACHABLE when the port is taken, LOG_UNWRITABLE */
export async function startGate(request: StartRequest): Promise<RunningGate> {
  const { config, models, screens, keeper, log, content, keys, rates, tracer, pages, now, newId } = request;
  const doors = new ChangedDoors(request.doors);
  const act = (what: string, subject: string, detail: Record<string, string>): Promise<void> =>
    log.append({ kind: "act", at: now().toISOString(), act: what, by: "gate", subject, detail });
  const gate = createGate(
    {
      models: models.entries,
      screenFor: screens.screenFor,
      doors,
      log,
      ...(content === null ? {} : { content }),
      ...(rates === null ? {} : { rates }),
      keys,
      clock: now,
      ids: newId,
      admin: adminOf({ models: models.entries, doors, keeper, log, policy: screens.policy }),
      pages,
    },
    { limits: limitsOf(config.limits), tracer },
  );
  const stops = async (): Promise<void> => {
    for (const { model } of models.entries) await act("stop", model.id, {}).catch(() => undefined);
  };
  models.watch({
    changed: (model, file) => {
      doors.shutChanged(model, "a file of the model was changed while it was served", now().toISOString());
      // A log that cannot be written already keeps the gate from answering.
      void act("model-changed", model, { file }).catch(() => undefined);
    },
    engine: (model, state) => {
      const reason = state.kind === "ready" ? {} : { reason: state.reason };
      void act(`engine-${state.kind}`, model, reason).catch(() => undefined);
    },
  });
  for (const { model } of models.entries) {
    await act("start", model.id, { ref: model.ref, basis: model.basis, digest: model.weightsDigest ?? model.fileDigests[0] ?? "" });
  }
  const url = await gate.listen(config.host ?? HOST, config.port ?? DEFAULT_PORT).catch(async (cause: unknown) => {
    await gate.close();
    await stops();
    throw cause;
  });
  return {
    url,
    async stop() {
      await gate.drain();
      await stops();
    },
  };
}

function limitsOf(limits: GateConfig["limits"]): Partial<GateLimits> {
  const given = {
    bodyBytes: limits?.body_bytes,
    queue: limits?.queue,
    queueMs: limits?.queue_ms,
    connections: limits?.connections,
    drainMs: limits?.drain_ms,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
