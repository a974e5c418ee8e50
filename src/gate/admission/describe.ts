// What the audit of a model says of it: for its entry in the gate, and for whoever asks /v1/models/{id}/release.
import { ownLicenses } from "../../chain/block.ts";
import type { DigestedTensor, ReleaseIdentity } from "../../core/identity.ts";
import type { Report } from "../../core/report.ts";
import { compareText } from "../../core/text.ts";
import type { JsonObject, ServedModel } from "../contract.ts";

/** SPDX expression of what covers the weights; null where nothing is known, or not by an SPDX name. */
export function licenseOf(report: Report): string | null {
  const ids = [...new Set(ownLicenses(report.components))].sort(compareText);
  const isNamed = ids.length > 0 && ids.every((id) => /^[\w.+-]+$/u.test(id) && id !== "unknown" && id !== "none");
  return isNamed ? ids.join(" AND ") : null;
}

/** Releases that it derives from, nearest first; data sets are no models and left out. */
export function basesOf(report: Report): ServedModel["bases"] {
  const [release] = report.chain.nodes;
  const bases: ServedModel["bases"][number][] = [];
  const seen = new Set(release === undefined ? [] : [release.id]);
  let near = [...seen];
  while (near.length > 0) {
    const edges = report.chain.edges.filter(({ child, parent }) => near.includes(child) && !seen.has(parent));
    near = [];
    for (const { parent, relation } of edges) {
      if (seen.has(parent) || relation === "dataset" || relation === "source-data" || relation === "generated") continue;
      seen.add(parent);
      near.push(parent);
      // Whoever published it says so; no tensor was compared.
      bases.push({ ref: parent, relation, confidence: "declared" });
    }
  }
  return bases;
}

export function distinctTensors(tensors: readonly DigestedTensor[]): readonly string[] {
  return [...new Set(tensors.map(({ sha256 }) => `sha256:${sha256}`))].sort(compareText);
}

interface Described {
  readonly report: Report;
  /** Of the release, with the files that were only stated told apart. */
  readonly release: ReleaseIdentity;
  /** Files that are loaded: path in the release, and digest of the bytes. */
  readonly loaded: readonly { readonly path: string; readonly sha256: string }[];
  readonly weightsDigest: string | null;
  readonly allowed: readonly string[];
}

/** What is unknown stands there as such: a standard's criteria that could not be settled, a listing that was not complete. */
export function auditOf({ report, release, loaded, weightsDigest, allowed }: Described): JsonObject {
  const unknown = report.verdicts.flatMap(({ criteria }) => criteria.filter(({ result }) => result === "unknown").map(({ id }) => id));
  return {
    audited: { ref: release.ref, tool: report.tool.version, rules: report.tool.rules },
    headline: { word: report.headline.word, label: report.headline.label },
    verdicts: report.verdicts.map(({ standard, profile, result, level }) => ({
      standard,
      ...(profile === undefined ? {} : { profile }),
      result,
      ...(level === undefined ? {} : { level }),
    })),
    license: licenseOf(report),
    digests: {
      basis: "computed",
      loaded: loaded.map(({ path, sha256 }) => ({ path, digest: `sha256:${sha256}` })),
      weights: weightsDigest,
      release: { digest: release.root.sha256 === null ? null : `sha256:${release.root.sha256}`, basis: release.root.basis },
      files: release.files.map(({ path, sha256, basis }) => ({ path, digest: sha256 === null ? null : `sha256:${sha256}`, basis })),
    },
    findings: report.findings.map(({ ruleId, severity, path }) => ({ rule: ruleId, severity, ...(path === undefined ? {} : { path }) })),
    allowed_findings: [...allowed].sort(compareText),
    unknown: { criteria: [...new Set(unknown)].sort(compareText), listing: release.listingProblem, license: licenseOf(report) === null },
    complete: report.coverage.complete,
  };
}
