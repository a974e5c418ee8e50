// Zip archives, read as loaders read them: PyTorch checkpoints, TorchScript, npz, and whatever else somebody packs.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { openZip, type ZipArchive } from "../../formats/zip.ts";
import type { ZipEntry } from "../../formats/zip-directory.ts";
import { asPartial, FULL, worstCoverage, worstRisk } from "../combine.ts";
import { endRecords } from "../containers/end-records.ts";
import { findHidden } from "../containers/hidden.ts";
import { nameHits } from "../containers/member-names.ts";
import { scriptHits } from "../containers/torchscript.ts";
import { isStorage, layoutOf, type ZipLayout } from "../containers/zip-layout.ts";
import { type MemberScan, ZipMembers } from "../containers/zip-members.ts";
import { zipProblemHits } from "../containers/zip-problems.ts";
import { MAX_MEMBERS } from "../limits.ts";
import { storedTensors } from "../pickle/torch-list.ts";
import { hitOf } from "../rules.ts";
import type { ScanContext, Scanner } from "../scanner.ts";

export const scanner: Scanner = {
  id: "zip",
  risk: "may-execute",
  claims: ({ head, tail, sizeBytes }) => startsLikeZip(head) || endRecords(tail, sizeBytes).length > 0,
  async scan(reader, context): Promise<FormatReading> {
    const limits = { maxBytes: context.budget.unpackedBytesLeft, maxEntries: MAX_MEMBERS, maxRatio: Number.POSITIVE_INFINITY };
    const archive = await openZip(reader, limits);
    const layout = layoutOf(archive.entries.map(({ path }) => path));
    const members = new ZipMembers(reader, archive, context);
    const scans: MemberScan[] = [];
    for (const entry of archive.entries) {
      // By range, numbers that only a tensor is made of are left where they are.
      const isRaw = isStorage(layout, entry.path);
      if (!entry.isDirectory && (context.effort === "whole" || !isRaw)) scans.push(await members.scan(entry, isRaw));
    }
    const outside = context.effort === "whole" ? await outsideMembers(reader, archive, scans, members, context) : [];
    const tensors = tensorsOf(layout, scans);
    return {
      format: layout.format,
      risk:
        layout.risk ??
        worstRisk(["cannot-execute", ...scans.flatMap(({ scan }) => (scan === null ? [] : scan.readings.map(({ risk }) => risk)))]),
      coverage: worstCoverage(scans.map((scan) => coverageOf(layout, scan))),
      hits: [
        ...scans.flatMap((scan) => memberHits(layout, scan)),
        ...zipProblemHits(archive.problems, reader.sizeBytes),
        ...(await links(archive)),
        ...(await scriptHits(layout, archive)),
        ...outside,
        ...missingStorage(layout, tensors, archive.entries),
      ],
      tensors: tensors.map((tensor) => inMember(layout, tensor)),
      parameters:
        tensors.length === 0 ? null : tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0),
      metadata: new Map([...metadataOf(layout, scans), ...(await byteOrder(layout, archive))]),
    };
  },
};

function startsLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/** Storages are raw numbers; whatever parser thinks that it knows them must find something grave to be believed. */
function memberHits(layout: ZipLayout, { entry, hits }: MemberScan): readonly SafetyHit[] {
  return isStorage(layout, entry.path)
    ? hits.filter(({ severity, member }) => member === undefined || severity === "critical" || severity === "high")
    : hits;
}

function coverageOf(layout: ZipLayout, { entry, scan, coverage }: MemberScan): ScanCoverage {
  if (
    scan !== null &&
    isStorage(layout, entry.path) &&
    coverage.state !== "full" &&
    coverage.code !== "encrypted" &&
    coverage.code !== "unsupported"
  )
    return FULL;
  return asPartial(coverage, entry.path);
}

async function links(archive: ZipArchive): Promise<readonly SafetyHit[]> {
  const named = [];
  for (const entry of archive.entries) {
    const isReadable = entry.isSymlink && entry.content === "readable";
    const target = isReadable ? await archive.symlinkTarget(entry).catch(nothing) : "";
    named.push({ path: entry.path, isSymlink: entry.isSymlink, target, offset: entry.localHeaderOffset });
  }
  return nameHits(named);
}

function nothing(error: unknown): string {
  if (error instanceof AjarError && error.code !== "INTERRUPTED") return "";
  throw error;
}

/** Bytes before, between and behind the members, and end records that compete. */
async function outsideMembers(
  reader: ByteReader,
  archive: ZipArchive,
  scans: readonly MemberScan[],
  members: ZipMembers,
  context: ScanContext,
): Promise<readonly SafetyHit[]> {
  const taken = scans.flatMap(({ stretch }) => (stretch === null ? [] : [stretch]));
  for (const { isDirectory, localHeaderOffset, rawName } of archive.entries) {
    if (isDirectory) taken.push({ start: localHeaderOffset, end: localHeaderOffset + 30 + rawName.length });
  }
  const { members: hidden, loose } = await findHidden(reader, taken, archive.directoryStart, context.budget);
  const hits: SafetyHit[] = [];
  for (const member of hidden) {
    hits.push(
      hitOf("ZP05", { start: member.offset, end: member.dataEnd, variant: "hidden", args: { member: member.name }, quote: member.name }),
    );
    hits.push(...((await members.scanHidden(member))?.hits ?? []));
  }
  for (const { start, end } of loose) hits.push(hitOf("ZP05", { start, end, variant: "loose", args: { bytes: end - start } }));
  const tailStart = Math.max(0, reader.sizeBytes - 22 - 0xffff);
  // A member that is a zip itself has an end record of its own.
  const ends = endRecords(await reader.read(tailStart, reader.sizeBytes - tailStart), reader.sizeBytes).filter(
    (at) => !taken.some(({ start, end }) => at >= start && at < end),
  );
  if (ends.length > 1)
    hits.push(hitOf("ZP05", { start: ends[0] ?? 0, end: reader.sizeBytes, variant: "two-ends", args: { count: ends.length } }));
  return hits;
}

/** Tensors of data.pkl, or the arrays of an npz. */
function tensorsOf(layout: ZipLayout, scans: readonly MemberScan[]): readonly ScannedTensor[] {
  if (layout.format === "npz") {
    return scans.flatMap(({ entry, scan }) =>
      (scan?.readings[0]?.tensors ?? []).map((tensor) => ({ ...tensor, name: entry.path.replace(/\.npy$/u, ""), member: entry.path })),
    );
  }
  if (layout.risk === null) return [];
  const data = scans.find(({ entry }) => entry.path === `${layout.root}data.pkl`);
  return data?.scan?.readings.find(({ format }) => format === "pickle")?.tensors ?? [];
}

function inMember(layout: ZipLayout, tensor: ScannedTensor): ScannedTensor {
  if (layout.format === "npz") return tensor;
  const parts = tensor.parts === undefined ? {} : { parts: tensor.parts.map((part) => inMember(layout, part)) };
  return { ...tensor, ...(tensor.member === undefined ? {} : { member: `${layout.root}data/${tensor.member}` }), ...parts };
}

/** A tensor needs its storage to be there, and long enough (CVE-2026-24747). */
function missingStorage(layout: ZipLayout, tensors: readonly ScannedTensor[], entries: readonly ZipEntry[]): readonly SafetyHit[] {
  if (layout.risk === null) return [];
  const sizes = new Map(entries.map(({ path, sizeBytes }) => [path, sizeBytes]));
  return storedTensors(tensors).flatMap((tensor) => {
    const { name, member = "", place } = inMember(layout, tensor);
    const size = sizes.get(member);
    if (size !== undefined && place !== null && place.end <= size) return [];
    return [hitOf("PT01", { start: 0, end: 1, member: `${layout.root}data.pkl`, args: { tensor: name }, quote: name })];
  });
}

function metadataOf(layout: ZipLayout, scans: readonly MemberScan[]): ReadonlyMap<string, string> {
  const data = scans.find(({ entry }) => entry.path === `${layout.root}data.pkl`);
  const facts = layout.risk === null ? new Map<string, string>() : (data?.scan?.readings[0]?.metadata ?? new Map<string, string>());
  return new Map([["members", String(scans.length)], ...facts]);
}

/** Storages are written as the machine has its numbers; newer files say which way that is (torch/serialization.py, `byteorder`). */
async function byteOrder(layout: ZipLayout, archive: ZipArchive): Promise<ReadonlyMap<string, string>> {
  const entry = layout.risk === null ? undefined : archive.entries.findLast(({ path }) => path === `${layout.root}byteorder`);
  if (entry === undefined || entry.content !== "readable") return new Map();
  const bytes = await archive.read(entry, { start: 0, length: 8 }).catch(nothing);
  return Buffer.from(bytes).toString("latin1").startsWith("big") ? new Map([["byte-order", "big"]]) : new Map();
}
