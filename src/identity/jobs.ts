// What has to be hashed: each file once, with all tensors that lie in it, whichever file names them.
import { AjarError } from "../core/errors.ts";
import type { UndigestedReason } from "../core/identity.ts";
import type { Source, SourceEntry } from "../core/source.ts";
import { openZip, type ZipArchive } from "../formats/zip.ts";
import { STORED, type ZipEntry } from "../formats/zip-directory.ts";
import { resolvePath } from "../safety/paths.ts";
import type { PlannedTensor } from "./planned.ts";
import { entryReader, type WeightFile } from "./read-weights.ts";
import type { TensorSpan } from "./sweep.ts";

/** A tensor and the weight file that names it. */
interface OwnedSpan {
  readonly owner: WeightFile;
  readonly tensor: PlannedTensor;
  /** Where its bytes lie in the job's content. */
  readonly span: TensorSpan;
}

/** One content to be read once from start to end. */
export interface HashJob {
  readonly path: string;
  /** Packed member of the file, to be unpacked as it is read; null: the file itself. */
  readonly member: PackedMember | null;
  /** Null when the listing does not tell. */
  readonly sizeBytes: number | null;
  readonly spans: readonly OwnedSpan[];
}

interface PackedMember {
  readonly archive: ZipArchive;
  readonly entry: ZipEntry;
}

export interface HashPlan {
  /** By path, members after the file. */
  readonly jobs: readonly HashJob[];
  /** Tensors without bytes that could be hashed. */
  readonly undigested: readonly { readonly owner: WeightFile; readonly reason: UndigestedReason }[];
}

/** Bytes of tensors out of order that are held at one time. */
const MAX_HELD_BYTES = 256 * 1024 ** 2;
const ZIP_LIMITS = { maxBytes: Number.MAX_SAFE_INTEGER, maxEntries: 100_000, maxRatio: 200 };

/** Puts every tensor where its bytes are. `entries`: those that have content, by path. */
export async function planJobs(source: Source, entries: ReadonlyMap<string, SourceEntry>, files: readonly WeightFile[]): Promise<HashPlan> {
  const planner = new Planner(entries);
  for (const owner of files) {
    const members = owner.plan.planned.some(({ member }) => member !== undefined) && owner.format !== "onnx";
    const archive = members ? await zipOf(source, entries.get(owner.path)) : null;
    const places = archive === null ? null : new MemberPlaces(archive);
    for (const tensor of owner.plan.planned) await planner.add(owner, tensor, places);
  }
  return planner.result();
}

async function zipOf(source: Source, entry: SourceEntry | undefined): Promise<ZipArchive | null> {
  if (entry === undefined || entry.sizeBytes === null) return null;
  try {
    return await openZip(entryReader(source, entry.path, entry.sizeBytes), ZIP_LIMITS);
  } catch (error) {
    return ignored(error);
  }
}

function ignored(error: unknown): null {
  if (error instanceof AjarError && error.code !== "INTERRUPTED" && error.code !== "BUG") return null;
  throw error;
}

type MemberPlace =
  /** Stored as it is, at a place of the archive. */
  { readonly kind: "plain"; readonly start: number; readonly length: number } | { readonly kind: "packed"; readonly member: PackedMember };

class MemberPlaces {
  readonly #archive: ZipArchive;
  readonly #entries = new Map<string, ZipEntry>();
  readonly #found = new Map<string, MemberPlace | null>();

  constructor(archive: ZipArchive) {
    this.#archive = archive;
    // Loaders take the last of one name.
    for (const entry of archive.entries) this.#entries.set(entry.path, entry);
  }

  async find(path: string): Promise<MemberPlace | null> {
    const known = this.#found.get(path);
    if (known !== undefined) return known;
    const found = await this.#look(path);
    this.#found.set(path, found);
    return found;
  }

  async #look(path: string): Promise<MemberPlace | null> {
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.content !== "readable") return null;
    if (entry.method !== STORED) return { kind: "packed", member: { archive: this.#archive, entry } };
    try {
      const { start, length } = await this.#archive.place(entry);
      return { kind: "plain", start, length: Math.min(length, entry.sizeBytes) };
    } catch (error) {
      return ignored(error);
    }
  }
}

class Planner {
  readonly #entries: ReadonlyMap<string, SourceEntry>;
  readonly #files = new Map<string, OwnedSpan[]>();
  readonly #members = new Map<ZipEntry, { readonly path: string; readonly member: PackedMember; readonly spans: OwnedSpan[] }>();
  readonly #undigested: { readonly owner: WeightFile; readonly reason: UndigestedReason }[] = [];

  constructor(entries: ReadonlyMap<string, SourceEntry>) {
    this.#entries = entries;
  }

  async add(owner: WeightFile, tensor: PlannedTensor, places: MemberPlaces | null): Promise<void> {
    const { member } = tensor;
    if (member === undefined) this.#inFile(owner, tensor, owner.path, 0, null);
    else if (owner.format === "onnx") this.#inFile(owner, tensor, resolvePath(owner.path, member), 0, null);
    else await this.#inMember(owner, tensor, (await places?.find(member)) ?? null);
  }

  async #inMember(owner: WeightFile, tensor: PlannedTensor, place: MemberPlace | null): Promise<void> {
    if (place === null) this.#refuse(owner, "unread");
    else if (place.kind === "plain") this.#inFile(owner, tensor, owner.path, place.start, place.start + place.length);
    else if (tensor.span.end > place.member.entry.sizeBytes) this.#refuse(owner, "outside");
    else {
      const { entry } = place.member;
      const job = this.#members.get(entry) ?? { path: owner.path, member: place.member, spans: [] };
      job.spans.push({ owner, tensor, span: tensor.span });
      this.#members.set(entry, job);
    }
  }

  /** `base`: where the tensor's places are counted from; `limit`: the end of its member, null for that of the file. */
  #inFile(owner: WeightFile, tensor: PlannedTensor, path: string | null, base: number, limit: number | null): void {
    const entry = path === null ? undefined : this.#entries.get(path);
    const span = { ...tensor.span, start: base + tensor.span.start, end: base + tensor.span.end };
    if (path === null || entry === undefined || entry.sizeBytes === null) this.#refuse(owner, "unread");
    else if (span.end > Math.min(limit ?? entry.sizeBytes, entry.sizeBytes)) this.#refuse(owner, "outside");
    else {
      const spans = this.#files.get(path) ?? [];
      spans.push({ owner, tensor, span });
      this.#files.set(path, spans);
    }
  }

  #refuse(owner: WeightFile, reason: UndigestedReason): void {
    this.#undigested.push({ owner, reason });
  }

  result(): HashPlan {
    const jobs: HashJob[] = [];
    for (const [path, { sizeBytes }] of this.#entries) {
      jobs.push({ path, member: null, sizeBytes, spans: this.#kept(this.#files.get(path) ?? []) });
    }
    for (const { path, member, spans } of this.#members.values()) {
      jobs.push({ path, member, sizeBytes: member.entry.sizeBytes, spans: this.#kept(spans) });
    }
    return { jobs, undigested: this.#undigested };
  }

  /** Leaves out tensors that would have to be held in memory beside too many others. */
  #kept(spans: readonly OwnedSpan[]): readonly OwnedSpan[] {
    const byStart = spans.filter(({ span }) => span.strided !== undefined).sort((a, b) => a.span.start - b.span.start);
    const byEnd = [...byStart].sort((a, b) => a.span.end - b.span.end);
    const dropped = new Set<OwnedSpan>();
    let heldBytes = 0;
    let released = 0;
    for (const owned of byStart) {
      const { start, end } = owned.span;
      for (let first = byEnd[released]; first !== undefined && first.span.end <= start; first = byEnd[released]) {
        if (!dropped.has(first)) heldBytes -= first.span.end - first.span.start;
        released += 1;
      }
      if (heldBytes + end - start > MAX_HELD_BYTES) dropped.add(owned);
      else heldBytes += end - start;
    }
    for (const { owner } of dropped) this.#refuse(owner, "over-limit");
    return dropped.size === 0 ? spans : spans.filter((owned) => !dropped.has(owned));
  }
}
