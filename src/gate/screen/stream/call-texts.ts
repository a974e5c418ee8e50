// Calls of tools in a stream: held until they are whole, since a part of an argument is no argument, then read with their escapes undone.
import type { FilterResult, Json, JsonObject } from "../../contract.ts";
import { leavesOf, TooDeep } from "../protocol/leaves.ts";
import { mergeResults } from "../protocol/scan-leaves.ts";
import type { TextScreen } from "../text-screen.ts";
import type { Emit } from "./channel.ts";

export type CallStop = { readonly kind: "block" | "replace" | "overflow" | "failed" };

/** Ends of sentences between two texts, as in src/gate/screen/protocol/scan-leaves.ts. */
const BETWEEN = `\n${".".repeat(20)}\n`;

export class CallTexts {
  readonly #makeScreen: () => TextScreen;
  readonly #limit: number;
  readonly #held: JsonObject[] = [];
  /** By call: its texts by member, joined over the chunks. */
  readonly #calls = new Map<string, Map<string, string>>();
  #size = 0;
  #results: readonly FilterResult[] = [];
  #released = false;
  stop: CallStop | null = null;

  constructor(makeScreen: () => TextScreen, limit: number) {
    this.#makeScreen = makeScreen;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /** All of it, for a judge. */
  get text(): string {
    return [...this.#calls.values()].map((texts) => [...texts.values()].join(" ")).join("\n");
  }

  push(calls: JsonObject, event: JsonObject): void {
    if (this.stop !== null) return;
    this.#held.push(event);
    try {
      for (const { text, path } of leavesOf(calls)) {
        const { call, member } = placeOf(path, calls);
        const texts = this.#calls.get(call) ?? new Map<string, string>();
        texts.set(member, (texts.get(member) ?? "") + text);
        this.#calls.set(call, texts);
        this.#size += text.length;
      }
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      this.stop = { kind: "failed" };
    }
    if (this.#size > this.#limit) this.stop = { kind: "overflow" };
  }

  end(): void {
    if (this.stop !== null || this.#released) return;
    this.#released = true;
    if (this.#calls.size === 0) return;
    for (const texts of this.#calls.values()) {
      const all = [...texts.values()];
      for (const text of [all.join(BETWEEN), ...all.flatMap(insideOf)]) this.#scan(text);
    }
  }

  release(emit: Emit): void {
    if (!this.#released || this.stop !== null) return;
    for (const event of this.#held.splice(0)) emit(event, null);
  }

  drop(): void {
    this.#held.length = 0;
  }

  results(): readonly FilterResult[] {
    return this.#results;
  }

  #scan(text: string): void {
    const screen = this.#makeScreen();
    screen.push(text);
    screen.end();
    this.#results = mergeResults(this.#results, screen.results());
    // Arguments that are not what the model meant are worse than none: what would be taken out ends the call.
    if (screen.ending !== null) this.stop ??= screen.ending;
    else if (screen.isChanged) this.stop ??= { kind: "block" };
  }
}

/** Which call a text belongs to: by the index that the chunk gives it. */
function placeOf(path: readonly (string | number)[], calls: JsonObject): { readonly call: string; readonly member: string } {
  const [name = "", at] = path;
  if (typeof at !== "number") return { call: String(name), member: path.slice(1).join(".") };
  const list = calls[name];
  const index: unknown = Array.isArray(list) ? Reflect.get(Object(list[at]), "index") : at;
  return { call: `${name} ${typeof index === "number" ? index : at}`, member: path.slice(2).join(".") };
}

/** Texts inside a text that is JSON, in which escapes hide nothing. */
function insideOf(text: string): string[] {
  try {
    const inner = leavesOf(JSON.parse(text) as Json, false);
    return inner.length === 0 ? [] : [inner.map((leaf) => leaf.text).join(BETWEEN)];
  } catch {
    return [];
  }
}
