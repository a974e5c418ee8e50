// What both bills of materials say of a release: its name, declared and concluded licenses, parents, data sets, weight files.
import { createHash } from "node:crypto";
import type { Evidence } from "../core/evidence.ts";
import type { LicenseReport, Report } from "../core/report.ts";
import { compareText } from "../core/text.ts";

export interface BomLicense {
  /** Id of the SPDX list, `LicenseRef-…`, or the words of the statement. */
  readonly id: string;
  /** Read in a license text (`concluded`), or said of the release (`declared`). */
  readonly acknowledgement: "declared" | "concluded";
  readonly scope: readonly string[];
  readonly places: readonly string[];
}

export interface BomFile {
  readonly path: string;
  readonly sha256: string;
}

export interface BomRelation {
  readonly relation: string;
  readonly target: string;
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

/** Files that evidence names with a digest of their content. */
export function evidencedFiles(report: Report): readonly BomFile[] {
  const files = new Map<string, string>();
  for (const { path, digest } of report.evidence) if (path !== "" && !path.startsWith("@")) addFile(files, path, digest);
  return [...files].sort(([a], [b]) => compareText(a, b)).map(([path, sha256]) => ({ path, sha256 }));
}

function addFile(files: Map<string, string>, path: string, digest: Evidence["digest"]): void {
  const hex = /^sha256:([0-9a-f]{64})$/u.exec(digest)?.[1];
  if (hex !== undefined) files.set(path, hex);
}

/** Models this one is made from. */
export function parentsOf(report: Report): readonly BomRelation[] {
  return distinct(report.statements.relations.filter(({ relation }) => relation !== "dataset"));
}

/** Data sets this one is trained on. */
export function dataSetsOf(report: Report): readonly BomRelation[] {
  return distinct(report.statements.relations.filter(({ relation }) => relation === "dataset"));
}

function distinct(relations: Report["statements"]["relations"]): readonly BomRelation[] {
  const seen = new Map(relations.map(({ relation, target }) => [`${relation}\0${target}`, { relation, target }]));
  return [...seen].sort(([a], [b]) => compareText(a, b)).map(([, relation]) => relation);
}

/** Creation time: the caller's, else the first moment of the day the rules are dated. */
export function createdAt(report: Report, created: string | undefined): string {
  const day = /^(\d{4})\.(\d{2})\.(\d{2})/u.exec(report.tool.rules);
  return created ?? (day === null ? "1970-01-01T00:00:00Z" : `${day[1]}-${day[2]}-${day[3]}T00:00:00Z`);
}
