// The answer of one choice of a stream: its texts, its calls of tools, its end.
import type { Endpoint, FilterResult, Json, JsonObject } from "../../contract.ts";
import { mergeResults } from "../protocol/scan-leaves.ts";
import type { TextScreen } from "../text-screen.ts";
import { CallTexts } from "./call-texts.ts";
import { Channel, type Emit } from "./channel.ts";
import type { ChoicePart } from "./parts.ts";

export interface ChoiceSettings {
  readonly endpoint: Endpoint;
  /** Makes the screen of a text that comes in pieces, and of one that is whole. */
  readonly makeScreen: () => TextScreen;
  readonly makeWholeScreen: () => TextScreen;
  /** Whether a judge looks at the answer, so that its text is kept and waits. */
  readonly judged: boolean;
  /** Units of calls that may be held. */
  readonly holdCalls: number;
}

/** What ended a choice: `text` is what the policy puts in its place. */
export type Stop = { readonly kind: "block" | "replace" | "overflow" | "failed" };

export class ChoiceStream {
  readonly index: number;
  readonly #settings: ChoiceSettings;
  readonly #channels = new Map<string, Channel>();
  readonly #calls: CallTexts;
  #finish: { readonly event: JsonObject; readonly bytes: Uint8Array | null } | null = null;
  /** Whether its last event was given out, or it was ended. */
  closed = false;

  constructor(index: number, settings: ChoiceSettings) {
    this.index = index;
    this.#settings = settings;
    this.#calls = new CallTexts(settings.makeWholeScreen, settings.holdCalls);
  }

  /** Takes what a chunk has for this choice. @param top the chunk without its choices @param bytes the chunk as it came where it has nothing else */
  take(part: ChoicePart, all: JsonObject, bytes: Uint8Array | null): void {
    const { texts, calls, finish, role } = part;
    // What was used is told once.
    const { usage: _, ...top } = all;
    const isOne = texts.length === 1 && calls === null && finish === null;
    let first: string | null = role;
    for (const [name, text] of texts) {
      const withRole = first;
      first = null;
      this.#channel(name).push(text, (now) => this.#chunk(top, name, now, withRole), isOne ? bytes : null);
    }
    if (calls !== null) this.#calls.push(calls, this.#event(top, { ...(first === null ? {} : { role: first }), ...calls }, null));
    else if (first !== null)
      this.#channel("content").push(
        "",
        () => this.#event(top, { role: first }, null),
        texts.length === 0 && finish === null ? bytes : null,
      );
    if (finish !== null) {
      const isBare = texts.length === 0 && calls === null && role === null;
      this.#finish = { event: this.#event(all, {}, finish), bytes: isBare ? bytes : null };
      this.end();
    } else if (texts.length === 0 && calls === null && role === null)
      this.#channel("content").push("", () => this.#event(top, {}, null), bytes);
  }

  /** Nothing follows for this choice. */
  end(): void {
    for (const channel of this.#channels.values()) channel.end();
    this.#calls.end();
  }

  /** Gives out what may leave; says what stopped it, after giving out what stood before. */
  release(emit: Emit): Stop | null {
    for (const channel of this.#channels.values()) channel.release(emit);
    const stop = this.#stop();
    if (stop !== null) {
      this.#drop();
      return stop;
    }
    this.#calls.release(emit);
    if (this.#finish !== null && this.#isEmpty()) {
      emit(this.#finish.event, this.#finish.bytes);
      this.#finish = null;
      this.closed = true;
    }
    return null;
  }

  /** Texts that a judge is to look at, with how much of each was judged. */
  *texts(): Generator<Channel> {
    for (const [name, channel] of this.#channels) if (name !== "refusal") yield channel;
  }

  /** Whether its end came, though not all of it may have left. */
  get isOver(): boolean {
    return this.#finish !== null;
  }

  get callsText(): string {
    return this.#calls.text;
  }

  results(): readonly FilterResult[] {
    const all = [...this.#channels.values()].map(({ screen }) => screen.results());
    return [...all, this.#calls.results()].reduce(mergeResults, []);
  }

  #drop(): void {
    for (const channel of this.#channels.values()) channel.drop();
    this.#calls.drop();
    this.#finish = null;
    this.closed = true;
  }

  #isEmpty(): boolean {
    for (const channel of this.#channels.values()) if (!channel.isEmpty) return false;
    return this.#calls.isEmpty;
  }

  #stop(): Stop | null {
    for (const { screen } of this.#channels.values()) if (screen.ending !== null) return screen.ending;
    return this.#calls.stop;
  }

  #channel(name: string): Channel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const made = new Channel(this.#settings.makeScreen(), { whole: false, keepsText: this.#settings.judged && name !== "refusal" });
    this.#channels.set(name, made);
    return made;
  }

  #chunk(top: JsonObject, name: string, text: string, role: string | null): JsonObject {
    if (name === "text") return { ...top, choices: [{ index: this.index, text, logprobs: null, finish_reason: null }] };
    return this.#event(top, { ...(role === null ? {} : { role }), [name]: text }, null);
  }

  #event(top: JsonObject, delta: JsonObject, finish: string | null): JsonObject {
    const choice: Json =
      this.#settings.endpoint === "completions"
        ? { index: this.index, text: "", logprobs: null, finish_reason: finish }
        : { index: this.index, delta, logprobs: null, finish_reason: finish };
    return { ...top, choices: [choice] };
  }
}
