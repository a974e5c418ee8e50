// One generation: pieces while it runs, and how it ended.

import { type Drawing, seedOf } from "./asked.ts";
import { BadRequest } from "./bad-request.ts";
import { Chances, characters, type TokenChance } from "./chances.ts";
import type { ChatAsk } from "./chat-ask.ts";
import type { CompletionAsk } from "./completion-ask.ts";
import type {
  Chat,
  ChatResult,
  Functions,
  Grammar,
  HistoryItem,
  LlamaLibrary,
  Model,
  Runtime,
  Sampling,
  Sequence,
  Token,
} from "./library.ts";
import { grammarOr } from "./schema.ts";
import { forcedCall, readForced } from "./tools.ts";

export type Piece =
  | { readonly kind: "text"; readonly text: string /** Empty where nobody asked. */; readonly chances: readonly TokenChance[] }
  | { readonly kind: "thought"; readonly text: string }
  | { readonly kind: "call"; readonly name: string /** JSON. */; readonly arguments: string };

export interface Usage {
  readonly input: number;
  readonly output: number;
}

export interface End {
  readonly finish: "stop" | "length" | "tool_calls";
  readonly usage: Usage;
}

/** Calls `emit` for each piece; rejects with the signal's reason when aborted. */
export type Run = (signal: AbortSignal, emit: (piece: Piece) => void) => Promise<End>;

/** What a generation is made with. */
export interface Loaded {
  readonly library: LlamaLibrary;
  readonly runtime: Runtime;
  readonly model: Model;
}

/**
 * UTF-16 units of a text for each token of the context; longer ones are refused before they are split. Splitting holds up everything else, the
 * doors too (3 µs a unit at worst, for runs of spaces), and no real text has so many units a token.
 */
export const MAX_TOKEN_UNITS = 16;

/** A chat as the engine is asked for it. */
interface ChatPlan {
  readonly history: readonly HistoryItem[];
  readonly functions: Functions | undefined;
  readonly grammar: Grammar | null;
  /** The answer is a call of a function, written as JSON. */
  readonly isForced: boolean;
  /** Tokens of the history. */
  readonly prompt: number;
}

/** Prepares all choices of a chat; nothing is generated yet. @param draw from 0 to below 1 @throws BadRequest */
export async function chatRuns(loaded: Loaded, sequence: Sequence, ask: ChatAsk, draw: number): Promise<readonly Run[]> {
  const plan = await planOf(loaded, sequence, ask);
  return Array.from({ length: ask.choices }, (_, choice) => chatRun(loaded, sequence, ask, plan, seedOf(ask.drawing, choice, draw)));
}

async function planOf(loaded: Loaded, sequence: Sequence, ask: ChatAsk): Promise<ChatPlan> {
  const { tools } = ask;
  const forced = tools.kind === "must" ? forcedCall(tools.functions) : null;
  const history = forced === null ? ask.history : withSystem(ask.history, forced.prompt);
  checkLength(history, sequence.contextSize);
  const functions = tools.kind === "may" ? tools.functions : undefined;
  const grammar = forced === null ? await formGrammar(loaded.runtime, ask) : await schemaGrammar(loaded.runtime, forced.schema, "tools");
  if (grammar !== null && functions !== undefined) {
    throw new BadRequest("unsupported_parameter", "response_format goes with tools only where tool_choice is none", "response_format");
  }
  const count = (): number => countPrompt(loaded, sequence, history, functions);
  // The library describes functions by their schemas, and falls over some.
  const prompt = functions === undefined ? count() : await grammarOr(async () => count(), "tools");
  return { history, functions, grammar, isForced: forced !== null, prompt };
}

function chatRun({ library, model }: Loaded, sequence: Sequence, ask: ChatAsk, plan: ChatPlan, seed: number): Run {
  const { history, functions, grammar, isForced, prompt } = plan;
  return async (signal, emit) => {
    const chat = new library.LlamaChat({ contextSequence: sequence });
    const watched = watch(model, sequence, ask.chances);
    try {
      const used = sequence.tokenMeter.getState();
      let json = "";
      const result = await chat.generateResponse(history, {
        ...samplingOf(ask.drawing, sequence.contextSize - prompt, seed, signal),
        ...(grammar === null ? {} : { grammar }),
        ...(functions === undefined ? {} : { functions, ...(ask.parallelCalls ? {} : { maxParallelFunctionCalls: 1 }) }),
        onResponseChunk: ({ type, text, tokens }) => {
          const chances = watched.take(tokens, text);
          if (isForced) json += text;
          else if (type === "segment" && text !== "") emit({ kind: "thought", text });
          else if (type !== "segment" && (text !== "" || chances.length > 0)) emit({ kind: "text", text, chances });
        },
      });
      watched.check();
      const calls = isForced ? [readForced(json)].filter((call) => call !== null) : callsOf(result);
      for (const call of calls) emit({ kind: "call", ...call });
      return { finish: calls.length > 0 ? "tool_calls" : finishOf(result.metadata.stopReason), usage: usageOf(sequence, used, prompt) };
    } finally {
      watched.stop();
      await leave(chat, sequence);
    }
  };
}

/** @throws BadRequest */
export function completionRun(loaded: Loaded, sequence: Sequence, prompt: string, ask: CompletionAsk, seed: number): Run {
  const { bos, shouldPrependBosToken } = loaded.model.tokens;
  const words = loaded.model.tokenize(prompt);
  const tokens = shouldPrependBosToken && bos !== null ? [bos, ...words] : words;
  if (tokens.length >= sequence.contextSize) throw tooLong(sequence.contextSize, "prompt");
  return async (signal, emit) => {
    const completion = new loaded.library.LlamaCompletion({ contextSequence: sequence });
    const watched = watch(loaded.model, sequence, ask.chances);
    let drawn: readonly Token[] = [];
    try {
      const used = sequence.tokenMeter.getState();
      const { metadata } = await completion.generateCompletionWithMeta(tokens, {
        ...samplingOf(ask.drawing, sequence.contextSize - tokens.length, seed, signal),
        disableContextShift: true,
        onToken: (next) => {
          drawn = next;
        },
        onTextChunk: (text) => {
          const chances = watched.take(drawn, text);
          if (text !== "" || chances.length > 0) emit({ kind: "text", text, chances });
        },
      });
      watched.check();
      return { finish: finishOf(metadata.stopReason), usage: usageOf(sequence, used, tokens.length) };
    } finally {
      watched.stop();
      await leave(completion, sequence);
    }
  };
}

interface Watched {
  readonly take: (tokens: readonly Token[], text: string) => readonly TokenChance[];
  readonly check: () => void;
  readonly stop: () => void;
}

/** Records how likely tokens were, where somebody asked. */
function watch(model: Model, sequence: Sequence, top: number | null): Watched {
  if (top === null) return { take: () => [], check: () => undefined, stop: () => undefined };
  const chances = new Chances(sequence, model, top);
  let written = 0;
  return {
    take: (tokens, text) => {
      const taken = chances.take(tokens, text, written);
      written += characters(text);
      return taken;
    },
    check: () => chances.check(),
    stop: chances.watch(),
  };
}

/** What one caller asked must not make the next one's answer sooner: nothing of it stays in the sequence. */
async function leave(holder: { dispose(options: { disposeSequence: boolean }): void }, sequence: Sequence): Promise<void> {
  holder.dispose({ disposeSequence: false });
  await sequence.clearHistory();
}

export function tooLong(contextSize: number, param = "messages"): BadRequest {
  return new BadRequest("context_length_exceeded", `the request is longer than the context of ${contextSize} tokens`, param);
}

function checkLength(history: readonly HistoryItem[], contextSize: number): void {
  const units = history.reduce((sum, item) => sum + (item.type === "model" ? JSON.stringify(item.response).length : item.text.length), 0);
  if (units > contextSize * MAX_TOKEN_UNITS) throw tooLong(contextSize);
}

function countPrompt({ library, model }: Loaded, sequence: Sequence, history: readonly HistoryItem[], functions?: Functions): number {
  const chat: Chat = new library.LlamaChat({ contextSequence: sequence });
  try {
    const asked = { chatHistory: history, ...(functions === undefined ? {} : { availableFunctions: functions }) };
    const count = chat.chatWrapper.generateContextState(asked).contextText.tokenize(model.tokenizer).length;
    if (count >= sequence.contextSize) throw tooLong(sequence.contextSize);
    return count;
  } finally {
    chat.dispose({ disposeSequence: false });
  }
}

function withSystem(history: readonly HistoryItem[], prompt: string): readonly HistoryItem[] {
  const [first, ...others] = history;
  if (first?.type === "system") return [{ type: "system", text: `${first.text}\n\n${prompt}` }, ...others];
  return [{ type: "system", text: prompt }, ...history];
}

async function formGrammar(runtime: Runtime, { form }: ChatAsk): Promise<Grammar | null> {
  if (form.kind === "text") return null;
  return form.kind === "json" ? await runtime.getGrammarFor("json") : await schemaGrammar(runtime, form.schema, "response_format");
}

function schemaGrammar(runtime: Runtime, schema: unknown, param: string): Promise<Grammar> {
  return grammarOr(() => runtime.createGrammarForJsonSchema(schema), param);
}

/**
 * Below this the likeliest token is taken, which is what it comes to: llama.cpp divides by it in 32 bits, and what overflows there draws tokens that
 * no grammar allows.
 */
const LEAST_TEMPERATURE = 1e-6;

function samplingOf(drawing: Drawing, room: number, seed: number, signal: AbortSignal): Sampling {
  const { maxTokens, temperature, topP, stop, frequencyPenalty, presencePenalty } = drawing;
  const isPenalised = frequencyPenalty !== 0 || presencePenalty !== 0;
  return {
    signal,
    // The context is never shifted: what fell out of it would be forgotten without a word.
    maxTokens: Math.max(1, Math.min(maxTokens ?? Number.POSITIVE_INFINITY, room - 1)),
    temperature: temperature < LEAST_TEMPERATURE ? 0 : temperature,
    topP,
    seed,
    repeatPenalty: isPenalised ? { penalty: 1, lastTokens: 1_024, frequencyPenalty, presencePenalty } : false,
    customStopTriggers: stop,
  };
}

function callsOf({ functionCalls }: ChatResult): readonly { readonly name: string; readonly arguments: string }[] {
  return (functionCalls ?? []).map(({ functionName, params }) => ({ name: functionName, arguments: JSON.stringify(params ?? {}) }));
}

function finishOf(reason: ChatResult["metadata"]["stopReason"]): End["finish"] {
  if (reason === "maxTokens") return "length";
  return reason === "functionCalls" ? "tool_calls" : "stop";
}

function usageOf(sequence: Sequence, before: ReturnType<Sequence["tokenMeter"]["getState"]>, prompt: number): Usage {
  return { input: prompt, output: sequence.tokenMeter.diff(before).usedOutputTokens };
}
