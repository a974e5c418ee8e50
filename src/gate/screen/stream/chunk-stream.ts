// The stream of a chat or of a completion: chunks with choices, each choice screened for itself.
import type { FilterResult, Json, JsonObject } from "../../contract.ts";
import { endedChunk } from "../protocol/endings.ts";
import { leavesOf } from "../protocol/leaves.ts";
import { isKnownName } from "../protocol/names.ts";
import { mergeResults, scanJson } from "../protocol/scan-leaves.ts";
import type { TextFilters } from "../text-screen.ts";
import { type ChoiceSettings, ChoiceStream, type Stop } from "./choice-stream.ts";
import { EventStream, type Trouble } from "./event-stream.ts";
import { readChoice, strange } from "./parts.ts";
import type { SseEvent } from "./sse.ts";
import type { StreamJudge } from "./stream-judge.ts";

export interface ChunkStreamSettings extends ChoiceSettings {
  readonly filters: TextFilters;
  /** Choices that were asked for. */
  readonly choices: number;
  readonly eventBytes: number;
  readonly replacement: string;
  readonly judge: StreamJudge | null;
}

/** Members of a chunk that name it; the same in each, so they are read once. */
const HEAD = ["id", "object", "created", "model", "system_fingerprint", "service_tier"] as const;

export class ChunkStream extends EventStream {
  readonly #settings: ChunkStreamSettings;
  readonly #choices = new Map<number, ChoiceStream>();
  /** Chunks without a choice, such as what was used: they come last. */
  readonly #last: { readonly event: JsonObject; readonly bytes: Uint8Array | null }[] = [];
  readonly #clean = new Set<string>();
  #head: JsonObject = {};
  #results: readonly FilterResult[] = [];

  constructor(settings: ChunkStreamSettings) {
    super(settings.endpoint, settings.eventBytes);
    this.#settings = settings;
  }

  results(): readonly FilterResult[] {
    const results = [...this.#choices.values()].map((choice) => choice.results());
    const all = [this.#results, ...results, this.#settings.judge?.results() ?? []].reduce(mergeResults, []);
    return all.length === 0 ? this.#idle() : troubled(all, this.trouble);
  }

  /** Nothing was looked at: the stream ended before any text of it came. */
  #idle(): readonly FilterResult[] {
    return this.trouble === null ? [] : troubled(this.#settings.makeScreen().results(), this.trouble);
  }

  protected take(json: JsonObject, event: SseEvent, isSame: boolean): void {
    if (json["error"] !== undefined && json["error"] !== null) throw strange("an error of the model's server");
    if (event.type !== "") throw strange("a name for its event");
    // Padding that some servers add against guessing by size: no client reads it.
    const { choices, obfuscation, ...top } = json;
    const bytes = isSame && obfuscation === undefined ? event.bytes : null;
    this.#readTop(top);
    if (choices === undefined || choices === null) this.#last.push({ event: top, bytes });
    else if (!Array.isArray(choices)) throw strange("choices that are no list");
    else if (choices.length === 0) this.#last.push({ event: { ...top, choices }, bytes });
    else for (const choice of choices) this.#takeChoice(choice as Json, top, choices.length === 1 ? bytes : null);
  }

  #takeChoice(choice: Json, top: JsonObject, bytes: Uint8Array | null): void {
    const part = readChoice(this.#settings.endpoint, choice);
    const isBare = (Reflect.get(Object(choice), "logprobs") ?? null) === null;
    const stream = this.#choice(part.index);
    if (!stream.closed) stream.take(part, top, isBare ? bytes : null);
  }

  protected settle(isEnd: boolean): Promise<void> | undefined {
    if (isEnd) for (const choice of this.#choices.values()) choice.end();
    const { judge } = this.#settings;
    if (judge === null) {
      this.#release(isEnd);
      return undefined;
    }
    return this.#judge(judge, isEnd);
  }

  async #judge(judge: StreamJudge, isEnd: boolean): Promise<void> {
    for (const choice of this.#choices.values()) {
      if (choice.closed) continue;
      const stop = await judge.look(choice, isEnd);
      if (stop !== null) this.#stop(choice, stop);
    }
    this.#release(isEnd);
  }

  #release(isEnd: boolean): void {
    for (const choice of this.#choices.values()) {
      if (choice.closed || this.ended) continue;
      const stop = choice.release(this.out.emit);
      if (stop !== null) this.#stop(choice, stop);
    }
    if (this.ended) return;
    const isOver =
      this.blocked && this.#choices.size >= this.#settings.choices && [...this.#choices.values()].every(({ closed }) => closed);
    if (!isEnd && !isOver) return;
    if (isEnd) for (const { event, bytes } of this.#last.splice(0)) this.out.emit(event, bytes);
    this.close();
  }

  #stop(choice: ChoiceStream, { kind }: Stop): void {
    this.blocked = true;
    choice.closed = true;
    this.out.emit(
      endedChunk(this.#settings.endpoint, this.#head, choice.index, { text: kind === "replace" ? this.#settings.replacement : null }),
      null,
    );
  }

  protected forget(): void {
    this.#last.length = 0;
  }

  protected abandon(_trouble: Trouble): void {
    const open = [...this.#choices.values()].filter(({ closed }) => !closed);
    const indexes = this.#choices.size === 0 ? [0] : open.map(({ index }) => index);
    for (const choice of open) choice.closed = true;
    for (const index of indexes) this.out.emit(endedChunk(this.#settings.endpoint, this.#head, index, { text: null }), null);
  }

  #choice(index: number): ChoiceStream {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const made = new ChoiceStream(index, this.#settings);
    this.#choices.set(index, made);
    return made;
  }

  /** What stands beside the choices is read as a whole text; what is the same in each chunk, once. */
  #readTop(top: JsonObject): void {
    const unread: Record<string, Json> = {};
    let isNew = false;
    for (const [name, value] of Object.entries(top)) {
      if (isKnownName(name) && (typeof value !== "string" || value === "") && leavesOf(value).length === 0) continue;
      const key = `${name}\n${typeof value === "string" ? value : JSON.stringify(value)}`;
      if (this.#clean.has(key)) continue;
      if (this.#clean.size >= MAX_CLEAN) throw strange("ever other members beside its choices");
      this.#clean.add(key);
      unread[name] = value;
      isNew = true;
    }
    if (!isNew) return;
    const scanned = scanJson(unread, this.#settings.filters, "response");
    this.#results = mergeResults(this.#results, scanned.results);
    if (scanned.failed || scanned.changed || scanned.stopped.length > 0) throw strange("a text beside its choices that a filter stops,");
    const head: Record<string, Json> = {};
    for (const name of HEAD) if (top[name] !== undefined) head[name] = top[name] as Json;
    this.#head = head;
  }
}

/** Members beside the choices that change all the time would be a text that goes by in pieces. */
const MAX_CLEAN = 24;

const OUTCOME_OF: Readonly<Record<Trouble, FilterResult["outcome"]>> = { malformed: "failed", overflow: "overflowed", failed: "failed" };

/** Says of filters that had passed what they saw that they could not see the rest. */
export function troubled(results: readonly FilterResult[], trouble: Trouble | null): readonly FilterResult[] {
  if (trouble === null) return results;
  return results.map((result) => (result.outcome === "passed" ? { ...result, outcome: OUTCOME_OF[trouble] } : result));
}
