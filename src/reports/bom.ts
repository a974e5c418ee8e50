// What both bills of materials say of a release: its name, declared and concluded licenses, parents, data sets, weight files.
import { createHash } from "node:crypto";
import type { LicenseReport, Report } from "../core/report.ts";
import type { ReportedFile } from "../core/scan.ts";
import { compareText } from "../core/text.ts";
import { outerPath } from "./listed-files.ts";

export interface BomLicense {
  /** Id of the SPDX list, `LicenseRef-…`, or the words of the statement. */
  readonly id: string;
  /** Read in a license text (`concluded`), or said of the release (`declared`). */
  readonly acknowledgement: "declared" | "concluded";
  readonly scope: readonly string[];
  readonly places: readonly string[];
}

export interface BomFile {
  /** Names it inside the bill. */
  readonly ref: string;
  readonly path: string;
  /** Of the bytes that were read; null where only their digest as claimed, or none, is known. */
  readonly sha256: string | null;
  readonly scan: ReportedFile | null;
}

interface BomNode {
  readonly id: string;
  readonly name: string;
  readonly isData: boolean;
  /** As resolved; empty where not known. */
  readonly licenses: readonly string[];
}

export interface BomLineage {
  /** Without the release itself. */
  readonly nodes: readonly BomNode[];
  /** `child: null` is the release. */
  readonly edges: readonly { readonly child: string | null; readonly parent: string; readonly relation: string }[];
}

/** A URN that is the same whenever the same report is rendered: UUID version 8 (RFC 9562) over its digest and rules. */
export function stableUuid(report: Report, purpose: string): string {
  const hex = createHash("sha256").update([purpose, report.target.digest, report.tool.version, report.tool.rules].join("\n")).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Last part of the reference, as people call the release. */
export function releaseName({ target }: Report): string {
  const bare = target.ref
    .replace(/^[a-z+]+:/u, "")
    .replace(/[/\\]+$/u, "")
    .replace(/@[^/@]*$/u, "");
  return bare.split(/[/\\]/u).at(-1) || target.ref;
}

export function releaseVersion({ target }: Report): string {
  return target.sources[0]?.revision ?? target.digest;
}

/** License statements about weights or the whole release, each once; third-party code is not what is licensed here. */
export function releaseLicenses(report: Report): readonly BomLicense[] {
  const paths = new Map(report.evidence.map((piece) => [piece.id, piece.path]));
  const merged = new Map<string, { readonly license: LicenseReport; readonly places: Set<string> }>();
  for (const license of report.licenses) {
    if (license.thirdParty === true || license.folder !== undefined || license.id === "unknown" || license.id === "none") continue;
    const key = `${license.id}\0${acknowledgementOf(license)}\0${license.scope.join()}`;
    const entry = merged.get(key) ?? { license, places: new Set<string>() };
    merged.set(key, entry);
    for (const id of license.evidence) entry.places.add(paths.get(id) ?? "");
  }
  return [...merged.values()].map(({ license, places }) => ({
    id: license.id,
    acknowledgement: acknowledgementOf(license),
    scope: license.scope,
    places: [...places].filter((place) => place !== "").sort(compareText),
  }));
}

function acknowledgementOf({ statement }: LicenseReport): BomLicense["acknowledgement"] {
  return statement === "text" ? "concluded" : "declared";
}

/** Files that evidence names with a digest of their content, and those that were scanned; members of archives are part of their file. */
export function bomFiles(report: Report): readonly BomFile[] {
  const many = report.target.sources.length > 1;
  const scanned = new Map(report.files.map((file) => [`${file.source}\0${file.path}`, file]));
  const files = new Map<string, BomFile>();
  const add = (source: string, path: string, digest: string): void => {
    const scan = scanned.get(`${source}\0${path}`);
    const sha256 = /^sha256:([0-9a-f]{64})$/u.exec(digest)?.[1];
    const ref = many ? `file:${source}:${path}` : `file:${path}`;
    const known = files.get(ref);
    if (sha256 === undefined && scan === undefined) return;
    files.set(ref, { ref, path, sha256: known?.sha256 ?? sha256 ?? null, scan: scan ?? null });
  };
  for (const { source, path, digest } of report.evidence) {
    const outer = scanned.has(`${source}\0${path}`) || !scanned.has(`${source}\0${outerPath(path)}`) ? path : outerPath(path);
    if (path !== "" && !path.startsWith("@")) add(source, outer, digest);
  }
  for (const { source, path, digest } of report.files) add(source, path, digest);
  return [...files.values()].sort((a, b) => compareText(a.ref, b.ref));
}

/** What the release derives from: the chain, or what the release states where an older report has no chain. */
export function lineageOf(report: Report): BomLineage {
  const { nodes, edges } = report.chain;
  if (edges.length === 0) return statedLineage(report);
  const isData = (id: string): boolean =>
    id.startsWith("hf:datasets/") ||
    edges.some(({ parent, relation }) => parent === id && (relation === "dataset" || relation === "source-data"));
  const [release, ...ancestors] = nodes;
  return {
    nodes: ancestors.map(({ id, name, licenses }) => ({ id, name, isData: isData(id), licenses })),
    edges: edges
      .filter(({ child, parent }) => child !== parent && parent !== release?.id)
      .map(({ child, parent, relation }) => ({ child: child === release?.id ? null : child, parent, relation })),
  };
}

function statedLineage(report: Report): BomLineage {
  const seen = new Map(report.statements.relations.map(({ relation, target }) => [`${relation}\0${target}`, { relation, target }]));
  const relations = [...seen].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
  const targets = Map.groupBy(relations, ({ target }) => target);
  return {
    nodes: [...targets].map(([id, said]) => ({ id, name: id, isData: said.every(({ relation }) => relation === "dataset"), licenses: [] })),
    edges: relations.map(({ relation, target }) => ({ child: null, parent: target, relation })),
  };
}

/** Creation time: the caller's, else the first moment of the day the rules are dated. */
export function createdAt(report: Report, created: string | undefined): string {
  const day = /^(\d{4})\.(\d{2})\.(\d{2})/u.exec(report.tool.rules);
  return created ?? (day === null ? "1970-01-01T00:00:00Z" : `${day[1]}-${day[2]}-${day[3]}T00:00:00Z`);
}
