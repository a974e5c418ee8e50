// Runs of white space, hyphens, underscores and the like become one space, so that a term of two words is one term.

import { NONE, type Run, type Stage } from "./run.ts";
import { KIND, kindOf } from "./scripts.ts";

const SPACE = 0x20;
/** Signs that stand between or around words without ending anything. */
const JOINERS = new Set([..."-_/*~`\"'^=#+"].map((char) => char.charCodeAt(0)));

/** Whether a unit becomes a space, or goes into one. */
export function isSpaced(unit: number): boolean {
  return kindOf(unit) === KIND.space || JOINERS.has(unit);
}

export class Spaces implements Stage {
  #inRun = false;

  push({ units, places, gaps, length }: Run, out: Run): void {
    for (let at = 0; at < length; at += 1) {
      const unit = units[at] ?? 0;
      const isSpace = isSpaced(unit);
      if (!isSpace) out.add(unit, places[at] ?? 0, gaps[at] ?? 0);
      else if (!this.#inRun) out.add(SPACE, places[at] ?? 0, gaps[at] ?? 0);
      this.#inRun = isSpace;
    }
  }

  end(): void {
    this.#inRun = false;
  }

  pending(): number {
    return NONE;
  }
}
