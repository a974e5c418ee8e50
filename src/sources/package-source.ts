import type { ByteRange, Source, SourceEntry, SourceKind, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import type { HttpClient } from "../http/client.ts";
import { jsonBytes } from "./hub-record.ts";
import { clampRange } from "./local-file.ts";
import type { PackageContents } from "./package-contents.ts";
import { withSubject } from "./package-errors.ts";

/** What the registry said of the package, as an entry beside its files. */
const PACKAGE_RECORD = "@host/package-info.json";

export interface OpenedContents {
  readonly contents: PackageContents;
  readonly packageBytes: number | null;
  /** `whole`: the format or the server allowed no ranges, so all of it was transferred. */
  readonly transfer: "ranges" | "whole";
  close(): Promise<void>;
}

export interface PackageSourceOptions {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly version: string;
  readonly client: HttpClient;
  /** Registry record; stable for a version. */
  readonly record: unknown;
  readonly packageBytes: number | null;
  /** Called once, on the first listing or read. */
  readonly openContents: () => Promise<OpenedContents>;
}

/** A package of a registry as a source. */
export class PackageSource implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string;
  readonly #options: PackageSourceOptions;
  readonly #record: Uint8Array;
  #opening: Promise<OpenedContents> | undefined;
  #opened: OpenedContents | undefined;

  constructor(options: PackageSourceOptions) {
    this.#options = options;
    this.ref = options.ref;
    this.kind = options.kind;
    this.revision = options.version;
    this.#record = jsonBytes(options.record);
  }

  get listingComplete(): boolean {
    return this.#opened !== undefined && this.#opened.contents.problem === null;
  }

  get listingProblem(): string | null {
    return this.#opened?.contents.problem ?? null;
  }

  get usage(): SourceUsage {
    const packageBytes = this.#opened?.packageBytes ?? this.#options.packageBytes;
    return {
      ...this.#options.client.usage,
      ...(packageBytes === null ? {} : { packageBytes }),
      ...(this.#opened === undefined ? {} : { transfer: this.#opened.transfer }),
    };
  }

  async *list(): AsyncIterable<SourceEntry> {
    const { contents } = await this.#open();
    const record: SourceEntry = { path: PACKAGE_RECORD, sizeBytes: this.#record.byteLength, content: "readable" };
    yield* [...contents.entries, record].sort((a, b) => compareText(a.path, b.path));
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (path !== PACKAGE_RECORD) {
      const { contents } = await this.#open();
      return contents.read(path, range).catch((error: unknown) => {
        throw withSubject(error, path);
      });
    }
    const { start, length } = clampRange(range, this.#record.byteLength);
    return this.#record.slice(start, start + length);
  }

  /** Known once the package was listed or read. */
  stream(path: string): AsyncIterable<Uint8Array> | null {
    return path === PACKAGE_RECORD ? null : (this.#opened?.contents.stream?.(path) ?? null);
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.close();
    await this.#options.client.close();
  }

  async #open(): Promise<OpenedContents> {
    this.#opening ??= this.#options.openContents();
    this.#opened = await this.#opening.catch((error: unknown) => {
      throw withSubject(error, this.ref);
    });
    return this.#opened;
  }
}
