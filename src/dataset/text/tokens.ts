// One pass over a row's text: its hash, its tokens as hashes, its scripts. A token is a word, or one character of Han or kana.
import { FIRST_SCRIPT, isUnspaced, SCRIPTS, SIGN, SPACE, unitClasses } from "./classes.ts";
import { mix } from "./hash.ts";

/** Tokens kept of one row; what comes after is hashed and counted and no more. */
const MAX_TOKENS = 1 << 18;

/** Reused from row to row: what a row left is gone with the next. */
export class Tokens {
  /** Two lanes of hash a token. */
  readonly lane1 = new Uint32Array(MAX_TOKENS);
  readonly lane2 = new Uint32Array(MAX_TOKENS);
  count = 0;
  /** All tokens, those beyond MAX_TOKENS too. */
  total = 0;
  /** Letters by script, in the order of SCRIPTS. */
  readonly scripts = new Uint32Array(SCRIPTS.length);
  /** Hash of the text with case and white space folded, complete after `end`. */
  readonly key = new Uint32Array(4);
  readonly #classes = unitClasses();
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #word1 = 0;
  #word2 = 0;
  #inWord = false;
  /** White space was passed, and something before it. */
  #gap = false;
  #any = false;

  start(): void {
    this.count = 0;
    this.total = 0;
    this.scripts.fill(0);
    this.#a = 0x9e3779b9 | 0;
    this.#b = 0x7f4a7c15 | 0;
    this.#c = 0xf39cc060 | 0;
    this.#d = 0x5ceda3ec | 0;
    this.#inWord = false;
    this.#gap = false;
    this.#any = false;
  }

  /** Takes in a text; it goes on with the next, unless `boundary` is called between them. */
  push(text: string): void {
    const classes = this.#classes;
    for (let at = 0; at < text.length; at += 1) {
      let unit = text.charCodeAt(at);
      const kind = classes[unit] ?? SIGN;
      if (kind === SPACE) {
        this.#gap = this.#any;
        this.#endWord();
        continue;
      }
      if (unit >= 0x41 && unit <= 0x5a) unit |= 0x20;
      if (kind === SIGN) this.#sign(unit);
      else this.#character(unit, kind);
    }
  }

  #sign(unit: number): void {
    this.#endWord();
    this.#space();
    this.#hash(unit, ~unit);
  }

  #character(unit: number, kind: number): void {
    if (kind >= FIRST_SCRIPT) this.scripts[kind - FIRST_SCRIPT] = (this.scripts[kind - FIRST_SCRIPT] ?? 0) + 1;
    const isUnspacedScript = isUnspaced(kind);
    if (isUnspacedScript) this.#endWord();
    if (!this.#inWord) this.#startWord();
    this.#word1 = Math.imul(this.#word1 ^ unit, 0x01000193);
    this.#word2 = Math.imul(this.#word2 + unit, 0x5bd1e995) ^ (this.#word2 >>> 17);
    if (isUnspacedScript) this.#endWord();
  }

  /** White space that was passed counts once what follows it has come. */
  #space(): void {
    if (this.#gap) this.#hash(0x20, 0x20);
    this.#gap = false;
    this.#any = true;
  }

  #startWord(): void {
    this.#space();
    this.#inWord = true;
    this.#word1 = 0x811c9dc5 | 0;
    this.#word2 = 0x2f0b4c47 | 0;
  }

  #endWord(): void {
    if (!this.#inWord) return;
    this.#inWord = false;
    this.total += 1;
    const first = mix(this.#word1);
    const second = mix(this.#word2 ^ 0x3c6ef372);
    this.#hash(first, second);
    if (this.count >= MAX_TOKENS) return;
    this.lane1[this.count] = first;
    this.lane2[this.count] = second;
    this.count += 1;
  }

  /** Takes a word, or a sign between words, into the hash of the text. */
  #hash(first: number, second: number): void {
    this.#a = Math.imul(this.#a ^ first, 0x01000193) ^ (this.#a >>> 16);
    this.#b = Math.imul(this.#b ^ second, 0x5bd1e995) ^ (this.#b >>> 15);
    this.#c = Math.imul((this.#c << 13) ^ (this.#c >>> 19) ^ second, 0x1b873593);
    this.#d = Math.imul(this.#d + first, 0xcc9e2d51) ^ (this.#d >>> 16);
  }

  /** A text ended that the next does not continue. */
  boundary(): void {
    this.#endWord();
    this.#hash(0x1f, 0x1f);
    this.#gap = false;
    this.#any = false;
  }

  end(): void {
    this.#endWord();
    this.key[0] = mix(this.#a ^ this.#d);
    this.key[1] = mix(this.#b ^ this.#a);
    this.key[2] = mix(this.#c ^ this.#b);
    this.key[3] = mix(this.#d ^ this.#c);
  }
}
