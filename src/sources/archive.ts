// A zip or tar archive of the local disk, read in place. Nothing is extracted under a name that the archive chose.
import { realpathSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, ByteReader, Source, SourceContext, SourceEntry, SourceProvider, SourceUsage } from "../core/source.ts";
import { compareText } from "../core/text.ts";
import { type ListedMember, listArchive } from "./archive-listing.ts";
import { isArchiveName } from "./archive-members.ts";
import { ListingProblems, MAX_READ_BYTES, ReadBudget } from "./limits.ts";
import { clampRange, fileError, OpenFile } from "./local-file.ts";
import { shownInMessage } from "./paths.ts";
import { Spill } from "./spill.ts";

const SCHEME = "archive:";

export const source: SourceProvider = {
  id: "archive",
  schemes: ["archive"],
  claims: async (reference, context) => {
    const stats = isArchiveName(reference) ? statSync(resolve(context.cwd, reference), { throwIfNoEntry: false }) : undefined;
    return stats?.isFile() ?? false;
  },
  open: async (reference, context) => {
    const path = reference.startsWith(SCHEME) ? reference.slice(SCHEME.length) : reference;
    const archive = new ArchiveSource(reference, await openFile(path, context), context);
    try {
      await archive.load(basename(path));
    } catch (error) {
      await archive.close();
      throw named(error, shownInMessage(path));
    }
    return archive;
  },
};

async function openFile(path: string, context: SourceContext): Promise<OpenFile> {
  const shown = shownInMessage(path);
  try {
    // The target itself may be a link: the user named it.
    return await OpenFile.open({ path: realpathSync(resolve(context.cwd, path)), shown });
  } catch (cause) {
    throw fileError(cause, shown);
  }
}

/** A format error with the archive's name before it. */
function named(error: unknown, shown: string): unknown {
  if (!(error instanceof AjarError) || error.message.startsWith(shown)) return error;
  const { hint, offset } = error;
  return new AjarError(error.code, `${shown}: ${error.message}`, {
    subject: shown,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
  });
}

class ArchiveSource implements Source {
  readonly kind = "archive";
  readonly ref: string;
  readonly revision = null;
  readonly #file: OpenFile;
  readonly #context: SourceContext;
  readonly #budget: ReadBudget;
  readonly #spill: Spill;
  readonly #problems = new ListingProblems();
  readonly #members = new Map<string, ListedMember>();
  #listed = false;
  /** Bytes unpacked for whoever reads entries; the budget counts those of the file. */
  #handedOut = 0;

  constructor(ref: string, file: OpenFile, context: SourceContext) {
    this.ref = ref;
    this.#file = file;
    this.#context = context;
    this.#budget = new ReadBudget(context.limits);
    this.#spill = new Spill(context.limits, context.signal);
  }

  get listingComplete(): boolean {
    return this.#listed && this.#problems.text === null;
  }

  get listingProblem(): string | null {
    return this.#problems.text;
  }

  get usage(): SourceUsage {
    return { ...this.#budget.usage, packageBytes: this.#file.sizeBytes };
  }

  /** Lists the archive and those in it. @throws AjarError when it cannot be listed at all */
  async load(name: string): Promise<void> {
    const listing = { context: this.#context, spill: this.#spill, problems: this.#problems, listed: this.#members };
    this.#context.progress(`listing ${this.ref}`);
    await listArchive(listing, this.#counted(), name, { prefix: "", depth: 1 });
    await this.#file.check();
  }

  #counted(): ByteReader {
    const file = this.#file;
    return {
      sizeBytes: file.sizeBytes,
      read: (start, length) => {
        this.#budget.take(length, this.ref);
        return file.read(start, length);
      },
    };
  }

  async *list(): AsyncGenerator<SourceEntry> {
    for (const path of [...this.#members.keys()].sort(compareText)) {
      const listed = this.#members.get(path);
      if (listed !== undefined) yield listed.entry;
    }
    this.#listed = true;
  }

  #readable(path: string): ListedMember {
    const listed = this.#members.get(path);
    if (listed === undefined) throw new AjarError("NOT_FOUND", `${shownInMessage(path)}: not in the archive`, { subject: path });
    if (listed.entry.content === "readable") return listed;
    throw new AjarError("UNREADABLE", `${path}: ${listed.entry.content}, it has no content to read`, { subject: path });
  }

  stream(path: string): AsyncIterable<Uint8Array> | null {
    const chunks = this.#readable(path).member.stream?.();
    return chunks === undefined ? null : this.#checked(chunks, path);
  }

  async *#checked(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        this.#allow(chunk.length, path);
        yield chunk;
      }
      await this.#file.check();
    } catch (error) {
      throw named(error, path);
    }
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    const listed = this.#readable(path);
    const part = clampRange(range, listed.member.sizeBytes);
    this.#allow(part.length, path);
    try {
      const bytes = await listed.member.read(part);
      await this.#file.check();
      return bytes;
    } catch (error) {
      throw named(error, path);
    }
  }

  #allow(bytes: number, path: string): void {
    const { maxBytes } = this.#context.limits;
    const limit = Math.min(MAX_READ_BYTES, maxBytes - this.#handedOut);
    if (bytes > limit) {
      throw new AjarError("OVER_LIMIT", `${path}: ${bytes} unpacked bytes are over the limit, ${limit} are allowed now`, { subject: path });
    }
    this.#handedOut += bytes;
  }

  async close(): Promise<void> {
    await this.#spill.close();
    await this.#file.close();
  }
}
