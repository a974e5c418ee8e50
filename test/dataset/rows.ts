// Files in memory as readers get them, and what readers make of them.
import type { AjarError } from "../../src/core/errors.ts";
import type { ByteReader } from "../../src/core/source.ts";
import { kindByEnding } from "../../src/dataset/formats.ts";
import type { DataFileEntry, Rows, Share } from "../../src/dataset/plan.ts";
import { openData, planOpened, readShare } from "../../src/dataset/read-share.ts";
import type { BrokenCode, Field, RowSink } from "../../src/dataset/row.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";

export function entryOf(path: string, sizeBytes: number): DataFileEntry {
  const kind = kindByEnding(path);
  if (kind === null) throw new Error(`${path} is no data`);
  return { path, sizeBytes, digest: "path:test", kind };
}

export class Collected implements RowSink {
  readonly rows: Field[][] = [];
  readonly broken_: [number, BrokenCode][] = [];
  bytes = 0;
  /** What could not be read, where the reading went on behind it. */
  problem: AjarError | null = null;
  #open: Field[] = [];

  row({ fields, more, bytes }: Parameters<RowSink["row"]>[0]): void {
    for (const field of fields) {
      const last = this.#open.at(-1);
      if (field.continues === true && last !== undefined) this.#open[this.#open.length - 1] = { ...last, text: last.text + field.text };
      else this.#open.push(field);
    }
    this.bytes += bytes;
    if (more) return;
    this.rows.push(this.#open);
    this.#open = [];
  }

  broken(index: number, code: BrokenCode): void {
    this.broken_.push([index, code]);
  }

  get texts(): string[][] {
    return this.rows.map((fields) => fields.map(({ text }) => text));
  }
}

/** Reads all of a file, share after share. */
export async function readAll(
  path: string,
  content: string | Uint8Array,
  rows: Rows = "full",
  shares?: readonly Share[],
): Promise<Collected> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const collected = new Collected();
  await readWith(new MemoryReader(bytes), path, { rows, collected, ...(shares === undefined ? {} : { shares }) });
  return collected;
}

/** The same, so that what was read before a failure is seen. */
export async function readInto(collected: Collected, path: string, bytes: Uint8Array): Promise<void> {
  await readWith(new MemoryReader(bytes), path, { rows: "full", collected });
}

interface Reading {
  readonly rows: Rows;
  readonly collected: Collected;
  readonly shares?: readonly Share[];
}

/** From any reader. */
export async function readWith(reader: ByteReader, path: string, { rows, collected, shares }: Reading): Promise<void> {
  const entry = entryOf(path, reader.sizeBytes);
  const opened = await openData(reader, entry);
  const plan = planOpened(entry, rows, opened);
  collected.problem = opened.arrow?.problem ?? null;
  for (const share of shares ?? plan.shares) {
    const { problem } = await readShare(reader, entry, opened, share, collected);
    collected.problem ??= problem;
  }
}
