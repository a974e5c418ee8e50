// Shared by everything that points at a place in a text.

/** Code-point order, the same on every machine; never localeCompare, which depends on ICU data. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The same text, held with one byte a character where it can be. What is cut out of a wide text stays wide, and an engine
 * compiles each regular expression a second time for the first wide text that it meets.
 */
export function compact(text: string): string {
  const narrow = Buffer.from(text, "latin1").toString("latin1");
  return narrow === text ? narrow : text;
}

/** Maps character offsets to line numbers counted from 1. */
export class LineIndex {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** Line of a character offset; offsets past the end give the last line. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  get lineCount(): number {
    return this.#starts.length;
  }
}
