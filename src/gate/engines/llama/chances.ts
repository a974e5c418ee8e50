// How likely each token was when it was drawn: recorded while a generation of the library runs, and told with the text that it became.
import type { Model, SampledToken, Sequence, Token } from "./library.ts";

interface Likely {
  readonly token: string;
  /** UTF-8; null for a token that is a part of a character: the library does not tell which. */
  readonly bytes: readonly number[] | null;
  /** Natural logarithm of its probability in the distribution that was drawn from. */
  readonly logprob: number;
}

export interface TokenChance extends Likely {
  /** The most likely ones, first the most likely. */
  readonly top: readonly Likely[];
  /** Characters (code points) of the text before it. */
  readonly start: number;
}

/** What others write for a probability of zero: JSON has no infinity. */
const NEVER = -9_999;
/** Tokens before one that may change how it is written, as by a space before it. */
const TRAIL = 4;
const BROKEN = "\uFFFD";
const BROKEN_END = /\uFFFD$/u;
const encoder = new TextEncoder();

interface Drawn {
  readonly token: Token;
  readonly chance: number;
  readonly top: readonly (readonly [Token, number])[];
}

export class Chances {
  readonly #sequence: Sequence;
  readonly #model: Model;
  readonly #top: number;
  /** Drawn, and not yet part of a text; those that became none (an end, a call) stay until a later one is. */
  readonly #drawn: Drawn[] = [];
  readonly #trail: Token[] = [];
  #isAsked = false;

  /** @param top how many of the most likely are told */
  constructor(sequence: Sequence, model: Model, top: number) {
    this.#sequence = sequence;
    this.#model = model;
    this.#top = top;
  }

  /** The library's chats and completions draw by `evaluate`, which has a sister that also tells probabilities. Returns how to stop. */
  watch(): () => void {
    this.#sequence.evaluate = (tokens, options) => this.#evaluate(tokens, options);
    return () => Reflect.deleteProperty(this.#sequence, "evaluate");
  }

  /** After a generation. @throws Error where the library drew by other means than those that are watched */
  check(): void {
    if (!this.#isAsked) throw new Error("this version of the library does not tell probabilities");
  }

  /**
   * Of the tokens that became this text. One that was not drawn, as where a stop text cut one in two, has none.
   * @param start characters (code points) of all text before it
   */
  take(tokens: readonly Token[], text: string, start: number): readonly TokenChance[] {
    const trail = this.#trail.slice(-TRAIL);
    const isText = tokens.length === 1 && text !== "";
    const chances: TokenChance[] = [];
    for (const [at, token] of tokens.entries()) {
      const drawn = this.#found(token);
      if (drawn === null) continue;
      const before = [...trail, ...tokens.slice(0, at)].slice(-TRAIL);
      const write = (one: Token): string => (isText && one === token ? text : this.#write(one, before));
      const top = drawn.top.map(([one, chance]) => likely(write(one), chance));
      const own = likely(write(token), drawn.chance);
      const written = this.#model.detokenize(tokens.slice(0, at), false, trail);
      // The parts of a character begin where it does.
      chances.push({ ...own, top, start: start + characters(own.bytes === null ? written.replace(BROKEN_END, "") : written) });
    }
    this.#trail.push(...tokens);
    return chances;
  }

  #found(token: Token): Drawn | null {
    const at = this.#drawn.findIndex((drawn) => drawn.token === token);
    return at < 0 ? null : (this.#drawn.splice(0, at + 1).at(-1) ?? null);
  }

  #write(token: Token, before: readonly Token[]): string {
    const written = this.#model.detokenize([token], false, before);
    return written === "" ? this.#model.detokenize([token], true) : written;
  }

  async *#evaluate(tokens: readonly Token[], options: unknown): AsyncGenerator<Token, void, unknown> {
    const wanted = this.#top === 0 ? { confidence: true } : { probabilities: true };
    this.#isAsked = true;
    const iterator = this.#sequence.evaluateWithMetadata(tokens, wanted, options);
    let given: unknown;
    try {
      for (;;) {
        const { value, done } = await iterator.next(given);
        if (done === true) return;
        this.#drawn.push(drawnOf(value, this.#top));
        given = yield value.token;
      }
    } finally {
      await iterator.return();
    }
  }
}

function drawnOf({ token, confidence, probabilities }: SampledToken, most: number): Drawn {
  const top: (readonly [Token, number])[] = [];
  // A vocabulary has up to some hundred thousand tokens, sorted; the first few are wanted.
  for (const entry of probabilities ?? []) {
    if (top.length === most) break;
    top.push(entry);
  }
  return { token, chance: probabilities?.get(token) ?? confidence ?? 0, top };
}

export function characters(text: string): number {
  return [...text].length;
}

function likely(token: string, chance: number): Likely {
  return {
    token,
    bytes: token.includes(BROKEN) ? null : [...encoder.encode(token)],
    logprob: chance > 0 ? Math.max(NEVER, Math.log(chance)) : NEVER,
  };
}
