// The members of a zip, each scanned by its content (ZP04), in every version that a loader might see.
import { AjarError } from "../../core/errors.ts";
import type { FileScan, SafetyHit, ScanCoverage } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { UnpackMeter } from "../../formats/archive-limits.ts";
import { MemoryReader } from "../../formats/byte-reader.ts";
import { inflateRaw } from "../../formats/compression.ts";
import { StreamReader } from "../../formats/stream-reader.ts";
import { WindowReader } from "../../formats/window-reader.ts";
import type { ZipArchive } from "../../formats/zip.ts";
import { STORED, type ZipEntry } from "../../formats/zip-directory.ts";
import { coverageOfError } from "../combine.ts";
import { endRange, isRangeEnd } from "../file-reader.ts";
import { BOMB_BYTES, MAX_MEMBER_IN_MEMORY, MAX_PACKED_BY_RANGE, MAX_RATIO } from "../limits.ts";
import { hitOf } from "../rules.ts";
import type { ScanContext } from "../scanner.ts";
import type { HiddenMember, Stretch } from "./hidden.ts";

export interface MemberScan {
  readonly entry: ZipEntry;
  /** Null when nothing of it could be read. */
  readonly scan: FileScan | null;
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
  /** Header and packed data in the archive. */
  readonly stretch: Stretch | null;
}

interface Packed {
  readonly start: number;
  readonly length: number;
  readonly isRaw: boolean;
}

const DEFLATE = 8;

export class ZipMembers {
  readonly #reader: ByteReader;
  readonly #archive: ZipArchive;
  readonly #context: ScanContext;

  constructor(reader: ByteReader, archive: ZipArchive, context: ScanContext) {
    this.#reader = reader;
    this.#archive = archive;
    this.#context = context;
  }

  /** Scans one member; the checksum of raw numbers is not looked at. Damage is part of the answer. @throws AjarError INTERRUPTED, or when the archive's bytes cannot be had */
  async scan(entry: ZipEntry, isRaw = false): Promise<MemberScan> {
    this.#context.budget.checkTime();
    const hits: SafetyHit[] = [];
    let stretch: Stretch | null = null;
    try {
      const { start, length } = await this.#archive.place(entry);
      stretch = { start: entry.localHeaderOffset, end: start + length };
      if (isBomb(entry)) hits.push(this.#hit("ZP06", entry, "ratio"));
      const scan = await this.#content(entry, { start, length, isRaw }, hits);
      return { entry, scan, coverage: scan.coverage, hits: [...hits, ...scan.hits], stretch };
    } catch (error) {
      const refusal = refusalOf(error);
      return {
        entry,
        scan: null,
        coverage: coverageOfError(refusal, "partial"),
        hits: [...hits, ...this.#refused(entry, refusal)],
        stretch,
      };
    }
  }

  async #content(entry: ZipEntry, { start, length, isRaw }: Packed, hits: SafetyHit[]): Promise<FileScan> {
    const { context, archive } = { context: this.#context, archive: this.#archive };
    if (entry.content === "unsupported") return await this.#unsupported(entry, start, length, hits);
    if (entry.method === STORED) {
      // Reading all of it compares the checksum as well.
      const isSmall = length === entry.sizeBytes && length <= MAX_MEMBER_IN_MEMORY;
      const reads = isSmall && !isRaw && context.effort === "whole";
      const reader = reads
        ? new MemoryReader(await archive.read(entry))
        : new WindowReader(this.#reader, start, Math.min(length, entry.sizeBytes));
      return await context.nested(entry.path, reader);
    }
    if (context.effort === "ranges" && entry.compressedBytes > MAX_PACKED_BY_RANGE) endRange(start);
    context.budget.spendUnpacked(Math.min(entry.sizeBytes, BOMB_BYTES), start);
    if (entry.sizeBytes <= MAX_MEMBER_IN_MEMORY) {
      const bytes = await archive.read(entry);
      // A set flag that did not keep us from unpacking is a lie that keeps others from it.
      if (entry.encrypted) hits.push(this.#hit("ZP02", entry, "false-encrypted-flag"));
      return await context.nested(entry.path, new MemoryReader(bytes));
    }
    const stream = new StreamReader(() => archive.stream(entry), entry.sizeBytes);
    try {
      return await context.nested(entry.path, stream);
    } finally {
      await stream.close();
    }
  }

  /** Encrypted, or packed in a way that Ajar does not open. Bytes that are plain all the same are scanned. */
  async #unsupported(entry: ZipEntry, start: number, length: number, hits: SafetyHit[]): Promise<FileScan> {
    hits.push(this.#hit(entry.encrypted ? "ZP09" : "ZP08", entry, entry.encrypted ? undefined : "method"));
    const plain = await this.#context.nested(entry.path, new WindowReader(this.#reader, start, length));
    const code = entry.encrypted ? "encrypted" : "unsupported";
    const detail = entry.encrypted ? "member is encrypted" : `member is packed by method ${entry.method}`;
    const isPlain = plain.hits.length > 0;
    return { ...plain, hits: isPlain ? plain.hits : [], coverage: { state: "none", code, detail, offset: start } };
  }

  #refused(entry: ZipEntry, error: AjarError): readonly SafetyHit[] {
    if (error.code === "UNSUPPORTED" && entry.encrypted) return [this.#hit("ZP09", entry)];
    if (error.code === "OVER_LIMIT" && !isRangeEnd(error)) return [this.#hit("ZP06", entry, "limit")];
    return [];
  }

  #hit(rule: string, entry: ZipEntry, variant?: string): SafetyHit {
    const at = entry.localHeaderOffset;
    const place = { start: at, end: at + 1, args: { path: entry.path }, quote: entry.path };
    return hitOf(rule, variant === undefined ? place : { ...place, variant });
  }

  /** Scans what a local header names and no directory entry does. */
  async scanHidden(hidden: HiddenMember): Promise<FileScan | null> {
    const packed = new WindowReader(this.#reader, hidden.dataStart, hidden.dataEnd - hidden.dataStart);
    try {
      if (hidden.method !== DEFLATE) return await this.#context.nested(hidden.name, packed);
      return await this.#context.nested(hidden.name, new MemoryReader(await this.#inflated(packed)));
    } catch (error) {
      refusalOf(error);
      return null;
    }
  }

  /** What can be unpacked of a stream whose length nobody states. */
  async #inflated(packed: ByteReader): Promise<Uint8Array> {
    const meter = new UnpackMeter({ maxBytes: MAX_MEMBER_IN_MEMORY, maxEntries: 1, maxRatio: Number.POSITIVE_INFINITY });
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of inflateRaw(chunksOf(packed), meter)) chunks.push(chunk);
    } catch (error) {
      refusalOf(error);
    }
    return Buffer.concat(chunks);
  }
}

const CHUNK = 256 * 1024;

async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < reader.sizeBytes; at += CHUNK) yield await reader.read(at, Math.min(CHUNK, reader.sizeBytes - at));
}

function isBomb({ sizeBytes, compressedBytes, method }: ZipEntry): boolean {
  return method !== STORED && sizeBytes > BOMB_BYTES && sizeBytes > compressedBytes * MAX_RATIO;
}

/** An error about the bytes of a member; others are not for us to judge. */
function refusalOf(error: unknown): AjarError {
  const codes: readonly string[] = ["TRUNCATED", "OVER_LIMIT", "INCONSISTENT", "UNSUPPORTED", "NOT_THIS_FORMAT"];
  if (error instanceof AjarError && codes.includes(error.code)) return error;
  throw error;
}
