// The data of opened sources, measured: which files, which shares of them, in how many threads.

import type { DataReport } from "../../core/dataset.ts";
import type { ByteReader, Source, SourceEntry } from "../../core/source.ts";
import { type DataKind, dataKind, kindByEnding } from "../../dataset/formats.ts";
import { type DataProblem, problemOf, type ShareOutcome } from "../../dataset/measure-file.ts";
import type { GramIndex } from "../../dataset/near/overlap.ts";
import type { DataFileEntry, FilePlan, Rows } from "../../dataset/plan.ts";
import { type OpenedFile, openData, planOpened } from "../../dataset/read-share.ts";
import { dataReport, type FileOutcome } from "../../dataset/result.ts";
import { Tally } from "../../dataset/tally.ts";
import { entryDigest } from "../../inventory/take.ts";
import { readerOf } from "../scan/files.ts";
import { measureInThreads, type PoolTask } from "./pool.ts";
import { patternIds, ruleInfos } from "./rule-infos.ts";

export interface DataOptions {
  readonly rows: Rows;
  /** Threads to measure with. */
  readonly threads: number;
  readonly overlap: GramIndex | null;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** A file of the data, ready to be read. */
export interface OpenedData {
  readonly source: Source;
  readonly name: string;
  readonly entry: DataFileEntry;
  readonly reader: ByteReader;
  readonly opened: OpenedFile | null;
  readonly plan: FilePlan;
  readonly problem: DataProblem | null;
}

interface Measured {
  readonly tally: Tally;
  readonly outcomes: readonly FileOutcome[];
}

/** Lists the data files of a source. A file that is the whole target counts by its ending alone. */
async function dataEntries(source: Source): Promise<readonly SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const entry of source.list()) if (!entry.path.startsWith("@host/")) entries.push(entry);
  const kindOf = entries.length === 1 ? kindByEnding : dataKind;
  return entries.filter(({ path, content }) => kindOf(path) !== null && content !== "symlink" && content !== "submodule");
}

/** Looks at a file and plans what to read of it. */
async function openEntry(source: Source, found: SourceEntry, rows: Rows): Promise<OpenedData> {
  const kind: DataKind = kindByEnding(found.path) ?? { format: "text", packing: null };
  const entry: DataFileEntry = { path: found.path, sizeBytes: found.sizeBytes ?? 0, digest: entryDigest(found), kind };
  const reader = readerOf(source, found);
  const base = { source, name: `${source.ref}\0${found.path}`, entry, reader };
  const none: FilePlan = { basis: "whole", shares: [] };
  if (found.content !== "readable") {
    return { ...base, opened: null, plan: none, problem: { code: "UNREADABLE", detail: `its content cannot be had: ${found.content}` } };
  }
  try {
    const opened = await openData(reader, entry);
    const listed = opened.arrow?.problem ?? null;
    return { ...base, opened, plan: planOpened(entry, rows, opened), problem: listed === null ? null : problemOf(listed) };
  } catch (cause) {
    return { ...base, opened: null, plan: none, problem: problemOf(cause) };
  }
}

/** Less than this is measured before a thread has started. */
const THREAD_BYTES = 8 * 1024 * 1024;

/** Measures what was opened. @throws AjarError INTERRUPTED */
export async function measureAll(files: readonly OpenedData[], options: DataOptions): Promise<Measured> {
  const tally = new Tally();
  const results = files.map(({ plan }) => plan.shares.map((): ShareOutcome => ({ problem: null, isCut: false })));
  const bytes = files.reduce((sum, { entry }) => sum + entry.sizeBytes, 0);
  if (bytes >= THREAD_BYTES) await inThreads(files, results, tally, options);
  else {
    const { measureHere } = await import("./here.ts");
    await measureHere(files, results, tally, options);
  }
  return { tally, outcomes: files.map((file, at) => outcomeOf(file, results[at] ?? [])) };
}

async function inThreads(files: readonly OpenedData[], results: ShareOutcome[][], tally: Tally, options: DataOptions): Promise<void> {
  const tasks: PoolTask[] = [];
  for (const [at, { source, reader, name, entry, plan }] of files.entries()) {
    const local = plan.shares.length === 0 ? null : ((await source.locate?.(entry.path)) ?? null);
    for (const [index, share] of plan.shares.entries()) {
      tasks.push({ task: { name, entry, share, local }, reader, settle: (outcome) => results[at]?.splice(index, 1, outcome) });
    }
  }
  const { threads, overlap, signal } = options;
  const progress = (done: number): void => options.progress(`reading data (${done}/${tasks.length})`);
  await measureInThreads(tasks, tally, { threads, setup: { overlap }, signal, progress });
}

/** What became of a file, from what became of its shares. */
function outcomeOf(file: OpenedData, results: readonly ShareOutcome[]): FileOutcome {
  const problem = file.problem ?? results.find((result) => result.problem !== null)?.problem ?? null;
  const isCut = results.some((result) => result.isCut);
  // A stream ends where something is wrong with it, or it is cut; else its beginning was the whole file.
  const isStream = file.plan.shares.some(({ kind }) => kind === "stream");
  const basis = !isStream ? file.plan.basis : isCut || problem !== null ? "beginning" : "whole";
  const encoding = file.opened?.encoding;
  return {
    source: file.source.ref,
    name: file.name,
    entry: file.entry,
    basis: file.opened === null ? "none" : basis,
    encoding: encoding === undefined ? "unknown" : encoding.sure ? encoding.encoding : "unknown",
    announcedRows: file.opened?.parquet?.rows ?? null,
    problem,
  };
}

/** Opens and reads the data of a source. @throws AjarError INTERRUPTED, and what listing throws */
export async function measureSource(source: Source, options: DataOptions): Promise<Measured> {
  return await measureAll(await openAll([source], options.rows), options);
}

/** Opens, reads and reports the data of sources. @throws AjarError INTERRUPTED, and what listing throws */
export async function measureSources(sources: readonly Source[], options: DataOptions): Promise<DataReport> {
  const { tally, outcomes } = await measureAll(await openAll(sources, options.rows), options);
  return dataReport(tally, { mode: options.rows, outcomes, looked: patternIds(), overlap: options.overlap, infos: ruleInfos() });
}

export async function openAll(sources: readonly Source[], rows: Rows): Promise<readonly OpenedData[]> {
  const files: OpenedData[] = [];
  for (const source of sources) for (const entry of await dataEntries(source)) files.push(await openEntry(source, entry, rows));
  return files;
}
