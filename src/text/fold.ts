// Folds a text: what was disguised reads plainly, and every unit knows where it stood. Whole, or piece by piece.
import { Annotation } from "./annotation.ts";
import { CharacterFolder } from "./characters.ts";
import type { Folded, FoldStep } from "./folded.ts";
import { Leet } from "./leet.ts";
import { NONE, Run, type Stage } from "./run.ts";
import { Spaces } from "./spaces.ts";
import { Spacing } from "./spacing.ts";

const STAGES: readonly (readonly [FoldStep, () => Stage])[] = [
  ["annotation", () => new Annotation()],
  ["leet", () => new Leet()],
  ["spacing", () => new Spacing()],
  ["spaces", () => new Spaces()],
];

/** The steps that look at neighbours, one after the other. */
export class Stages {
  readonly #stages: readonly Stage[];

  constructor(steps: Iterable<FoldStep>) {
    const wanted = new Set(steps);
    this.#stages = STAGES.filter(([step]) => wanted.has(step)).map(([, make]) => make());
  }

  /** What is decided of `input` and of what came before, valid until the next call of any of these. */
  push(input: Run): Run {
    let given = input;
    for (const [at, stage] of this.#stages.entries()) {
      const out = scratch(at);
      out.clear();
      stage.push(given, out);
      given = out;
    }
    return given;
  }

  /** What was not decided until now that nothing follows, valid until the next call of any of these. */
  end(): Run {
    let given = EMPTY;
    for (const [at, stage] of this.#stages.entries()) {
      const out = scratch(at);
      out.clear();
      stage.push(given, out);
      stage.end(out);
      given = out;
    }
    return given;
  }

  /** Place of the first unit that is not decided; `NONE` when there is none. */
  pending(): number {
    let least = NONE;
    for (const stage of this.#stages) least = Math.min(least, stage.pending());
    return least;
  }
}

const EMPTY = new Run(1);

/** One for each place in a row of stages, shared: what stands in them is read before anything else is folded. */
const scratches: Run[] = [];

function scratch(at: number): Run {
  const known = scratches[at];
  if (known !== undefined) return known;
  const made = new Run();
  scratches[at] = made;
  return made;
}

/** Folds a text that comes in pieces; what comes out does not depend on where it was cut. */
export class TextFolder {
  readonly #characters: CharacterFolder;
  readonly #stages: Stages;
  readonly #run = new Run();
  #offset = 0;

  constructor(steps: Iterable<FoldStep>) {
    const wanted = new Set(steps);
    this.#characters = new CharacterFolder(wanted);
    this.#stages = new Stages(wanted);
  }

  /** Units that this piece decided, valid until anything else is folded. */
  push(text: string): Run {
    this.#run.clear();
    this.#characters.push(text, this.#offset, this.#run);
    this.#offset += text.length;
    return this.#stages.push(this.#run);
  }

  /** The rest; two pieces, each valid until anything else is folded. */
  *end(): Generator<Run> {
    this.#run.clear();
    this.#characters.end(this.#run);
    yield this.#stages.push(this.#run);
    yield this.#stages.end();
  }

  /** Place of the first character that is not decided yet; `NONE` when there is none. */
  pending(): number {
    return Math.min(this.#characters.pending(), this.#stages.pending());
  }
}

/** Folds a whole text, in time linear in its length. */
export function fold(text: string, steps: Iterable<FoldStep>): Folded {
  const folder = new TextFolder(steps);
  const parts: string[] = [];
  const places: Uint32Array[] = [];
  const take = ({ units, places: at, length }: Run): void => {
    if (length === 0) return;
    parts.push(textOf(units, length));
    places.push(at.slice(0, length));
  };
  take(folder.push(text));
  for (const run of folder.end()) take(run);
  const all = new Uint32Array(places.reduce((sum, { length }) => sum + length, 1));
  let at = 0;
  for (const some of places) {
    all.set(some, at);
    at += some.length;
  }
  all[at] = text.length;
  return { text: parts.join(""), places: all };
}

/** Units that fit into one call. */
const PIECE = 8192;

/** Text of the first `length` units. */
export function textOf(units: Uint16Array, length: number): string {
  let text = "";
  for (let at = 0; at < length; at += PIECE) text += String.fromCharCode(...units.subarray(at, Math.min(length, at + PIECE)));
  return text;
}
