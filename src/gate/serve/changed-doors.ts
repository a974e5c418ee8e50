// Doors that also shut for a model whose files were changed: whatever the store says, it stays shut until the gate is started again.
import type { DoorBook, DoorState, ServedModel, StreamCount } from "../contract.ts";

export class ChangedDoors implements DoorBook {
  readonly #doors: DoorBook;
  readonly #changed = new Map<string, DoorState>();
  readonly #listeners = new Set<() => void>();
  #epoch = 0;

  constructor(doors: DoorBook) {
    this.#doors = doors;
  }

  get streams(): StreamCount {
    return this.#doors.streams;
  }

  /** Both counts only grow, so their sum is another one after every change of either. */
  epoch(): number {
    return this.#doors.epoch() + this.#epoch;
  }

  state(model: ServedModel): DoorState {
    return this.#changed.get(model.id) ?? this.#doors.state(model);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    const stop = this.#doors.onChange(listener);
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  }

  /** @param since ISO 8601, UTC */
  shutChanged(model: string, reason: string, since: string): void {
    this.#changed.set(model, { kind: "shut", code: "model_changed", reason, since });
    this.#epoch += 1;
    for (const listener of this.#listeners) listener();
  }

  close(): Promise<void> {
    return this.#doors.close();
  }
}
