// The models of a configuration, admitted and loaded, each with what answers for it.
import { AjarError } from "../../core/errors.ts";
import type { SourceContext } from "../../core/source.ts";
import { type Admitted, admit } from "../admission/admit.ts";
import { claim } from "../admission/claimed.ts";
import { sameFiles, sameMarks, watchFiles } from "../admission/watch.ts";
import type { EngineState, ModelEntry } from "../contract.ts";
import { upstreamUrl } from "../engines/address.ts";
import { type LlamaHost, openLlama } from "../engines/llama.ts";
import { Upstream } from "../engines/upstream.ts";
import { firstTwice, type GateConfig, type ModelConfig, type UpstreamConfig } from "./config.ts";

export interface ModelsRequest {
  readonly config: Pick<GateConfig, "models" | "upstreams" | "threads" | "gpu">;
  readonly context: SourceContext;
  readonly now: () => Date;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly newId: () => string;
}

export interface OpenModels {
  readonly entries: readonly ModelEntry[];
  /** Looks at the loaded files and at the models' processes until closed. */
  watch(watcher: ModelWatcher): void;
  close(): Promise<void>;
}

interface ModelWatcher {
  /** This file is another one than was admitted. */
  readonly changed: (model: string, file: string) => void;
  /** Its process died, is there again, or stays down. */
  readonly engine: (model: string, state: EngineState) => void;
}

/** Milliseconds between two looks at the files of a served model. */
const LOOK_MS = 1_000;

/** @throws AjarError ENGINE_MISSING | ENGINE_DOWN | UNSAFE_MODEL and all that admission throws; nothing stays open then */
export async function openModels(request: ModelsRequest): Promise<OpenModels> {
  const opened = new Opened();
  try {
    const { config } = request;
    // Before anything is fetched: what is missing or wrong is told at once.
    for (const upstream of config.upstreams) keyOf(upstream, request.context.env);
    if (config.models.length > 0) {
      const host = openLlama({ ...request, env: request.context.env, models: config.models.length, ...engineOptions(config) });
      for (const model of config.models) await opened.load(host, model, request);
    }
    for (const upstream of config.upstreams) await opened.connect(upstream, request.context);
    opened.checkNames();
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What is wrong with servers by their addresses alone. @throws AjarError BAD_OPTION */
export function checkUpstreams(upstreams: readonly UpstreamConfig[]): void {
  for (const { url, allow_private } of upstreams) upstreamUrl(url, allow_private);
}

function engineOptions({ threads, gpu }: ModelsRequest["config"]): { readonly threads?: number; readonly gpu?: boolean } {
  return { ...(threads === undefined ? {} : { threads }), ...(gpu === undefined ? {} : { gpu }) };
}

class Opened implements OpenModels {
  readonly entries: ModelEntry[] = [];
  readonly #admitted: Admitted[] = [];
  readonly #stops: (() => void)[] = [];
  #watcher: ModelWatcher | null = null;

  async load(host: LlamaHost, config: ModelConfig, { context }: ModelsRequest): Promise<void> {
    const { from, name, file, allow_findings: allow, context: tokens, parallel } = config;
    const admitted = await admit({
      reference: from,
      allow,
      context,
      ...(name === undefined ? {} : { name }),
      ...(file === undefined ? {} : { file }),
    });
    const { model, audit, files } = admitted;
    context.progress(`loading ${model.id}`);
    const size = tokens === undefined ? {} : { context: tokens };
    const engine = await host.load({
      file: files[0] ?? "",
      parallel,
      signal: context.signal,
      guard: (load) => unchanged(admitted, load),
      changed: (state) => this.#watcher?.engine(model.id, state),
      ...size,
    });
    this.entries.push({ model, engine, engineModel: model.id, audit, concurrency: parallel });
    this.#admitted.push(admitted);
  }

  async connect(config: UpstreamConfig, context: SourceContext): Promise<void> {
    const engine = new Upstream({
      url: config.url,
      key: keyOf(config, context.env),
      allowInside: config.allow_private,
      connections: config.concurrency,
    });
    const names = config.name === undefined ? await listed(engine, config.url) : [config.name];
    for (const name of names) {
      const upstreamName = config.model ?? name;
      const { model, audit } = claim({
        name,
        url: config.url,
        upstreamName,
        fileDigests: config.digests?.files ?? [],
        weightsDigest: config.digests?.weights ?? null,
        releaseDigest: config.digests?.release ?? null,
        license: config.license ?? null,
        bases: config.bases,
      });
      this.entries.push({ model, engine, engineModel: upstreamName, audit, concurrency: config.concurrency });
    }
  }

  checkNames(): void {
    const twice = firstTwice(this.entries.map(({ model }) => model.id));
    if (twice === null) return;
    throw new AjarError("BAD_OPTION", `two models have the name ${twice}`, {
      subject: twice,
      hint: "Give one of them another with --name.",
    });
  }

  watch(watcher: ModelWatcher): void {
    this.#watcher = watcher;
    for (const { model, files, marks, digests } of this.#admitted) {
      this.#stops.push(watchFiles({ files, marks, digests }, { every: LOOK_MS, changed: (file) => watcher.changed(model.id, file) }));
    }
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    const engines = new Set(this.entries.splice(0).map(({ engine }) => engine));
    await Promise.allSettled([...engines].map((engine) => engine.close()));
  }
}

/** Whenever a process loads the files, they are those that were admitted, before and after. @throws AjarError CHANGED_WHILE_READ */
async function unchanged<T>(admitted: Admitted, load: () => Promise<T>): Promise<T> {
  const marks = await sameFiles(admitted);
  if (marks === null) throw changedFiles(admitted);
  const loaded = await load();
  if (!sameMarks(marks, admitted.files)) throw changedFiles(admitted);
  return loaded;
}

function changedFiles({ model }: Admitted): AjarError {
  return new AjarError("CHANGED_WHILE_READ", `${model.ref}: changed while it was loaded`, {
    subject: model.ref,
    hint: "Start again when nothing writes to it.",
  });
}

function keyOf({ key_env: name, url }: UpstreamConfig, env: SourceContext["env"]): string | null {
  if (name === undefined) return null;
  const key = env[name];
  if (key !== undefined && key !== "") return key;
  throw new AjarError("BAD_CONFIG", `the variable ${name} is empty; it should hold the key of this server`, { subject: url });
}

async function listed(engine: Upstream, url: string): Promise<readonly string[]> {
  const names = await engine.models().catch(async (cause: unknown) => {
    await engine.close();
    if (!(cause instanceof AjarError)) throw cause;
    const { code, message, hint = "Is the server running, and is this its address? Ajar asks it for its list of models." } = cause;
    throw new AjarError(code, message, { subject: url, hint, cause });
  });
  if (names.length > 0) return names;
  await engine.close();
  throw new AjarError("ENGINE_DOWN", "the server lists no model", { subject: url, hint: "Name one: --upstream URL=NAME." });
}
