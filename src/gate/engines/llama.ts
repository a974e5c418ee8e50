// Models run on this machine by llama.cpp, each in a process of its own: the bytes that answer are the bytes that were audited.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Engine, EngineState } from "../contract.ts";
import { libraryEntry } from "./llama/library.ts";
import type { ModelOrder } from "./llama/model.ts";
import { ModelEngine } from "./process/model-engine.ts";
import { type ModelProcess, type Patience, patienceFor, startModel } from "./process/model-process.ts";
import { RESTARTS, type RestartPolicy } from "./process/restarts.ts";

export interface HostOptions {
  /** Where `AJAR_NODE_LLAMA` and the user's folders are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Threads that calculate for one model; {@link defaultThreads} when absent. */
  readonly threads?: number;
  /** How many models share the processors. */
  readonly models?: number;
  /** Use a graphics card where there is one. */
  readonly gpu?: boolean;
  readonly now: () => Date;
  /** From 0 to below 1; draws seeds where a request has none. */
  readonly random: () => number;
  /** A new name, unlike any before. */
  readonly newId: () => string;
  readonly restarts?: RestartPolicy;
  readonly patience?: Partial<Patience>;
}

interface ModelOptions {
  /** Path of a GGUF file, or of the first of its parts. */
  readonly file: string;
  /** Tokens that one request may take, question and answer; what the model was trained on, at most 4,096, when absent. */
  readonly context?: number;
  /** Requests that are answered at once. */
  readonly parallel?: number;
  /** Requests that may wait. */
  readonly waiting?: number;
  /** Around each loading, also after a death: throws where the files are not those that were audited, before it or after. */
  readonly guard?: (load: () => Promise<ModelProcess>) => Promise<ModelProcess>;
  /** Called when its process died, is there again, or stays down. */
  readonly changed?: (state: EngineState) => void;
  readonly signal: AbortSignal;
}

export interface LlamaHost {
  /** @throws AjarError ENGINE_DOWN when llama.cpp cannot load the file */
  load(options: ModelOptions): Promise<Engine>;
}

const DEFAULT_CONTEXT = 4_096;
const DEFAULT_PARALLEL = 2;
const DEFAULT_WAITING = 32;
const MAX_THREADS = 8;

/**
 * Half of the logical processors, 1 to 8, and with more than two models no more than all of them together: llama.cpp's threads wait for each
 * other in busy loops, so one more than there are free cores makes it slower by orders of magnitude.
 */
function defaultThreads(models: number): number {
  return Math.max(1, Math.min(MAX_THREADS, Math.floor(availableParallelism() / Math.max(2, models))));
}

/** @throws AjarError ENGINE_MISSING */
export function openLlama(options: HostOptions): LlamaHost {
  const { env, threads = defaultThreads(options.models ?? 1), gpu = false, restarts = RESTARTS, now, random, newId } = options;
  libraryEntry(env);
  return {
    async load({ file, context = DEFAULT_CONTEXT, parallel = DEFAULT_PARALLEL, waiting = DEFAULT_WAITING, guard, changed, signal }) {
      const order: ModelOrder = { file: resolve(file), context, parallel, waiting, threads, gpu };
      const patience = { ...patienceFor(order), ...options.patience };
      const engine = new ModelEngine({
        start: (stop) => {
          const load = (): Promise<ModelProcess> => startModel({ order, env, patience }, stop);
          return guard === undefined ? load() : guarded(guard, load);
        },
        restarts,
        draw: () => ({ at: now().getTime(), draw: random(), name: newId() }),
        // Twice: as many may be ending.
        most: 2 * (parallel + waiting),
        changed: changed ?? (() => undefined),
      });
      await engine.open(signal);
      return engine;
    },
  };
}

/** A process whose files turned out to be others does not go on. */
async function guarded(guard: NonNullable<ModelOptions["guard"]>, load: () => Promise<ModelProcess>): Promise<ModelProcess> {
  let started: ModelProcess | undefined;
  try {
    return await guard(async () => {
      started = await load();
      return started;
    });
  } catch (cause) {
    await started?.kill("its files are not those that were audited");
    throw cause;
  }
}
