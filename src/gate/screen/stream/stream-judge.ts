// A judge beside a stream: what it has not seen does not leave.
import type { FilterResult } from "../../contract.ts";
import type { Verdict } from "../judge/judge.ts";
import { mergeResults } from "../protocol/scan-leaves.ts";
import type { ChoiceStream, Stop } from "./choice-stream.ts";

export interface StreamJudgeSettings {
  /** Judges what an answer has so far, in its conversation. */
  readonly judge: (answer: string) => Promise<Verdict>;
  /** Units after which an unfinished answer is judged; infinite to wait for its end. */
  readonly window: number;
}

export class StreamJudge {
  readonly #settings: StreamJudgeSettings;
  readonly #seen = new Map<number, number>();
  #results: readonly FilterResult[] = [];

  constructor(settings: StreamJudgeSettings) {
    this.#settings = settings;
  }

  results(): readonly FilterResult[] {
    return this.#results;
  }

  /** Judges what is due of a choice, and lets go what was judged. */
  async look(choice: ChoiceStream, isEnd: boolean): Promise<Stop | null> {
    const channels = [...choice.texts()];
    const length = channels.reduce((sum, { text }) => sum + text.length, 0) + choice.callsText.length;
    const isOver = isEnd || choice.isOver;
    if (length === 0) return null;
    const seen = this.#seen.get(choice.index) ?? 0;
    if (isOver ? seen === -1 : length - seen < this.#settings.window) return null;
    const answer = [...channels.map(({ text }) => text), choice.callsText].filter((text) => text !== "").join("\n\n");
    const verdict = await this.#settings.judge(answer);
    this.#results = mergeResults(this.#results, verdict.results);
    if (verdict.stop !== null) return { kind: verdict.stop };
    for (const channel of channels) channel.judged = channel.text.length;
    this.#seen.set(choice.index, isOver ? -1 : length);
    return null;
  }
}
