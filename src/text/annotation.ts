// Readings in brackets after Han characters, as in 權(quán) or 权【quan2】, go. What stands in brackets and is no reading stays.
import { NONE, Run, type Stage } from "./run.ts";
import { KIND, kindOf } from "./scripts.ts";
import { isReading, LONGEST_READING } from "./syllables.ts";

const CLOSING: ReadonlyMap<number, number> = new Map(
  ["()", "（）", "[]", "［］", "【】", "〔〕", "<>", "〈〉", "《》", "{}", "「」"].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
);

export class Annotation implements Stage {
  /** An opening bracket after a Han character, and what followed it. */
  readonly #held = new Run(8);
  #closing = 0;
  #afterHan = false;
  /** Whether a reading was taken out just before. */
  #gap = 0;

  push({ units, places, gaps, length }: Run, out: Run): void {
    for (let at = 0; at < length; at += 1) this.#take(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0, out);
  }

  end(out: Run): void {
    this.#release(out);
    this.#afterHan = false;
    this.#gap = 0;
  }

  pending(): number {
    return this.#held.length === 0 ? NONE : (this.#held.places[0] ?? NONE);
  }

  #take(unit: number, place: number, gap: number, out: Run): void {
    if (this.#held.length > 0 && this.#takeInside(unit, place, gap, out)) return;
    const closing = this.#afterHan ? CLOSING.get(unit) : undefined;
    if (closing !== undefined) {
      this.#closing = closing;
      this.#held.add(unit, place, gap);
      return;
    }
    out.add(unit, place, gap | this.#gap);
    this.#gap = 0;
    this.#afterHan = kindOf(unit) === KIND.han;
  }

  /** Whether the unit belongs to what is held. */
  #takeInside(unit: number, place: number, gap: number, out: Run): boolean {
    const { length } = this.#held;
    if (unit === this.#closing) {
      if (length > 1 && isReading(String.fromCharCode(...this.#held.units.subarray(1, length)))) {
        this.#held.clear();
        this.#gap = 1;
        return true;
      }
      this.#release(out);
      return false;
    }
    if (length > LONGEST_READING || !mayStandInReading(unit)) {
      this.#release(out);
      return false;
    }
    this.#held.add(unit, place, gap);
    return true;
  }

  #release(out: Run): void {
    const { units, places, gaps, length } = this.#held;
    for (let at = 0; at < length; at += 1) out.add(units[at] ?? 0, places[at] ?? 0, gaps[at] ?? 0);
    if (length > 0) this.#afterHan = false;
    this.#held.clear();
  }
}

/** Letters, kana, tones and marks; never another bracket. */
function mayStandInReading(unit: number): boolean {
  const kind = kindOf(unit);
  if (kind === KIND.word || unit === 0x20 || unit === 0x27 || unit === 0x2d) return true;
  // Kana and bopomofo count as Han where words end; here they are readings.
  return kind === KIND.han && ((unit >= 0x3040 && unit <= 0x312f) || unit === 0x30fc);
}
