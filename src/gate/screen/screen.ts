// The screen of one policy for one model and one key: what src/gate/contract.ts asks of it.
import { Sieve } from "../../patterns/sieve.ts";
import type { Call, FilterResult, JsonObject, PolicyVersion, Screen, ScreenedReply, ScreenedRequest, StreamScreen } from "../contract.ts";
import type { Part } from "./actions.ts";
import type { JudgeTurn } from "./judge/dialect.ts";
import type { Judge, Verdict } from "./judge/judge.ts";
import type { Plan } from "./policy/plan.ts";
import type { PolicyFile } from "./policy/schema.ts";
import { conversation } from "./protocol/conversation.ts";
import { errorBody } from "./protocol/endings.ts";
import { withheldReply } from "./protocol/judged-reply.ts";
import { leavesOf } from "./protocol/leaves.ts";
import { screenReply } from "./protocol/reply.ts";
import { choicesAsked, unscreenable } from "./protocol/request.ts";
import { mergeResults, scanJson } from "./protocol/scan-leaves.ts";
import { ChunkStream } from "./stream/chunk-stream.ts";
import { ResponseStream } from "./stream/response-stream.ts";
import { StreamJudge } from "./stream/stream-judge.ts";
import { type TextFilters, TextScreen } from "./text-screen.ts";

export interface ScreenParts {
  readonly policy: PolicyVersion;
  readonly file: PolicyFile;
  readonly plan: Plan;
  readonly judges: readonly Judge[];
}

interface Asked {
  readonly choices: number;
  readonly turns: readonly JudgeTurn[];
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

const NO_FILTERS: TextFilters = {
  lexicons: null,
  lexical: [],
  ids: [],
  actionOf: () => "allow",
  finders: [],
  sieve: new Sieve([]),
  redaction: "",
};

export class PolicyScreen implements Screen {
  readonly policy: PolicyVersion;
  readonly #parts: ScreenParts;
  /** What was asked in a call, for its answer. */
  readonly #asked = new WeakMap<Call, Asked>();

  constructor(parts: ScreenParts) {
    this.policy = parts.policy;
    this.#parts = parts;
  }

  active(): { readonly request: boolean; readonly response: boolean } {
    const { plan, judges } = this.#parts;
    const response = plan.response !== null || judges.some(({ settings }) => settings.response);
    return { request: response || plan.request !== null || judges.length > 0, response };
  }

  async request(call: Call, body: JsonObject): Promise<ScreenedRequest> {
    try {
      return await this.#request(call, body);
    } catch {
      return { kind: "block", results: [], code: "filter_failed", message: "a filter failed on this request, so it was not sent on" };
    }
  }

  async reply(call: Call, status: number, body: Uint8Array): Promise<ScreenedReply> {
    try {
      return await this.#reply(call, status, body);
    } catch {
      return {
        blocked: true,
        body: bytesOf(errorBody("filter_failed", "a filter failed on this answer, so it was withheld")),
        results: [],
      };
    }
  }

  stream(call: Call): StreamScreen {
    const { file, plan } = this.#parts;
    const filters = plan.response ?? NO_FILTERS;
    const { limits, replacement } = file;
    const bounds = { hold: limits.holdChars, encodedRun: limits.encodedRunChars, ignorableRun: limits.ignorableRun };
    const makeScreen = (): TextScreen => new TextScreen(filters, "response", bounds);
    const makeWholeScreen = (): TextScreen => new TextScreen(filters, "response", null);
    const judges = this.#parts.judges.filter(({ settings }) => settings.response);
    const asked = this.#asked.get(call);
    const judge =
      judges.length === 0
        ? null
        : (answer: string): Promise<Verdict> =>
            this.#judge(judges, [...(asked?.turns ?? []), { role: "assistant", content: answer }], "response");
    const common = { filters, makeScreen, makeWholeScreen, replacement, eventBytes: limits.eventBytes };
    if (call.endpoint === "responses") return new ResponseStream({ ...common, holdUnits: limits.textChars, judge });
    const isWindowed = judges.every(({ settings }) => settings.stream === "window");
    const window = isWindowed ? Math.min(...judges.map(({ settings }) => settings.windowChars)) : Number.POSITIVE_INFINITY;
    return new ChunkStream({
      ...common,
      endpoint: call.endpoint,
      judged: judge !== null,
      judge: judge === null ? null : new StreamJudge({ judge, window }),
      holdCalls: limits.eventBytes,
      choices: asked?.choices ?? 1,
    });
  }

  async #request(call: Call, body: JsonObject): Promise<ScreenedRequest> {
    const { file, plan } = this.#parts;
    const { response } = this.active();
    const problem = unscreenable(call.endpoint, body, response);
    if (problem !== null) return { kind: "block", results: [], code: "unscreenable", message: problem };
    const turns = this.#parts.judges.length === 0 ? [] : conversation(call.endpoint, body);
    const choices = choicesAsked(body);
    if (choices > 1 || turns.length > 0) this.#asked.set(call, { choices, turns });
    const leaves = leavesOf(body);
    if (leaves.reduce((sum, { text }) => sum + text.length, 0) > file.limits.textChars) {
      return {
        kind: "block",
        results: [],
        code: "unscreenable",
        message: `the texts of a request may have ${file.limits.textChars} characters together`,
      };
    }
    const scanned = plan.request === null ? null : scanJson(body, plan.request, "request", leaves);
    let results = scanned?.results ?? [];
    if (scanned?.failed === true)
      return { kind: "block", results, code: "filter_failed", message: "a filter failed on this request, so it was not sent on" };
    const stop = scanned?.stopped.find(({ kind }) => kind === "block") ?? scanned?.stopped[0];
    if (stop !== undefined) return refused(results);
    const verdict = await this.#judge(
      this.#parts.judges.filter(({ settings }) => settings.request),
      turns,
      "request",
    );
    results = mergeResults(results, verdict.results);
    if (verdict.stop === "failed")
      return { kind: "block", results, code: "filter_failed", message: "the judge gave no verdict on this request, so it was not sent on" };
    if (verdict.stop !== null) return refused(results);
    return { kind: "pass", results, changed: scanned?.changed ?? false, body: (scanned?.value ?? body) as JsonObject };
  }

  async #reply(call: Call, status: number, bytes: Uint8Array): Promise<ScreenedReply> {
    const { file, plan } = this.#parts;
    const body: unknown = JSON.parse(utf8.decode(bytes));
    if (typeof body !== "object" || body === null || Array.isArray(body)) throw new TypeError("no JSON object");
    const json = body as JsonObject;
    let {
      body: screened,
      blocked,
      results,
    } = plan.response === null
      ? { body: json, blocked: false, results: [] as readonly FilterResult[] }
      : screenReply(call.endpoint, json, plan.response, file.replacement);
    const judges = this.#parts.judges.filter(({ settings }) => settings.response);
    if (judges.length > 0 && status >= 200 && status < 300) {
      const asked = this.#asked.get(call)?.turns ?? [];
      const judged = await withheldReply(call.endpoint, screened, file.replacement, (answer) =>
        this.#judge(judges, [...asked, { role: "assistant", content: answer }], "response"),
      );
      screened = judged.body;
      blocked ||= judged.blocked;
      results = mergeResults(results, judged.results);
    }
    return { blocked, body: bytesOf(screened), results };
  }

  /** All judges, one after the other; the first that stops decides. */
  async #judge(judges: readonly Judge[], turns: readonly JudgeTurn[], part: Part): Promise<Verdict> {
    let results: readonly FilterResult[] = [];
    if (turns.length === 0) return { stop: null, results };
    for (const judge of judges) {
      const verdict = await judge.judge(turns, part);
      results = mergeResults(results, verdict.results);
      if (verdict.stop !== null) return { stop: verdict.stop, results };
    }
    return { stop: null, results };
  }
}

function refused(results: readonly FilterResult[]): ScreenedRequest {
  const rules = [
    ...new Set(results.filter(({ outcome }) => outcome === "blocked" || outcome === "replaced").flatMap((result) => result.rules)),
  ];
  const categories = [...new Set(rules.map((rule) => rule.split("/")[0] ?? rule))].sort();
  return { kind: "block", results, code: "content_filter", message: `a filter does not let this request pass (${categories.join(", ")})` };
}

function bytesOf(body: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify(body), "utf8");
}
