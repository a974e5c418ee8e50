// LZMA as chunks of LZMA2 hold it (LZMA SDK, "LZMA specification"; xz, "The .xz file format"): literals, matches, repeated matches.
import { damaged, EVEN, RangeCoder } from "./range-coder.ts";
import type { Window } from "./window.ts";

const STATES = 12;
/** States below it followed a literal. */
const LITERAL_STATES = 7;
const POSITIONS = 16;
const LEAST_MATCH = 2;
const LITERAL_SIZE = 0x300;
const MAX_LITERAL_BITS = 4;
const ALIGN_BITS = 4;

function probabilities(length: number): Uint16Array {
  return new Uint16Array(length).fill(EVEN);
}

/** Lengths of matches: short, middle and long ones have trees of their own. */
class LengthCoder {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(POSITIONS * 8);
  readonly #middle = probabilities(POSITIONS * 8);
  readonly #high = probabilities(256);

  reset(): void {
    for (const part of [this.#choice, this.#low, this.#middle, this.#high]) part.fill(EVEN);
  }

  next(coder: RangeCoder, position: number): number {
    if (coder.bit(this.#choice, 0) === 0) return LEAST_MATCH + coder.tree(this.#low, position * 8, 3);
    if (coder.bit(this.#choice, 1) === 0) return LEAST_MATCH + 8 + coder.tree(this.#middle, position * 8, 3);
    return LEAST_MATCH + 16 + coder.tree(this.#high, 0, 8);
  }
}

export class LzmaDecoder {
  readonly #window: Window;
  readonly #coder = new RangeCoder();
  readonly #isMatch = probabilities(STATES * POSITIONS);
  readonly #isRep = probabilities(STATES);
  readonly #isLaterRep = probabilities(STATES);
  readonly #isRep2 = probabilities(STATES);
  readonly #isRep3 = probabilities(STATES);
  readonly #isLongRep = probabilities(STATES * POSITIONS);
  readonly #slots = probabilities(4 * 64);
  readonly #special = probabilities(128);
  readonly #align = probabilities(1 << ALIGN_BITS);
  readonly #literals = probabilities(LITERAL_SIZE << MAX_LITERAL_BITS);
  readonly #lengths = new LengthCoder();
  readonly #repLengths = new LengthCoder();
  #contextBits = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  /** Distances of the last matches, the last first. */
  #reps: [number, number, number, number] = [0, 0, 0, 0];

  constructor(window: Window) {
    this.#window = window;
  }

  /** lc, lp and pb in one byte. @throws AjarError INCONSISTENT */
  setProperties(byte: number): void {
    const literalBits = byte % 9;
    const rest = Math.floor(byte / 9);
    const literalPositionBits = rest % 5;
    if (byte >= 9 * 5 * 5 || literalBits + literalPositionBits > MAX_LITERAL_BITS) throw damaged();
    this.#contextBits = literalBits;
    this.#literalMask = (1 << literalPositionBits) - 1;
    this.#positionMask = (1 << Math.floor(rest / 5)) - 1;
  }

  reset(): void {
    for (const part of [this.#isMatch, this.#isRep, this.#isLaterRep, this.#isRep2, this.#isRep3, this.#isLongRep]) part.fill(EVEN);
    for (const part of [this.#slots, this.#special, this.#align, this.#literals]) part.fill(EVEN);
    this.#lengths.reset();
    this.#repLengths.reset();
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
  }

  /** Unpacks one chunk to `length` bytes, for which the window has room. @throws AjarError INCONSISTENT */
  decode(packed: Uint8Array, length: number): void {
    this.#coder.start(packed);
    for (let left = length; left > 0; ) {
      const position = this.#window.position & this.#positionMask;
      if (this.#coder.bit(this.#isMatch, this.#state * POSITIONS + position) === 0) {
        this.#literal();
        left -= 1;
        continue;
      }
      const match = this.#coder.bit(this.#isRep, this.#state) === 0 ? this.#match(position) : this.#rep(position);
      if (match > left) throw damaged();
      this.#window.copy(this.#reps[0], match);
      left -= match;
    }
    this.#coder.end();
  }

  #literal(): void {
    const window = this.#window;
    const context = ((window.position & this.#literalMask) << this.#contextBits) + (window.last >> (8 - this.#contextBits));
    const base = LITERAL_SIZE * context;
    const byte = this.#state < LITERAL_STATES ? this.#coder.tree(this.#literals, base, 8) : this.#matchedLiteral(base);
    window.put(byte);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** A literal behind a match: the byte that the match would have gone on with tells which one is likely. */
  #matchedLiteral(base: number): number {
    let expected = this.#window.back(this.#reps[0]);
    let offset = 0x100;
    let node = 1;
    while (node < 0x100) {
      expected <<= 1;
      const wanted = expected & offset;
      const bit = this.#coder.bit(this.#literals, base + offset + wanted + node);
      node = (node << 1) | bit;
      offset &= bit === 1 ? expected : ~expected;
    }
    return node & 0xff;
  }

  #match(position: number): number {
    const length = this.#lengths.next(this.#coder, position);
    this.#state = this.#state < LITERAL_STATES ? 7 : 10;
    const [first, second, third] = this.#reps;
    this.#reps = [this.#distance(length), first, second, third];
    return length;
  }

  #distance(length: number): number {
    const coder = this.#coder;
    const slot = coder.tree(this.#slots, Math.min(length - LEAST_MATCH, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + coder.reverse(this.#special, base - slot - 1, bits);
    return base + coder.direct(bits - ALIGN_BITS) * (1 << ALIGN_BITS) + coder.reverse(this.#align, 0, ALIGN_BITS);
  }

  /** A match at one of the last distances; of one byte, or of a length that follows. */
  #rep(position: number): number {
    const coder = this.#coder;
    const wasLiteral = this.#state < LITERAL_STATES;
    if (coder.bit(this.#isLaterRep, this.#state) === 0) {
      if (coder.bit(this.#isLongRep, this.#state * POSITIONS + position) === 0) {
        this.#state = wasLiteral ? 9 : 11;
        return 1;
      }
    } else this.#chooseRep();
    this.#state = wasLiteral ? 8 : 11;
    return this.#repLengths.next(coder, position);
  }

  #chooseRep(): void {
    const [a, b, c, d] = this.#reps;
    if (this.#coder.bit(this.#isRep2, this.#state) === 0) this.#reps = [b, a, c, d];
    else if (this.#coder.bit(this.#isRep3, this.#state) === 0) this.#reps = [c, a, b, d];
    else this.#reps = [d, a, b, c];
  }
}
