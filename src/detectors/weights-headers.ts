// What weight files say of themselves in their headers, read by range; the weights stay where they are.
import { evidence } from "../core/evidence.ts";
import type { Skipped } from "../core/inventory.ts";
import type { Finding } from "../core/release.ts";
import type { Severity } from "../core/report.ts";
import { licenseByName } from "../licenses/records.ts";
import type { Detected, Detector, DetectorContext } from "./detector.ts";
import { type HeaderFactsContext, licenseFacts, parameterFacts } from "./support/weights-headers-facts.ts";
import { checkIndexes } from "./support/weights-headers-index.ts";
import { type HeaderResult, isTfjsName, readTfjsHeader, readWeightsHeader, type WeightsHeader } from "./support/weights-headers-read.ts";
import { relationFacts } from "./support/weights-headers-relations.ts";

const ID = "weights-headers";
const VERSION = 1;
/** Tensor names kept over all files for the comparison with indexes; later files are compared no more. */
const MAX_NAMES = 2_000_000;

export const detector: Detector = {
  id: ID,
  version: VERSION,
  async detect(context: DetectorContext): Promise<Detected> {
    const headers: WeightsHeader[] = [];
    const findings: Finding[] = [];
    const skipped: Skipped[] = [];
    let names = 0;
    for (const artifact of context.source.artifacts) {
      const isWeights = artifact.roles.includes("weights");
      if (!isWeights && !isTfjsName(artifact.path)) continue;
      const result = await (isWeights ? readWeightsHeader(context, artifact) : readTfjsHeader(context, artifact));
      findings.push(...findingsOf(context, result));
      skipped.push(...skippedOf(result));
      if (result.kind !== "header") continue;
      names += result.header.tensorNames?.length ?? 0;
      headers.push(names > MAX_NAMES ? { ...result.header, tensorNames: null } : result.header);
    }
    findings.push(...(await checkIndexes(context, headers)));
    const facts: HeaderFactsContext = { source: context.source.ref, detector: `${ID}@${VERSION}`, licenseByName };
    return {
      facts: [...parameterFacts(facts, headers), ...licenseFacts(facts, headers), ...relationFacts(facts, headers)],
      findings,
      skipped,
    };
  },
};

/** A header that could not be read leaves part of the release unseen. */
function skippedOf(result: HeaderResult): readonly Skipped[] {
  if (result.kind !== "broken" && result.kind !== "unread") return [];
  const { artifact, error } = result;
  const reason = result.kind === "broken" ? "malformed" : "unreadable";
  return [{ path: artifact.path, reason, partial: true, detail: `${error.code}: ${error.message}` }];
}

/** Damage, oddities and refusals, one finding per file each. */
function findingsOf(context: DetectorContext, result: HeaderResult): readonly Finding[] {
  switch (result.kind) {
    case "broken": {
      const { artifact, format, error } = result;
      const offset = error.offset ?? 0;
      const id = `formats.broken-header.${error.code.toLowerCase().replaceAll("_", "-")}`;
      return [finding(context, artifact, { rule: "formats/broken-header", severity: "medium", id, args: { format, offset }, offset })];
    }
    case "unread": {
      const { artifact, error } = result;
      const args = { code: error.code };
      return [
        finding(context, artifact, { rule: "formats/unread-header", severity: "info", id: "formats.unread-header", args, offset: 0 }),
      ];
    }
    case "header": {
      const { artifact, problems } = result.header;
      const [first] = problems;
      if (first === undefined) return [];
      const { id, args, offset } = first;
      return [
        finding(context, artifact, {
          rule: "formats/odd-header",
          severity: "low",
          id: `formats.${id}`,
          args: { ...args, offset, count: problems.length },
          offset,
        }),
      ];
    }
    default:
      return [];
  }
}

interface Remark {
  readonly rule: string;
  readonly severity: Severity;
  readonly id: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly offset: number;
}

function finding(context: DetectorContext, artifact: { readonly path: string; readonly digest: string }, remark: Remark): Finding {
  const { path, digest } = artifact;
  const span = { kind: "bytes", start: remark.offset, end: remark.offset + 1 } as const;
  const item = evidence({ source: context.source.ref, path, digest, span, method: "header" });
  const message = { id: remark.id, args: remark.args, evidence: [item.id] };
  return { ruleId: remark.rule, severity: remark.severity, message, path, evidence: [item] };
}
