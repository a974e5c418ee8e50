import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceEntry, SourceKind, SourceUsage } from "../core/source.ts";

/** A source of which only what its host says of it is looked at: nothing is listed, no file is fetched. */
export class RecordOnly implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string | null;
  readonly listingComplete = false;
  readonly listingProblem = "only the host's record was looked at";
  readonly #source: Source;
  readonly #path: string;

  /** @param path entry that holds the record */
  constructor(source: Source, path: string) {
    this.ref = source.ref;
    this.kind = source.kind;
    this.revision = source.revision;
    this.#source = source;
    this.#path = path;
  }

  get usage(): SourceUsage {
    return this.#source.usage;
  }

  async *list(): AsyncIterable<SourceEntry> {
    const { byteLength } = await this.#source.read(this.#path);
    yield { path: this.#path, sizeBytes: byteLength, content: "readable" };
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (path !== this.#path) throw new AjarError("NOT_FOUND", `${path}: not looked at`, { subject: path });
    return await (range === undefined ? this.#source.read(path) : this.#source.read(path, range));
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}
