// Tar archives: old torch checkpoints, NeMo models, and whatever else somebody packs (ZP10).
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScanCoverage } from "../../core/scan.ts";
import { indexTar, type TarMember } from "../../formats/tar.ts";
import { isTarHeader } from "../../formats/tar-header.ts";
import { WindowReader } from "../../formats/window-reader.ts";
import { asPartial, coverageOfError, worstCoverage, worstRisk } from "../combine.ts";
import { nameHits } from "../containers/member-names.ts";
import { MAX_MEMBERS } from "../limits.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

/** torch 0.1.1 (torch/serialization.py, _load legacy_load). */
const TORCH_MEMBERS: readonly string[] = ["sys_info", "pickle", "storages", "tensors"];

export const scanner: Scanner = {
  id: "tar",
  risk: "may-execute",
  claims: ({ head }) => isTarHeader(head),
  async scan(reader, context): Promise<FormatReading> {
    const members: TarMember[] = [];
    const hits: SafetyHit[] = [];
    const coverages: ScanCoverage[] = [];
    const risks: FormatReading["risk"][] = ["cannot-execute"];
    const limits = { maxBytes: Number.MAX_SAFE_INTEGER, maxEntries: MAX_MEMBERS, maxRatio: Number.POSITIVE_INFINITY };
    try {
      for await (const member of indexTar(reader, limits)) {
        context.budget.checkTime();
        members.push(member);
        if (member.type !== "file") continue;
        const length = Math.max(0, Math.min(member.sizeBytes, reader.sizeBytes - member.dataOffset));
        const scan = await context.nested(member.path, new WindowReader(reader, member.dataOffset, length));
        hits.push(...scan.hits);
        coverages.push(asPartial(scan.coverage, member.path));
        risks.push(...scan.readings.map(({ risk }) => risk));
      }
    } catch (error) {
      // What came before the damage was scanned, and an extractor unpacks as much.
      if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || members.length === 0) throw error;
      coverages.push(coverageOfError(error, "partial"));
    }
    const names = members.map(({ path }) => path.replace(/^\.\//u, ""));
    return {
      format: formatOf(names),
      risk: worstRisk(risks),
      coverage: worstCoverage(coverages),
      hits: [...hits, ...members.flatMap(linkHits), ...nameHits(members.map(named))],
      tensors: [],
      parameters: null,
      metadata: new Map([["members", String(members.length)]]),
    };
  },
};

function formatOf(names: readonly string[]): string {
  if (TORCH_MEMBERS.every((name) => names.includes(name))) return "pytorch-tar";
  return names.some((name) => /(?:^|\/)model_config\.ya?ml$/u.test(name)) ? "nemo" : "tar";
}

function named({ path, type, linkTarget, dataOffset }: TarMember) {
  return { path, isSymlink: type === "symlink" || type === "hardlink", target: linkTarget, offset: Math.max(0, dataOffset - 512) };
}

/** Devices and pipes have no place in a release; an extractor run as root makes them. */
function linkHits({ path, type, dataOffset }: TarMember): readonly SafetyHit[] {
  if (type !== "other") return [];
  return [hitOf("ZP10", { start: dataOffset - 512, end: dataOffset, args: { member: path }, quote: path })];
}
