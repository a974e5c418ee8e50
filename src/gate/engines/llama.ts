// Models run in this process by llama.cpp: the bytes that answer are the bytes that were audited.
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { AjarError } from "../../core/errors.ts";
import type { Endpoint, Engine, EngineReply, EngineRequest, JsonObject } from "../contract.ts";
import { BadRequest, unsupported, whole } from "./llama/bad-request.ts";
import { chatAsk } from "./llama/chat-ask.ts";
import { chatBody, chatStream } from "./llama/chat-shape.ts";
import { completionAsk, type EmbeddingAsk, embeddingAsk } from "./llama/completion-ask.ts";
import { completionBody, completionStream, embeddingBody } from "./llama/completion-shape.ts";
import { type Answer, collect, feed, type RunEvent } from "./llama/feed.ts";
import { parseBody, textField } from "./llama/fields.ts";
import { type EmbeddingContext, loadLibrary, type Sequence } from "./llama/library.ts";
import { responsesAsk } from "./llama/responses-ask.ts";
import { responseBody, responsesStream } from "./llama/responses-shape.ts";
import { chatRuns, completionRun, type Loaded, MAX_TOKEN_UNITS, type Run, tooLong } from "./llama/run.ts";
import type { ReplyHead } from "./llama/shape.ts";
import { Slots } from "./llama/slots.ts";

export interface HostOptions {
  /** Where `AJAR_NODE_LLAMA` and the user's folders are read from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Threads that calculate; {@link defaultThreads} when absent. */
  readonly threads?: number;
  /** Use a graphics card where there is one. */
  readonly gpu?: boolean;
  readonly now: () => Date;
  /** From 0 to below 1; draws seeds where a request has none. */
  readonly random: () => number;
  /** A new name, unlike any before. */
  readonly newId: () => string;
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
  readonly signal: AbortSignal;
}

/** One engine of the library, shared by all models of the process. */
export interface LlamaHost {
  /** @throws AjarError ENGINE_DOWN when llama.cpp cannot load the file */
  load(options: ModelOptions): Promise<Engine>;
  close(): Promise<void>;
}

const DEFAULT_CONTEXT = 4_096;
const DEFAULT_PARALLEL = 2;
const DEFAULT_WAITING = 32;
const MAX_THREADS = 8;

/**
 * Half of the logical processors, 1 to 8: llama.cpp's threads wait for each other in busy loops, so one more than there are free cores makes
 * it slower by orders of magnitude.
 */
function defaultThreads(): number {
  return Math.max(1, Math.min(MAX_THREADS, Math.floor(availableParallelism() / 2)));
}

/** @throws AjarError ENGINE_MISSING */
export async function openLlama(options: HostOptions): Promise<LlamaHost> {
  const library = await loadLibrary(options.env);
  const threads = options.threads ?? defaultThreads();
  const runtime = await library.getLlama({
    gpu: options.gpu === true ? "auto" : false,
    // Nothing is compiled and nothing downloaded: what runs is what was installed.
    build: "never",
    skipDownload: true,
    maxThreads: threads,
    logLevel: "error",
    // Its messages may quote what it was given.
    logger: () => undefined,
  });
  return {
    async load({ file, context, parallel = DEFAULT_PARALLEL, waiting = DEFAULT_WAITING, signal }) {
      try {
        // Read into memory and not mapped: who writes into the file later does not change what answers.
        const model = await runtime.loadModel({
          modelPath: file,
          useMmap: false,
          loadSignal: signal,
          ...(options.gpu === true ? {} : { gpuLayers: 0 }),
        });
        const contextSize = Math.min(context ?? DEFAULT_CONTEXT, model.trainContextSize);
        const made = await model.createContext({ contextSize, sequences: parallel, threads });
        const sequences = Array.from({ length: parallel }, () => made.getSequence());
        return new LlamaEngine(
          { library, runtime, model, random: options.random },
          new Slots(sequences, waiting),
          { contextSize, threads, waiting },
          options,
        );
      } catch (cause) {
        signal.throwIfAborted();
        throw new AjarError("ENGINE_DOWN", "llama.cpp cannot load the model", {
          subject: file,
          cause,
          hint: "The file may be damaged, of an architecture that llama.cpp does not know, or larger than memory; try a smaller --context.",
        });
      }
    },
    close: () => runtime.dispose(),
  };
}

interface Sizes {
  readonly contextSize: number;
  readonly threads: number;
  readonly waiting: number;
}

class LlamaEngine implements Engine {
  readonly kind = "llama.cpp";
  readonly endpoints: readonly Endpoint[] = ["chat/completions", "completions", "responses", "embeddings"];
  readonly #loaded: Loaded;
  readonly #slots: Slots<Sequence>;
  readonly #sizes: Sizes;
  readonly #options: HostOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #embedder: Promise<Slots<EmbeddingContext>> | null = null;

  constructor(loaded: Loaded, slots: Slots<Sequence>, sizes: Sizes, options: HostOptions) {
    this.#loaded = loaded;
    this.#slots = slots;
    this.#sizes = sizes;
    this.#options = options;
  }

  async send(request: EngineRequest): Promise<EngineReply> {
    const signal = AbortSignal.any([request.signal, this.#closing.signal]);
    signal.throwIfAborted();
    try {
      return await this.#answer(request, signal);
    } catch (cause) {
      if (cause instanceof BadRequest) return cause.reply();
      signal.throwIfAborted();
      throw failed(cause);
    }
  }

  async health(): Promise<string | null> {
    return this.#closing.signal.aborted ? "closed" : null;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new AjarError("ENGINE_DOWN", "the model was unloaded"));
    await Promise.allSettled(this.#running);
    await this.#loaded.model.dispose();
  }

  async #answer(request: EngineRequest, signal: AbortSignal): Promise<EngineReply> {
    const body = parseBody(request.body);
    const head = this.#head(body);
    switch (request.endpoint) {
      case "chat/completions": {
        const ask = chatAsk(body);
        return await this.#generate(request, signal, (sequence) => chatRuns(this.#loaded, sequence, ask), {
          whole: (answers) => chatBody(head, answers),
          stream: (events) => chatStream(head, events, ask.countsInStream),
        });
      }
      case "completions": {
        const ask = completionAsk(body);
        const units = ask.prompts.reduce((sum, prompt) => sum + prompt.length, 0);
        if (units > this.#sizes.contextSize * MAX_TOKEN_UNITS) throw tooLong(this.#sizes.contextSize, "prompt");
        const runs = (sequence: Sequence): readonly Run[] =>
          ask.prompts.flatMap((prompt) =>
            Array.from({ length: ask.choices }, (_, choice) => completionRun(this.#loaded, sequence, prompt, ask.drawing, choice)),
          );
        return await this.#generate(request, signal, runs, {
          whole: (answers) => completionBody(head, answers, ask.choices),
          stream: (events) => completionStream(head, events, ask.choices, ask.countsInStream),
        });
      }
      case "responses": {
        const ask = responsesAsk(body);
        return await this.#generate(request, signal, (sequence) => chatRuns(this.#loaded, sequence, ask), {
          whole: ([answer]) => responseBody(head, body, answer as Answer),
          stream: (events) => responsesStream(head, body, events),
        });
      }
      default:
        if (request.stream) throw unsupported("stream");
        return await this.#embed(head, embeddingAsk(body), signal);
    }
  }

  /** A sequence is held until the last byte of its reply was taken, or nobody wants it any more. */
  async #generate(
    { stream }: EngineRequest,
    signal: AbortSignal,
    prepare: (sequence: Sequence) => readonly Run[] | Promise<readonly Run[]>,
    write: { whole: (answers: readonly Answer[]) => unknown; stream: (events: AsyncIterable<RunEvent>) => AsyncGenerator<Uint8Array> },
  ): Promise<EngineReply> {
    const sequence = await this.#slots.acquire(signal);
    let isHeld = true;
    const release = this.#began(() => {
      if (isHeld) this.#slots.release(sequence);
      isHeld = false;
    });
    try {
      const runs = await prepare(sequence);
      if (!stream) return whole(200, write.whole(await collect(runs, signal)));
      return { kind: "stream", status: 200, chunks: held(write.stream(feed(runs, signal)), signal, release) };
    } catch (cause) {
      release();
      throw cause;
    } finally {
      if (!stream) release();
    }
  }

  /** Counts a reply as running until what is returned was called. */
  #began(after: () => void): () => void {
    let settle = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#running.add(running);
    return () => {
      this.#running.delete(running);
      after();
      settle();
    };
  }

  async #embed(head: ReplyHead, { texts, encoding }: EmbeddingAsk, signal: AbortSignal): Promise<EngineReply> {
    const { model } = this.#loaded;
    const { contextSize, threads, waiting } = this.#sizes;
    if (texts.some((text) => text.length > contextSize * MAX_TOKEN_UNITS)) throw tooLong(contextSize, "input");
    this.#embedder ??= model.createEmbeddingContext({ contextSize, threads }).then((made) => new Slots([made], waiting));
    const slots = await this.#embedder;
    const context = await slots.acquire(signal);
    const release = this.#began(() => slots.release(context));
    try {
      const vectors: (readonly number[])[] = [];
      let count = 0;
      for (const text of texts) {
        // Others get their turn between two texts.
        await nextTurn();
        signal.throwIfAborted();
        const tokens = model.tokenize(text);
        if (tokens.length >= contextSize) throw tooLong(contextSize, "input");
        count += tokens.length;
        vectors.push(unitLength((await context.getEmbeddingFor(tokens)).vector));
      }
      return whole(200, embeddingBody(head, vectors, encoding, count));
    } finally {
      release();
    }
  }

  #head(body: JsonObject): ReplyHead {
    const { now, newId } = this.#options;
    return { id: (prefix) => `${prefix}${newId()}`, created: Math.floor(now().getTime() / 1000), model: textField(body, "model") ?? "" };
  }
}

/** A stream that gives its place back however it is left: read to the end, left early, aborted, or never begun. */
function held(chunks: AsyncGenerator<Uint8Array>, signal: AbortSignal, release: () => void): AsyncIterable<Uint8Array> {
  let hasBegun = false;
  const leaveUnread = (): void => {
    if (!hasBegun) release();
  };
  signal.addEventListener("abort", leaveUnread, { once: true });
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } catch (cause) {
      signal.throwIfAborted();
      throw failed(cause);
    } finally {
      signal.removeEventListener("abort", leaveUnread);
      release();
    }
  }
  return {
    [Symbol.asyncIterator]() {
      hasBegun = true;
      return read();
    },
  };
}

function failed(cause: unknown): AjarError {
  return cause instanceof AjarError ? cause : new AjarError("ENGINE_DOWN", "llama.cpp failed", { cause });
}

/** As OpenAI's are, so that a product of two is their cosine. */
function unitLength(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
