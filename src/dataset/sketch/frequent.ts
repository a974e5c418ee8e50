// How often words occur over rows, in bounded memory. Each row has a level, the leading zero bits of its hash; when there are too many
// words, what rows of the lowest level said is forgotten. What occurs in many rows stays, whatever the order and the split.

/** Levels told apart. */
const LEVELS = 32;

/** Per level, words with their counts; sorted when stored. */
export interface FrequentParts {
  readonly level: number;
  readonly words: readonly (readonly [level: number, word: string, count: number])[];
}

export class Frequent {
  readonly #capacity: number;
  readonly #isByCount: boolean;
  #level = 0;
  #size = 0;
  readonly #levels: Map<string, number>[] = Array.from({ length: LEVELS + 1 }, () => new Map());
  /** Words that are made once it is known that they stay, by level. */
  readonly #later: (() => string)[][] = Array.from({ length: LEVELS + 1 }, () => []);

  /** `capacity`: what is kept at most, in words, each counted once a level; or in counts, where the work lies in making the words. */
  constructor(capacity: number, of: "words" | "counts" = "words") {
    this.#capacity = capacity;
    this.#isByCount = of === "counts";
  }

  /** Rows that count: each stands for 2^level. */
  get level(): number {
    return this.#level;
  }

  /** Whether a row of this level is still counted, so that its words need not be made. */
  wants(level: number): boolean {
    return level >= this.#level;
  }

  add(level: number, word: string, count = 1): void {
    if (level < this.#level) return;
    const words = this.#levels[level];
    if (words === undefined) return;
    const before = words.get(word);
    words.set(word, (before ?? 0) + count);
    if (this.#isByCount) this.#size += count;
    else if (before === undefined) this.#size += 1;
    while (this.#size > this.#capacity && this.#level < LEVELS) this.#raise(this.#level + 1);
  }

  /** Adds a word that takes long to make: rows that are forgotten before anybody asks never make theirs. By count only. */
  addLater(level: number, word: () => string): void {
    const later = this.#later[level];
    if (level < this.#level || later === undefined) return;
    later.push(word);
    this.#size += 1;
    while (this.#size > this.#capacity && this.#level < LEVELS) this.#raise(this.#level + 1);
  }

  #makeAll(): void {
    for (const [level, later] of this.#later.entries()) {
      const words = later.splice(0);
      this.#size -= words.length;
      for (const word of words) this.add(level, word());
    }
  }

  #raise(level: number): void {
    for (let at = this.#level; at < level; at += 1) {
      const words = this.#levels[at];
      if (words === undefined) continue;
      this.#size -= this.#isByCount ? [...words.values()].reduce((sum, count) => sum + count, 0) : words.size;
      words.clear();
      this.#size -= this.#later[at]?.splice(0).length ?? 0;
    }
    this.#level = level;
  }

  merge({ level, words }: FrequentParts): void {
    if (level > this.#level) this.#raise(level);
    for (const [at, word, count] of words) this.add(at, word, count);
  }

  parts(): FrequentParts {
    this.#makeAll();
    const words = this.#levels.flatMap((one, level) => [...one].map(([word, count]) => [level, word, count] as const));
    return { level: this.#level, words: words.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)) };
  }

  /** Words with what they count for over all rows, most frequent first. */
  totals(): readonly (readonly [word: string, count: number])[] {
    this.#makeAll();
    const sums = new Map<string, number>();
    for (const words of this.#levels) for (const [word, count] of words) sums.set(word, (sums.get(word) ?? 0) + count);
    const scale = 2 ** this.#level;
    return [...sums].map(([word, count]) => [word, count * scale] as const).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}
