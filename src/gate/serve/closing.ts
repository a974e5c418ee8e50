// What was opened is closed in the opposite order, each once, whatever the others do.
export class Closing {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** @throws what the first step that failed threw, after all were tried */
  async all(): Promise<void> {
    let failure: { readonly cause: unknown } | null = null;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (cause) {
        failure ??= { cause };
      }
    }
    if (failure !== null) throw failure.cause;
  }
}
