import type { ServedModel, StreamCount } from "../contract.ts";

/** Replies of this replica that still run, by model. */
export class RunningStreams implements StreamCount {
  readonly #running = new Map<ServedModel, number>();
  readonly #ended: () => void;

  /** `ended` is called after each end. */
  constructor(ended: () => void) {
    this.#ended = ended;
  }

  begin(model: ServedModel): () => void {
    this.#running.set(model, (this.#running.get(model) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#running.get(model) ?? 1) - 1;
      if (left === 0) this.#running.delete(model);
      else this.#running.set(model, left);
      this.#ended();
    };
  }

  /** Models with at least one. */
  models(): Iterable<ServedModel> {
    return this.#running.keys();
  }

  count(isCounted: (model: ServedModel) => boolean): number {
    let count = 0;
    for (const [model, running] of this.#running) if (isCounted(model)) count += running;
    return count;
  }
}
