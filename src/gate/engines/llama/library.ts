// The well-kept Node binding of llama.cpp. It is large and optional, so it is looked for and loaded when a model is served, and never before.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AjarError } from "../../../core/errors.ts";

/** A token's number in the model's vocabulary. */
export type Token = number;

export interface FunctionCall {
  readonly type: "functionCall";
  readonly name: string;
  readonly params: unknown;
  readonly result: unknown;
}

export type HistoryItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly (string | FunctionCall)[] };

export type Functions = Readonly<Record<string, { readonly description?: string; readonly params?: unknown }>>;

/** Text with special tokens kept apart from what people wrote. */
interface PreparedText {
  tokenize(tokenizer: unknown): readonly Token[];
}

interface Grammar {
  readonly grammar: string;
}

interface Sampling {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly repeatPenalty: false | { readonly penalty: 1; readonly lastTokens: number; frequencyPenalty: number; presencePenalty: number };
  readonly customStopTriggers: readonly string[];
  readonly grammar?: Grammar;
}

interface ResponseChunk {
  readonly type: undefined | "segment";
  readonly text: string;
  readonly tokens: readonly Token[];
}

interface ChatOptions extends Sampling {
  readonly functions?: Functions;
  readonly maxParallelFunctionCalls?: number;
  readonly onResponseChunk: (chunk: ResponseChunk) => void;
}

type StopReason = "eogToken" | "stopGenerationTrigger" | "functionCalls" | "maxTokens" | "abort" | "customStopTrigger";

interface ChatResult {
  readonly functionCalls?: readonly { readonly functionName: string; readonly params: unknown }[];
  readonly metadata: { readonly stopReason: StopReason };
}

interface Chat {
  readonly chatWrapper: ChatWrapper;
  generateResponse(history: readonly HistoryItem[], options: ChatOptions): Promise<ChatResult>;
  dispose(options?: { readonly disposeSequence?: boolean }): void;
}

interface ChatWrapper {
  generateContextState(asked: { readonly chatHistory: readonly HistoryItem[]; readonly availableFunctions?: Functions }): {
    readonly contextText: PreparedText;
  };
}

interface Completion {
  generateCompletionWithMeta(
    prompt: readonly Token[],
    options: Sampling & {
      readonly disableContextShift: true;
      /** Called before `onTextChunk`, with the tokens of that text. */
      readonly onToken: (tokens: readonly Token[]) => void;
      readonly onTextChunk: (text: string) => void;
    },
  ): Promise<{ readonly metadata: { readonly stopReason: StopReason } }>;
  dispose(options?: { readonly disposeSequence?: boolean }): void;
}

interface MeterState {
  readonly usedInputTokens: number;
  readonly usedOutputTokens: number;
}

export interface SampledToken {
  readonly token: Token;
  readonly confidence?: number;
  /** Sorted, the most likely first. */
  readonly probabilities?: ReadonlyMap<Token, number>;
}

export interface Sequence {
  readonly contextSize: number;
  evaluate: (tokens: readonly Token[], options: unknown) => AsyncGenerator<Token, void, unknown>;
  evaluateWithMetadata(
    tokens: readonly Token[],
    wanted: { readonly confidence?: boolean; readonly probabilities?: boolean },
    options: unknown,
  ): AsyncGenerator<SampledToken, void, unknown>;
  readonly tokenMeter: { getState(): MeterState; diff(from: MeterState): MeterState };
  clearHistory(): Promise<void>;
}

interface Context {
  readonly contextSize: number;
  getSequence(): Sequence;
}

export interface EmbeddingContext {
  getEmbeddingFor(input: readonly Token[]): Promise<{ readonly vector: readonly number[] }>;
}

export interface Model {
  readonly tokenizer: unknown;
  readonly trainContextSize: number;
  readonly tokens: { readonly bos: Token | null; readonly shouldPrependBosToken: boolean };
  tokenize(text: string): readonly Token[];
  /** `before`: the tokens before them, since a space may hang on those. */
  detokenize(tokens: readonly Token[], special: boolean, before?: readonly Token[]): string;
  createContext(options: { readonly contextSize: number; readonly sequences: number; readonly threads: number }): Promise<Context>;
  createEmbeddingContext(options: { readonly contextSize: number; readonly threads: number }): Promise<EmbeddingContext>;
}

interface Runtime {
  loadModel(options: {
    readonly modelPath: string;
    readonly useMmap: false;
    readonly gpuLayers?: number;
    /** From 0 to 1. */
    readonly onLoadProgress: (share: number) => void;
  }): Promise<Model>;
  createGrammarForJsonSchema(schema: unknown): Promise<Grammar>;
  getGrammarFor(name: "json"): Promise<Grammar>;
}

interface RuntimeOptions {
  readonly gpu: false | "auto";
  readonly build: "never";
  readonly skipDownload: true;
  readonly maxThreads: number;
  readonly logLevel: "error";
  readonly logger: (level: string, message: string) => void;
}

/** The few parts of node-llama-cpp 3 that are used. */
export interface LlamaLibrary {
  getLlama(options: RuntimeOptions): Promise<Runtime>;
  readonly LlamaChat: new (options: { readonly contextSequence: Sequence }) => Chat;
  readonly LlamaCompletion: new (options: { readonly contextSequence: Sequence }) => Completion;
}

export type { Chat, ChatResult, Grammar, Runtime, Sampling };

const PACKAGE = "node-llama-cpp";
/** The major version whose parts are described above. */
const RANGE = `${PACKAGE}@3`;

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder that the command of the error message installs into: the user's own, and the same for every installation of Ajar. */
function engineFolder(env: Environment): string {
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "ajar", "engine");
}

/**
 * Where the engine is looked for, in this order: `AJAR_NODE_LLAMA` (the package's folder, or one that has it in `node_modules`), the user's
 * engine folder, and beside Ajar as any package. Never the working folder: what lies beside a model must not become code.
 */
function findLibrary(env: Environment): string | null {
  const named = env["AJAR_NODE_LLAMA"];
  const folders = named ? [named, join(named, "node_modules", PACKAGE)] : [join(engineFolder(env), "node_modules", PACKAGE)];
  for (const folder of folders) {
    const entry = join(folder, "dist", "index.js");
    if (existsSync(entry)) return entry;
  }
  if (named) return null;
  try {
    return createRequire(import.meta.url).resolve(PACKAGE);
  } catch {
    return null;
  }
}

/** Path of the engine; nothing of it is loaded. @throws AjarError ENGINE_MISSING with the one command that installs it */
export function libraryEntry(env: Environment): string {
  const entry = findLibrary(env);
  if (entry === null) throw missing(env);
  return entry;
}

/** @throws AjarError ENGINE_MISSING */
export async function loadLibrary(env: Environment): Promise<LlamaLibrary> {
  const entry = libraryEntry(env);
  let library: Partial<LlamaLibrary>;
  try {
    library = (await import(pathToFileURL(entry).href)) as Partial<LlamaLibrary>;
  } catch (cause) {
    throw missing(env, cause);
  }
  const { getLlama, LlamaChat, LlamaCompletion } = library;
  if (getLlama === undefined || LlamaChat === undefined || LlamaCompletion === undefined) throw missing(env);
  return { getLlama, LlamaChat, LlamaCompletion };
}

export function missing(env: Environment, cause?: unknown): AjarError {
  const named = env["AJAR_NODE_LLAMA"];
  if (named) {
    return new AjarError("ENGINE_MISSING", `there is no ${PACKAGE} that can be loaded in the folder that this variable names`, {
      subject: `AJAR_NODE_LLAMA=${named}`,
      hint: `Correct the variable, or unset it and run npm install --prefix ${engineFolder(env)} ${RANGE}.`,
      cause,
    });
  }
  return new AjarError("ENGINE_MISSING", "the embedded llama.cpp is not installed", {
    subject: RANGE,
    hint: `Run npm install --prefix ${engineFolder(env)} ${RANGE}, or name its folder in AJAR_NODE_LLAMA.`,
    cause,
  });
}
