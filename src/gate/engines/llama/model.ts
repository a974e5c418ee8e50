// One model in memory, in the process that has nothing else: reads requests, generates, and writes what OpenAI's API would answer.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Endpoint, JsonObject } from "../../contract.ts";
import { seedOf } from "./asked.ts";
import { BadRequest, unsupported, type Whole, whole } from "./bad-request.ts";
import { chatAsk } from "./chat-ask.ts";
import { chatBody, chatStream } from "./chat-shape.ts";
import { completionAsk, type EmbeddingAsk, embeddingAsk } from "./completion-ask.ts";
import { completionBody, completionStream, embeddingBody } from "./completion-shape.ts";
import { type Answer, collect, feed, type RunEvent } from "./feed.ts";
import { parseBody, textField } from "./fields.ts";
import type { EmbeddingContext, LlamaLibrary, Sequence } from "./library.ts";
import { responsesAsk } from "./responses-ask.ts";
import { responseBody, responsesStream } from "./responses-shape.ts";
import { chatRuns, completionRun, type Loaded, MAX_TOKEN_UNITS, type Run, tooLong } from "./run.ts";
import type { ReplyHead } from "./shape.ts";
import { Slots } from "./slots.ts";

export interface ModelOrder {
  /** Path of a GGUF file, or of the first of its parts. */
  readonly file: string;
  /** Tokens that one request may take, question and answer; at most what the model was trained on. */
  readonly context: number;
  /** Requests that are answered at once. */
  readonly parallel: number;
  /** Requests that may wait. */
  readonly waiting: number;
  /** Threads that calculate. */
  readonly threads: number;
  /** Use a graphics card where there is one. */
  readonly gpu: boolean;
}

/** A request with what is drawn for it, so that the same makes the same bytes. */
export interface ModelAsk {
  readonly endpoint: Endpoint;
  readonly body: Uint8Array;
  readonly stream: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** From 0 to below 1; seeds a request that has no seed. */
  readonly draw: number;
  /** Unlike any before; ids of the reply begin with it. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Resolves when the next chunk may come; rejects with the signal's reason. */
export type SendChunk = (bytes: Uint8Array) => Promise<void>;

/** Loads the file. Nothing of it is ever unloaded: its process ends instead. @throws whatever llama.cpp says of it */
export async function loadModel(library: LlamaLibrary, order: ModelOrder, progress: (share: number) => void): Promise<LlamaModel> {
  const { file, context, parallel, waiting, threads, gpu } = order;
  const runtime = await library.getLlama({
    gpu: gpu ? "auto" : false,
    // Nothing is compiled and nothing downloaded: what runs is what was installed.
    build: "never",
    skipDownload: true,
    maxThreads: threads,
    logLevel: "error",
    // Its messages may quote what it was given.
    logger: () => undefined,
  });
  const model = await runtime.loadModel({
    modelPath: file,
    // Read into memory and not mapped: who writes into the file later does not change what answers.
    useMmap: false,
    onLoadProgress: progress,
    ...(gpu ? {} : { gpuLayers: 0 }),
  });
  const contextSize = Math.min(context, model.trainContextSize);
  const made = await model.createContext({ contextSize, sequences: parallel, threads });
  const sequences = Array.from({ length: parallel }, () => made.getSequence());
  return new LlamaModel({ library, runtime, model }, new Slots(sequences, waiting), { contextSize, threads, waiting });
}

interface Sizes {
  readonly contextSize: number;
  readonly threads: number;
  readonly waiting: number;
}

export class LlamaModel {
  readonly #loaded: Loaded;
  readonly #slots: Slots<Sequence>;
  readonly #sizes: Sizes;
  #embedder: Promise<Slots<EmbeddingContext>> | null = null;

  constructor(loaded: Loaded, slots: Slots<Sequence>, sizes: Sizes) {
    this.#loaded = loaded;
    this.#slots = slots;
    this.#sizes = sizes;
  }

  /** The whole reply; null for a stream, when its last chunk was taken. @throws the signal's reason, or whatever llama.cpp failed with */
  async answer(ask: ModelAsk, send: SendChunk): Promise<Whole | null> {
    ask.signal.throwIfAborted();
    try {
      return await this.#answer(ask, send);
    } catch (cause) {
      if (cause instanceof BadRequest) return cause.reply();
      ask.signal.throwIfAborted();
      throw cause;
    }
  }

  async #answer(ask: ModelAsk, send: SendChunk): Promise<Whole | null> {
    const body = parseBody(ask.body);
    const head = headOf(ask, body);
    switch (ask.endpoint) {
      case "chat/completions": {
        const chat = chatAsk(body);
        return await this.#generate(ask, send, (sequence) => chatRuns(this.#loaded, sequence, chat, ask.draw), {
          whole: (answers) => chatBody(head, answers),
          stream: (events) => chatStream(head, events, chat.countsInStream),
        });
      }
      case "completions": {
        const completion = completionAsk(body);
        const { prompts, choices, drawing, countsInStream } = completion;
        const units = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
        if (units > this.#sizes.contextSize * MAX_TOKEN_UNITS) throw tooLong(this.#sizes.contextSize, "prompt");
        const runs = (sequence: Sequence): readonly Run[] =>
          prompts.flatMap((prompt) =>
            Array.from({ length: choices }, (_, choice) =>
              completionRun(this.#loaded, sequence, prompt, completion, seedOf(drawing, choice, ask.draw)),
            ),
          );
        return await this.#generate(ask, send, runs, {
          whole: (answers) => completionBody(head, answers, choices),
          stream: (events) => completionStream(head, events, choices, countsInStream),
        });
      }
      case "responses": {
        const chat = responsesAsk(body);
        return await this.#generate(ask, send, (sequence) => chatRuns(this.#loaded, sequence, chat, ask.draw), {
          whole: ([answer]) => responseBody(head, body, answer as Answer),
          stream: (events) => responsesStream(head, body, events),
        });
      }
      default:
        if (ask.stream) throw unsupported("stream");
        return await this.#embed(head, embeddingAsk(body), ask.signal);
    }
  }

  /** A sequence is held until the last byte of its reply was taken, or nobody wants it any more. */
  async #generate(
    { stream, signal }: ModelAsk,
    send: SendChunk,
    prepare: (sequence: Sequence) => readonly Run[] | Promise<readonly Run[]>,
    write: { whole: (answers: readonly Answer[]) => unknown; stream: (events: AsyncIterable<RunEvent>) => AsyncIterable<Uint8Array> },
  ): Promise<Whole | null> {
    const sequence = await this.#slots.acquire(signal);
    try {
      const runs = await prepare(sequence);
      if (!stream) return whole(200, write.whole(await collect(runs, signal)));
      for await (const bytes of write.stream(feed(runs, signal))) await send(bytes);
      return null;
    } finally {
      this.#slots.release(sequence);
    }
  }

  async #embed(head: ReplyHead, { texts, encoding }: EmbeddingAsk, signal: AbortSignal): Promise<Whole> {
    const { model } = this.#loaded;
    const { contextSize, threads, waiting } = this.#sizes;
    if (texts.some((text) => text.length > contextSize * MAX_TOKEN_UNITS)) throw tooLong(contextSize, "input");
    this.#embedder ??= model.createEmbeddingContext({ contextSize, threads }).then((made) => new Slots([made], waiting));
    const slots = await this.#embedder;
    const context = await slots.acquire(signal);
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
      slots.release(context);
    }
  }
}

function headOf({ at, name }: ModelAsk, body: JsonObject): ReplyHead {
  let ids = 0;
  const id = (prefix: string): string => {
    ids += 1;
    return `${prefix}${name}${ids === 1 ? "" : ids.toString(36)}`;
  };
  return { id, created: Math.floor(at / 1000), model: textField(body, "model") ?? "" };
}

/** As OpenAI's are, so that a product of two is their cosine. */
function unitLength(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
