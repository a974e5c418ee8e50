// A gate for tests: the real server and the real upstream engine, with doors, log and screen that a test can look into and turn.
import type {
  AuditLog,
  DoorBook,
  DoorState,
  Engine,
  GateParts,
  KeyBook,
  LogRecord,
  ModelEntry,
  Screen,
  ServedModel,
} from "../../src/gate/contract.ts";
import { Upstream } from "../../src/gate/engines/upstream.ts";
import { createGate, type Gate, type GateOptions } from "../../src/gate/server/gate.ts";

export const MODEL: ServedModel = {
  id: "tern",
  ref: "http://upstream.example/v1 scripted",
  basis: "claimed",
  fileDigests: [],
  weightsDigest: `sha256:${"a".repeat(64)}`,
  tensorDigests: [],
  releaseDigest: null,
  bases: [],
  license: "Apache-2.0",
  headline: "ajar",
};

/** Doors that a test opens and shuts. */
class TestDoors implements DoorBook {
  readonly #listeners = new Set<() => void>();
  readonly #shut = new Map<string, DoorState>();
  #epoch = 1;
  running = 0;
  readonly streams = {
    begin: (): (() => void) => {
      this.running += 1;
      return () => {
        this.running -= 1;
      };
    },
  };

  epoch(): number {
    return this.#epoch;
  }

  state(model: ServedModel): DoorState {
    return this.#shut.get(model.id) ?? { kind: "open" };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(id: string, state: DoorState, quietly = false): void {
    this.#shut.set(id, state);
    this.#epoch += 1;
    if (!quietly) for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {}
}

/** A log in memory, which can be made to fail. */
class TestLog implements AuditLog {
  readonly records: LogRecord[] = [];
  failing = false;

  async append(record: LogRecord): Promise<void> {
    await new Promise(setImmediate);
    if (this.failing) throw new Error("no space left");
    this.records.push(record);
  }

  get decisions(): readonly Extract<LogRecord, { kind: "decision" }>[] {
    return this.records.flatMap((record) => (record.kind === "decision" ? [record] : []));
  }

  async close(): Promise<void> {}
}

/** Looks at nothing. */
const NO_SCREEN: Screen = {
  policy: { id: "none", digest: `sha256:${"0".repeat(64)}` },
  active: () => ({ request: false, response: false }),
  request: async (_call, body) => ({ kind: "pass", body, changed: false, results: [] }),
  reply: async (_call, _status, body) => ({ blocked: false, body, results: [] }),
  stream: () => {
    throw new Error("not active");
  },
};

export interface TestGate {
  readonly gate: Gate;
  /** Without `/v1`. */
  readonly url: string;
  readonly doors: TestDoors;
  readonly log: TestLog;
  readonly engine: Engine;
  close(): Promise<void>;
}

export interface TestGateOptions extends GateOptions {
  readonly upstream: string;
  readonly engine?: Engine;
  readonly screen?: Screen;
  readonly keys?: KeyBook | null;
  readonly concurrency?: number;
  readonly upstreamKey?: string | null;
  readonly parts?: Partial<GateParts>;
  readonly timeouts?: { readonly connect?: number; readonly firstByte?: number; readonly idle?: number };
}

export async function testGate(options: TestGateOptions): Promise<TestGate> {
  const { upstream, screen = NO_SCREEN, keys = null, concurrency = 64, upstreamKey = null, timeouts = {} } = options;
  const engine = options.engine ?? new Upstream({ url: upstream, key: upstreamKey, timeouts });
  const doors = new TestDoors();
  const log = new TestLog();
  const entry: ModelEntry = { model: MODEL, engine, engineModel: "scripted", audit: { verdict: "made up" }, concurrency };
  let ids = 0;
  const parts: GateParts = {
    models: [entry],
    screenFor: () => screen,
    doors,
    log,
    keys,
    clock: () => new Date("2026-01-02T03:04:05Z"),
    ids: () => {
      ids += 1;
      return `req-${ids}`;
    },
    ...options.parts,
  };
  const gate = createGate(parts, options);
  const url = await gate.listen("127.0.0.1", 0);
  const close = async (): Promise<void> => {
    await gate.close();
    await engine.close();
  };
  return { gate, url, doors, log, engine, close };
}
