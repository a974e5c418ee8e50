// The stream of /v1/responses: one order of events, texts in deltas and again in what follows them.
import type { FilterResult, Json, JsonObject } from "../../contract.ts";
import type { Verdict } from "../judge/judge.ts";
import { endedResponse } from "../protocol/endings.ts";
import { bare, stopOf } from "../protocol/reply.ts";
import { mergeResults, scanJson } from "../protocol/scan-leaves.ts";
import type { TextFilters, TextScreen } from "../text-screen.ts";
import { boundaryBefore } from "./boundary.ts";
import { troubled } from "./chunk-stream.ts";
import { EventStream, type Trouble } from "./event-stream.ts";
import { strange } from "./parts.ts";
import type { SseEvent } from "./sse.ts";

export interface ResponseStreamSettings {
  readonly filters: TextFilters;
  readonly makeScreen: () => TextScreen;
  readonly makeWholeScreen: () => TextScreen;
  readonly eventBytes: number;
  /** UTF-16 units that events may hold while they wait. */
  readonly holdUnits: number;
  readonly replacement: string;
  /** Judges the whole answer before any of it leaves; null where there is no judge. */
  readonly judge: ((answer: string) => Promise<Verdict>) | null;
}

/** Deltas of texts that a reader reads as they come, and of arguments, which are held until they are whole. */
const READ = /^response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text)\.delta$/u;
const WHOLE = /^response\.(?:function_call_arguments|custom_tool_call_input|mcp_call_arguments|code_interpreter_call_code)\.delta$/u;
const KNOWN = /^response\.[a-z_]+(?:\.[a-z_]+){0,2}$/u;
const ENDS = /^response\.(?:completed|incomplete|failed)$/u;
const ID = /^[\w.:-]{1,128}$/u;

interface Text {
  readonly screen: TextScreen;
  readonly whole: boolean;
  ended: boolean;
}

interface Waiting {
  readonly event: JsonObject;
  readonly bytes: Uint8Array | null;
  readonly of: Text | null;
  readonly text: string;
  readonly start: number;
}

export class ResponseStream extends EventStream {
  readonly #settings: ResponseStreamSettings;
  readonly #texts = new Map<string, Text>();
  #queue: Waiting[] = [];
  #held = 0;
  #answer = "";
  #judged: boolean;
  #head: JsonObject = { object: "response" };
  /** Events more than came in, since texts were cut. */
  #extra = 0;
  #sequence = 0;
  #results: readonly FilterResult[] = [];

  constructor(settings: ResponseStreamSettings) {
    super("responses", settings.eventBytes);
    this.#settings = settings;
    this.#judged = settings.judge === null;
  }

  results(): readonly FilterResult[] {
    const all = [this.#results, ...[...this.#texts.values()].map(({ screen }) => screen.results())].reduce(mergeResults, []);
    return troubled(all.length === 0 && this.trouble !== null ? this.#settings.makeScreen().results() : all, this.trouble);
  }

  protected take(json: JsonObject, event: SseEvent, isSame: boolean): void {
    const { type } = json;
    if (typeof type !== "string" || !KNOWN.test(type) || (event.type !== "" && event.type !== type))
      throw strange("an event of a type that is none");
    const bytes = isSame && event.type === type ? event.bytes : null;
    if (READ.test(type) || WHOLE.test(type)) this.#takeDelta(json, type, bytes);
    else this.#takeEvent(json, type, bytes);
    if (this.#held > this.#settings.holdUnits) this.fail("overflow");
  }

  protected settle(isEnd: boolean): Promise<void> | undefined {
    if (isEnd) for (const text of this.#texts.values()) endText(text);
    const { judge } = this.#settings;
    if (judge === null || this.#judged || !(isEnd || this.#isOver())) {
      this.#release(isEnd);
      return undefined;
    }
    return judge(this.#answer).then(({ stop, results }) => {
      this.#results = mergeResults(this.#results, results);
      this.#judged = true;
      if (stop === null) this.#release(isEnd);
      else this.#stop(stop);
    });
  }

  protected forget(): void {
    this.#queue = [];
  }

  protected abandon(_trouble: Trouble): void {
    this.#emitEnd(null);
  }

  protected override sequence(): number {
    return this.#sequence + 1;
  }

  #isOver(): boolean {
    return this.#queue.some(({ event }) => ENDS.test(String(event["type"])));
  }

  #takeDelta(json: JsonObject, type: string, bytes: Uint8Array | null): void {
    const { delta, item_id: item, sequence_number: sequence, output_index: output, content_index: content, summary_index: summary } = json;
    if (typeof delta !== "string") throw strange("a delta that is no text");
    if (item !== undefined && (typeof item !== "string" || !ID.test(item))) throw strange("an item_id that is none");
    const name = type.slice(0, -".delta".length);
    const key = [name, item ?? "", output ?? "", content ?? summary ?? ""].join(" ");
    const whole = WHOLE.test(type);
    const known = this.#texts.get(key);
    const text = known ?? { screen: whole ? this.#settings.makeWholeScreen() : this.#settings.makeScreen(), whole, ended: false };
    if (known === undefined) this.#texts.set(key, text);
    const start = text.screen.length;
    text.screen.push(delta);
    if (!this.#judged && type !== "response.refusal.delta") this.#answer += delta;
    // Only what is known of a delta goes on: log probabilities and padding do not.
    const event: Record<string, Json> = { type };
    for (const [member, value] of Object.entries({
      item_id: item,
      output_index: output,
      content_index: content,
      summary_index: summary,
      sequence_number: sequence,
    })) {
      if (typeof value === "string" || typeof value === "number") event[member] = value;
    }
    const isAll = Object.keys(json).every((member) => member === "delta" || event[member] !== undefined);
    this.#queue.push({ event, bytes: isAll ? bytes : null, of: text, text: delta, start });
    this.#held += delta.length;
  }

  #takeEvent(json: JsonObject, type: string, bytes: Uint8Array | null): void {
    const bared = withoutLogprobs(json) as JsonObject;
    const { response } = bared;
    if (typeof response === "object" && response !== null && !Array.isArray(response))
      this.#head = { ...this.#head, ...bare(response as JsonObject) };
    if (type.endsWith(".done") || ENDS.test(type)) this.#endTexts(type, bared);
    const scanned = scanJson(bared, this.#settings.filters, "response");
    this.#results = mergeResults(this.#results, scanned.results);
    const stop = stopOf(scanned, this.#settings.replacement);
    if (stop !== null) {
      this.#release(false);
      if (!this.ended) this.#stop(stop.text === null ? "block" : "replace");
      return;
    }
    const isSame = bared === json && !scanned.changed;
    this.#queue.push({ event: scanned.value as JsonObject, bytes: isSame ? bytes : null, of: null, text: "", start: 0 });
  }

  /** A text that is done has no more to come; one whose response ends neither. */
  #endTexts(type: string, { item_id: item }: JsonObject): void {
    const name = type.slice(0, -".done".length);
    for (const [key, text] of this.#texts) if (ENDS.test(type) || key.startsWith(`${name} ${String(item ?? "")}`)) endText(text);
  }

  #release(isEnd: boolean): void {
    while (this.#judged && this.#queue.length > 0) {
      const first = this.#queue[0] as Waiting;
      if (!this.#give(first)) break;
      this.#queue.shift();
    }
    const stopped = [...this.#texts.values()].find(({ screen }) => screen.ending !== null);
    if (stopped?.screen.ending != null) {
      this.#stop(stopped.screen.ending.kind);
      return;
    }
    if (isEnd && !this.ended) this.close();
  }

  /** Whether the event left whole. */
  #give(waiting: Waiting): boolean {
    const { event, bytes, of, text, start } = waiting;
    if (of === null) {
      this.#emit(event, bytes);
      return true;
    }
    const until = of.whole && (!of.ended || of.screen.ending !== null) ? 0 : of.screen.released;
    const rendered = (to: number): string => of.screen.render(text.slice(0, to), start, start + to);
    if (start + text.length <= until) {
      const now = rendered(text.length);
      this.#held -= text.length;
      if (now !== "" || text === "") this.#emit({ ...event, delta: now }, now === text ? bytes : null);
      else this.#extra -= 1;
      return true;
    }
    const cut = of.ended ? until - start : boundaryBefore(text, until - start);
    if (cut > 0) {
      this.#emit({ ...event, delta: rendered(cut) }, null);
      this.#extra += 1;
      this.#held -= cut;
      this.#queue[0] = { ...waiting, bytes: null, text: text.slice(cut), start: start + cut };
    }
    return false;
  }

  #emit(event: JsonObject, bytes: Uint8Array | null): void {
    const { sequence_number: sequence } = event;
    if (typeof sequence === "number") this.#sequence = sequence + this.#extra;
    if (this.#extra === 0) this.out.emit(event, bytes);
    else this.out.emit(typeof sequence === "number" ? { ...event, sequence_number: this.#sequence } : event, null);
  }

  #stop(kind: "block" | "replace" | "overflow" | "failed"): void {
    this.blocked = true;
    this.forget();
    this.#emitEnd(kind === "replace" ? this.#settings.replacement : null);
    this.close();
  }

  #emitEnd(text: string | null): void {
    const response = endedResponse(this.#head, { text });
    this.out.emit({ type: "response.incomplete", sequence_number: this.sequence(), response }, null);
  }
}

function endText(text: Text): void {
  if (text.ended) return;
  text.ended = true;
  text.screen.end();
}

/** The same value where it has none. */
function withoutLogprobs(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const bared = value.map((one) => withoutLogprobs(one as Json));
    return bared.some((one, at) => one !== value[at]) ? bared : value;
  }
  let changed = false;
  const bared: Record<string, Json> = {};
  for (const [name, one] of Object.entries(value as JsonObject)) {
    const isSet = name === "logprobs" && Array.isArray(one) && one.length > 0;
    bared[name] = isSet ? [] : withoutLogprobs(one);
    if (bared[name] !== one) changed = true;
  }
  return changed ? bared : value;
}
