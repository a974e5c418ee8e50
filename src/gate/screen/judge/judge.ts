// A guard model as a filter: asked over an OpenAI-compatible API, and believed only when it answers in its form.
import type { FilterResult } from "../../contract.ts";
import type { Action, Part } from "../actions.ts";
import type { JudgeSettings } from "../policy/schema.ts";
import { type Judgement, type JudgeTurn, question, readAnswer, SELF_TEST } from "./dialect.ts";

export interface Verdict {
  readonly stop: "block" | "replace" | "failed" | null;
  readonly results: readonly FilterResult[];
}

export interface JudgeContext {
  /** Value of an environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly fetch: typeof fetch;
  /** What the policy does about a hazard by its code; `unknown` is one that nobody knows. */
  readonly actionOf: (code: string, part: Part) => { readonly category: string; readonly action: Action };
}

/** Longer answers are no verdict. */
const MAX_ANSWER_BYTES = 65_536;
/** How long a failed self-test holds before it is tried again. */
const RETRY_MS = 5_000;

export class Judge {
  readonly filter: string;
  readonly settings: JudgeSettings;
  readonly #context: JudgeContext;
  #tested: Promise<string | null> | null = null;
  #testedAt = 0;

  constructor(settings: JudgeSettings, context: JudgeContext, version: string) {
    this.settings = settings;
    this.#context = context;
    this.filter = `judge/${settings.id}@${version}`;
  }

  /** Null when the guard told the known conversations apart, else what was wrong. Asked once, and again some time after it failed. */
  async selfTest(): Promise<string | null> {
    if (this.#tested === null || ((await this.#tested) !== null && performance.now() - this.#testedAt > RETRY_MS)) {
      this.#testedAt = performance.now();
      this.#tested = this.#test();
    }
    return this.#tested;
  }

  /** Judges the last turn. Never rejects: what fails is `failed`, and by the policy stops the text. */
  async judge(turns: readonly JudgeTurn[], part: Part): Promise<Verdict> {
    const scanned = turns.at(-1)?.content.length ?? 0;
    const result = (outcome: FilterResult["outcome"], rules: readonly string[]): FilterResult => ({
      filter: this.filter,
      outcome,
      rules,
      scanned,
      part,
    });
    try {
      const broken = await this.selfTest();
      if (broken !== null) return this.#failed(result("failed", ["judge/self-test"]));
      const judgement = await this.#ask(turns);
      if (judgement === null) return this.#failed(result("failed", ["judge/no-verdict"]));
      if (judgement.safe) return { stop: null, results: [result("passed", [])] };
      return this.#unsafe(judgement.codes, part, result);
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      return this.#failed(result(isLate ? "timed-out" : "failed", [isLate ? "judge/timeout" : "judge/unreachable"]));
    }
  }

  #unsafe(
    codes: readonly string[],
    part: Part,
    result: (outcome: FilterResult["outcome"], rules: readonly string[]) => FilterResult,
  ): Verdict {
    const found = codes.map((code) => this.#context.actionOf(code, part));
    const rules = [...new Set(found.map(({ category }) => category))].sort();
    const actions = found.map(({ action }) => action);
    // A judge says what a text is and not where: taking out a part of it is taking out all.
    if (actions.includes("block") || actions.includes("redact")) return { stop: "block", results: [result("blocked", rules)] };
    if (actions.includes("replace")) return { stop: "replace", results: [result("replaced", rules)] };
    return { stop: null, results: [result(actions.includes("flag") ? "flagged" : "passed", rules)] };
  }

  #failed(result: FilterResult): Verdict {
    return { stop: this.settings.onFailure === "block" ? "failed" : null, results: [result] };
  }

  async #test(): Promise<string | null> {
    try {
      for (const { turns, safe } of SELF_TEST) {
        const judgement = await this.#ask(turns);
        if (judgement === null) return "it answers in another form";
        if (judgement.safe !== safe) return `it calls a conversation ${safe ? "unsafe" : "safe"} that is not`;
      }
      return null;
    } catch {
      return "it does not answer";
    }
  }

  /** @throws TimeoutError, or whatever the connection throws */
  async #ask(turns: readonly JudgeTurn[]): Promise<Judgement | null> {
    const { url, model, keyEnv, timeoutMs } = this.settings;
    const key = keyEnv === undefined ? undefined : this.#context.env(keyEnv);
    const response = await this.#context.fetch(`${url.replace(/\/+$/u, "")}/chat/completions`, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
      headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: question(model, turns),
    });
    const text = await limited(response);
    if (!response.ok || text === null) return null;
    const content: unknown = contentOf(text);
    return typeof content === "string" ? readAnswer(content) : null;
  }
}

async function limited(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function contentOf(text: string): unknown {
  try {
    const choice: unknown = Reflect.get(Object(Reflect.get(Object(JSON.parse(text)), "choices")), 0);
    return Reflect.get(Object(Reflect.get(Object(choice), "message")), "content");
  } catch {
    return undefined;
  }
}
