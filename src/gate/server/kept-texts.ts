// The texts of one call, gathered for a log that keeps them.
import type { CallText, ContentRule, FilterResult, LoggedContent } from "../contract.ts";

/** Bytes of UTF-8, up to a limit. */
class Kept {
  readonly #limit: number;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): void {
    const room = Math.max(0, this.#limit - this.#size);
    this.#size += bytes.length;
    // Its own memory: a short piece must not keep the chunk that it lies in.
    if (room > 0 && bytes.length > 0) this.#pieces.push(Buffer.from(bytes.subarray(0, room)));
  }

  /** With `last` behind what was added. */
  text(last: Uint8Array): { readonly text: string; readonly truncated: boolean } | null {
    const size = this.#size + last.length;
    if (size === 0) return null;
    const bytes = Buffer.concat([...this.#pieces, last.subarray(0, Math.max(0, this.#limit - this.#size))]);
    const truncated = size > this.#limit;
    // As a stream, a character that was cut off at the end is left out.
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: truncated }), truncated };
  }
}

const NOTHING = new Uint8Array();

export class KeptTexts {
  readonly #rule: ContentRule;
  readonly #texts: Readonly<Record<CallText, Kept>>;
  #last: Uint8Array = NOTHING;

  constructor(rule: ContentRule) {
    this.#rule = rule;
    this.#texts = { input: new Kept(rule.maxBytes), output: new Kept(rule.maxBytes) };
  }

  add(text: CallText, bytes: Uint8Array): void {
    if (this.#rule.keep.includes(text)) this.#texts[text].add(bytes);
  }

  /** What ends the answer, in place of what was said to end it before. */
  ends(bytes: Uint8Array): void {
    this.#last = this.#rule.keep.includes("output") ? bytes : NOTHING;
  }

  /** Undefined where nothing is to be kept of a call with these results. */
  content(results: readonly FilterResult[]): LoggedContent | undefined {
    if (this.#rule.of === "found" && results.every(({ outcome }) => outcome === "passed")) return undefined;
    const input = this.#texts.input.text(NOTHING);
    const output = this.#texts.output.text(this.#last);
    if (input === null && output === null) return undefined;
    const truncated: readonly CallText[] = [
      ...(input?.truncated ? ["input" as const] : []),
      ...(output?.truncated ? ["output" as const] : []),
    ];
    return {
      ...(input === null ? {} : { input: input.text }),
      ...(output === null ? {} : { output: output.text }),
      ...(truncated.length === 0 ? {} : { truncated }),
    };
  }
}
