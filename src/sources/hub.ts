// Hugging Face models and datasets: pinned to a commit, listed by its tree, read by range, never downloaded whole.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { AjarError } from "../core/errors.ts";
import type { ByteRange, Source, SourceContext, SourceEntry, SourceKind, SourceProvider, SourceUsage } from "../core/source.ts";
import { RangeReader } from "../http/range-reader.ts";
import { openThrough } from "./host-client.ts";
import { HubApi } from "./hub-api.ts";
import { openHubCache } from "./hub-cache.ts";
import { hubCredential, hubEndpoint, isHubOffline } from "./hub-environment.ts";
import { asText, type JsonObject, stableRecord } from "./hub-record.ts";
import { type HubReference, hubReferenceText, looksLikeHubId, parseHubReference } from "./hub-reference.ts";
import type { HubListing, ListedFile } from "./hub-tree.ts";
import { verifyContent } from "./hub-verify.ts";
import { clampRange } from "./local-file.ts";

/** What the host said of the repository, as an entry beside its files. */
const HOST_RECORD = "@host/model-info.json";
/** A whole file is held in memory to check its digest; larger ones are read by range. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
/** Bytes beyond the listed size that are still read, so that a wrong file is named as one. */
const SURPLUS_BYTES = 64 * 1024;
/** Files whose blocks are kept at once; formats are read one after another. */
const MAX_OPEN_READERS = 4;

export const source: SourceProvider = {
  id: "hub",
  schemes: ["hf"],
  async claims(reference: string, context: SourceContext): Promise<boolean> {
    if (!looksLikeHubId(reference)) return false;
    return !(await exists(resolve(context.cwd, reference)));
  },
  async open(reference: string, context: SourceContext): Promise<Source> {
    const parsed = parseHubReference(reference);
    if (isHubOffline(context)) return openHubCache(parsed, context);
    return openHub(parsed, context);
  },
};

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function openHub(reference: HubReference, context: SourceContext): Promise<Source> {
  const endpoint = hubEndpoint(context.env);
  const credential = await hubCredential(context, endpoint);
  return openThrough({ ...context, offline: false }, credential, async (client) => {
    const api = new HubApi(client, endpoint, reference, credential);
    const info = await api.fetchInfo(reference.revision ?? "main");
    const commit = asText(info["sha"]) ?? "";
    if (!/^[0-9a-f]{40}$/u.test(commit)) {
      const subject = hubReferenceText(reference, reference.revision);
      throw new AjarError("BAD_RESPONSE", `${subject}: ${endpoint.host} names no commit for it`, { subject });
    }
    return new HubSource({ api, reference, info, commit, context });
  });
}

interface HubSourceOptions {
  readonly api: HubApi;
  readonly reference: HubReference;
  readonly info: JsonObject;
  readonly commit: string;
  readonly context: SourceContext;
}

class HubSource implements Source {
  readonly ref: string;
  readonly kind: SourceKind;
  readonly revision: string;
  readonly #options: HubSourceOptions;
  /** What the host says; with the names of branches once the files are listed, since whoever only reads the record has no use for them. */
  #record: Uint8Array;
  #hasRefs = false;
  readonly #readers = new Map<string, RangeReader>();
  #files: Promise<ReadonlyMap<string, ListedFile>> | undefined;
  #listing: HubListing | undefined;
  #packageBytes: number | undefined;

  constructor(options: HubSourceOptions) {
    this.#options = options;
    const { reference, commit, info } = options;
    this.ref = hubReferenceText(reference, commit);
    this.kind = reference.kind === "dataset" ? "hub-dataset" : "hub-model";
    this.revision = commit;
    this.#record = stableRecord(info, reference.kind, null);
  }

  get listingComplete(): boolean {
    return this.#listing !== undefined && this.listingProblem === null;
  }

  get listingProblem(): string | null {
    return this.#listing?.problems.text ?? null;
  }

  get usage(): SourceUsage {
    const usage = this.#options.api.client.usage;
    return this.#packageBytes === undefined ? usage : { ...usage, packageBytes: this.#packageBytes };
  }

  async *list(): AsyncIterable<SourceEntry> {
    const files = await this.#listed();
    await this.#completeRecord();
    // `@` sorts before letters but not before all that a name may start with.
    const record: SourceEntry = { path: HOST_RECORD, sizeBytes: this.#record.byteLength, content: "readable" };
    let isGiven = false;
    for (const { entry } of files.values()) {
      if (!isGiven && entry.path > HOST_RECORD) {
        isGiven = true;
        yield record;
      }
      yield entry;
    }
    if (!isGiven) yield record;
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    if (path === HOST_RECORD) {
      const { start, length } = clampRange(range, this.#record.byteLength);
      return this.#record.slice(start, start + length);
    }
    const file = (await this.#listed()).get(path);
    if (file === undefined) throw new AjarError("NOT_FOUND", `${path}: not in the listing`, { subject: path });
    if (file.entry.content !== "readable") throw refused(file.entry);
    return range === undefined ? this.#readWhole(file) : this.#readRange(file, range);
  }

  async #completeRecord(): Promise<void> {
    const { api, reference, info } = this.#options;
    if (this.#hasRefs || reference.kind !== "model") return;
    this.#record = stableRecord(info, reference.kind, await api.fetchRefs());
    this.#hasRefs = true;
  }

  async close(): Promise<void> {
    this.#readers.clear();
    await this.#options.api.client.close();
  }

  async #readWhole(file: ListedFile): Promise<Uint8Array> {
    const { api, commit } = this.#options;
    const { path, sizeBytes } = file.entry;
    if (sizeBytes !== null && sizeBytes > MAX_WHOLE_BYTES) {
      throw new AjarError("OVER_LIMIT", `${path}: ${sizeBytes} bytes are more than the ${MAX_WHOLE_BYTES} read at once`, {
        subject: path,
        hint: "Read it by range.",
      });
    }
    const request = api.fileRequest(commit, file.hostPath, path);
    const { bytes } = await api.client.fetchBytes(request, sizeBytes === null ? MAX_WHOLE_BYTES : sizeBytes + SURPLUS_BYTES);
    verifyContent(file.entry, bytes, path);
    return bytes;
  }

  async #readRange(file: ListedFile, range: ByteRange): Promise<Uint8Array> {
    const { api, commit } = this.#options;
    const { path, sizeBytes } = file.entry;
    const request = api.fileRequest(commit, file.hostPath, path);
    if (sizeBytes === null) return (await api.client.fetchRange(request, range.start, range.length)).bytes;
    const { start, length } = clampRange(range, sizeBytes);
    const reader = this.#readers.get(path) ?? new RangeReader({ client: api.client, request, sizeBytes, subject: path }, sizeBytes);
    this.#keep(path, reader);
    return reader.read(start, length);
  }

  #keep(path: string, reader: RangeReader): void {
    this.#readers.delete(path);
    this.#readers.set(path, reader);
    const oldest = this.#readers.keys().next();
    if (this.#readers.size > MAX_OPEN_READERS && !oldest.done) this.#readers.delete(oldest.value);
  }

  #listed(): Promise<ReadonlyMap<string, ListedFile>> {
    this.#files ??= this.#fetchListing();
    return this.#files;
  }

  async #fetchListing(): Promise<ReadonlyMap<string, ListedFile>> {
    const { info, context } = this.#options;
    const listing = await this.#fetchTree();
    const files = listing.files();
    const sizes = files.map((file) => file.entry.sizeBytes);
    this.#packageBytes = sizes.includes(null) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    const isGated = info["gated"] !== undefined && info["gated"] !== false && info["gated"] !== null;
    const settled =
      info["disabled"] === true ? files.map((file) => withContent(file, "unreadable")) : isGated ? await this.#probe(files) : files;
    this.#listing = listing;
    context.progress(`${files.length} files listed`);
    return new Map(settled.map((file) => [file.entry.path, file]));
  }

  async #fetchTree(): Promise<HubListing> {
    const { api, commit, context } = this.#options;
    try {
      return await api.fetchTree(commit, context.limits.maxEntries, (count) => context.progress(`${count} files listed`));
    } catch (error) {
      if (error instanceof AjarError && error.code === "GATED") return api.fetchSiblings(commit, context.limits.maxEntries);
      throw error;
    }
  }

  /** Gated: the listing is public, the files usually not, the card often. One byte of one file of each sort tells. */
  async #probe(files: readonly ListedFile[]): Promise<readonly ListedFile[]> {
    const card = files.find((file) => file.entry.path === "README.md");
    const other = files.find((file) => file !== card && file.entry.sizeBytes !== 0);
    if (other === undefined || (await this.#isGiven(other))) return files;
    const isCardGiven = card !== undefined && (await this.#isGiven(card));
    return files.map((file) => (file === card && isCardGiven ? file : withContent(file, "gated")));
  }

  async #isGiven(file: ListedFile): Promise<boolean> {
    const { api, commit } = this.#options;
    try {
      await api.client.fetchRange(api.fileRequest(commit, file.hostPath, file.entry.path), 0, 1);
      return true;
    } catch (error) {
      if (error instanceof AjarError && (error.code === "GATED" || error.code === "UNAUTHORIZED")) return false;
      throw error;
    }
  }
}

function withContent(file: ListedFile, content: "gated" | "unreadable"): ListedFile {
  return { ...file, entry: { ...file.entry, content } };
}

function refused(entry: SourceEntry): AjarError {
  if (entry.content === "gated") {
    const hint = "Accept its terms on its page, then set HF_TOKEN.";
    return new AjarError("GATED", `${entry.path}: gated, the host lists it and does not give it`, { subject: entry.path, hint });
  }
  return new AjarError("UNREADABLE", `${entry.path}: the host has disabled access to its repository`, { subject: entry.path });
}
