// A source seen through glob patterns: what they leave out is neither listed nor read, and the report says how much it was.
import { AjarError } from "../core/errors.ts";
import type { Skipped } from "../core/inventory.ts";
import type { ByteRange, LocalBytes, Source, SourceEntry, SourceKind, SourceUsage } from "../core/source.ts";
import { matchesAny, type PathTest } from "./globs.ts";

export interface PathFilter {
  readonly wants: PathTest;
  /** The patterns as options, for the report. */
  readonly shown: string;
}

/**
 * Entries that some `include` pattern (all when there is none) and no `exclude` pattern matches; null when there are no patterns.
 * @throws AjarError BAD_OPTION
 */
export function pathFilter(include: readonly string[], exclude: readonly string[]): PathFilter | null {
  if (include.length === 0 && exclude.length === 0) return null;
  const isIncluded = include.length === 0 ? (): boolean => true : matchesAny(include, "--include");
  const isExcluded = matchesAny(exclude, "--exclude");
  const options = [...include.map((pattern) => `--include ${pattern}`), ...exclude.map((pattern) => `--exclude ${pattern}`)];
  return { wants: (path) => isIncluded(path) && !isExcluded(path), shown: options.join(" ") };
}

export class FilteredSource implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly #source: Source;
  readonly #filter: PathFilter;
  readonly #isDocument: PathTest;
  #left = 0;
  #leftDocuments = 0;

  /** `isDocument` tells the files whose loss weighs most: licenses, cards, policies, records of the host. */
  constructor(source: Source, filter: PathFilter, isDocument: PathTest) {
    this.ref = source.ref;
    this.kind = source.kind;
    this.#source = source;
    this.#filter = filter;
    this.#isDocument = isDocument;
  }

  get revision(): string | null {
    return this.#source.revision;
  }

  get listingComplete(): boolean {
    return this.#source.listingComplete;
  }

  get listingProblem(): string | null {
    return this.#source.listingProblem;
  }

  get usage(): SourceUsage {
    return this.#source.usage;
  }

  /** What the patterns left out of the last whole listing, as one row; null when that is nothing. */
  get excluded(): Skipped | null {
    if (this.#left === 0) return null;
    const detail = `${counted(this.#left, "file")}, ${counted(this.#leftDocuments, "document")} among them: ${this.#filter.shown}`;
    return { path: "", reason: "excluded", detail, partial: true };
  }

  async *list(): AsyncIterable<SourceEntry> {
    this.#left = 0;
    this.#leftDocuments = 0;
    for await (const entry of this.#source.list()) {
      if (this.#filter.wants(entry.path)) {
        yield entry;
      } else {
        this.#left += 1;
        if (this.#isDocument(entry.path)) this.#leftDocuments += 1;
      }
    }
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    this.#check(path);
    return await (range === undefined ? this.#source.read(path) : this.#source.read(path, range));
  }

  async locate(path: string): Promise<LocalBytes | null> {
    this.#check(path);
    return (await this.#source.locate?.(path)) ?? null;
  }

  stream(path: string): AsyncIterable<Uint8Array> | null {
    this.#check(path);
    return this.#source.stream?.(path) ?? null;
  }

  #check(path: string): void {
    if (!this.#filter.wants(path)) throw new AjarError("UNREADABLE", "left out by --include or --exclude", { subject: path });
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
