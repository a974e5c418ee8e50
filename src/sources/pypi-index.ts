// The answer of a Python package index (PEP 691, PEP 700) and the choice of one file from it.
import { AjarError } from "../core/errors.ts";
import { compareText } from "../core/text.ts";
import { asObject, asText } from "./hub-record.ts";
import type { PackageReference } from "./package-reference.ts";
import { comparePythonVersions, type PythonVersion, parsePythonVersion } from "./pypi-version.ts";

export interface IndexFile {
  readonly filename: string;
  readonly version: string;
  readonly parsed: PythonVersion | null;
  readonly kind: "wheel" | "sdist" | "zip";
  readonly url: URL;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  /** Reason given, the empty string for none; null when it is not yanked. */
  readonly yanked: string | null;
}

/** Files of an index page looked at; the largest projects have some ten thousand. */
const MAX_FILES = 100_000;

/** The usable files of an index answer. @throws AjarError BAD_RESPONSE */
export function indexFiles(json: unknown, project: string, base: URL, subject: string): readonly IndexFile[] {
  const files = asObject(json)?.["files"];
  if (!Array.isArray(files)) throw new AjarError("BAD_RESPONSE", `${subject}: its index lists no files`, { subject });
  return files.slice(0, MAX_FILES).flatMap((raw: unknown) => {
    const file = indexFile(raw, project, base);
    return file === null ? [] : [file];
  });
}

function indexFile(raw: unknown, project: string, base: URL): IndexFile | null {
  const item = asObject(raw);
  const filename = asText(item?.["filename"]);
  const url = URL.parse(asText(item?.["url"]) ?? "", base.href);
  if (item === null || filename === null || url === null || !/^https?:$/u.test(url.protocol)) return null;
  const named = parseFilename(filename, project);
  if (named === null) return null;
  url.username = "";
  url.password = "";
  url.hash = "";
  const sha256 = asText(asObject(item["hashes"])?.["sha256"])?.toLowerCase() ?? "";
  const size = item["size"];
  const yanked = item["yanked"];
  return {
    ...named,
    filename,
    url,
    sha256: /^[0-9a-f]{64}$/u.test(sha256) ? sha256 : null,
    sizeBytes: typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? size : null,
    yanked: yanked === true ? "" : typeof yanked === "string" ? yanked.slice(0, 200) : null,
  };
}

/** Version and kind in a file name, or null when it is another project's or of a kind that Ajar does not open. */
export function parseFilename(filename: string, project: string): Pick<IndexFile, "version" | "parsed" | "kind"> | null {
  if (filename.length > 400) return null;
  const kind = filename.endsWith(".whl") ? "wheel" : filename.endsWith(".tar.gz") ? "sdist" : filename.endsWith(".zip") ? "zip" : null;
  if (kind === null) return null;
  const stem = filename.replace(/\.(?:whl|tar\.gz|zip)$/u, "");
  if (kind === "wheel") {
    const parts = stem.split("-");
    const [name = "", version = ""] = parts;
    if (parts.length < 5 || parts.length > 6 || normalName(name) !== project) return null;
    return { kind, version, parsed: parsePythonVersion(version) };
  }
  for (let dash = stem.indexOf("-"); dash !== -1; dash = stem.indexOf("-", dash + 1)) {
    if (normalName(stem.slice(0, dash)) !== project) continue;
    const version = stem.slice(dash + 1);
    const parsed = parsePythonVersion(version);
    if (parsed !== null) return { kind, version, parsed };
  }
  return null;
}

/** PEP 503: lower case, runs of `-`, `_` and `.` are one dash. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/gu, "-");
}

/**
 * The file to audit: of the version asked for, else of the newest that is not yanked; a wheel before a source archive,
 * because a wheel can be read by range.
 * @throws AjarError REVISION_NOT_FOUND | UNSUPPORTED
 */
export function chooseFile(files: readonly IndexFile[], wanted: PackageReference, subject: string): IndexFile {
  const candidates = wanted.version === null ? newest(files) : files.filter((file) => isVersion(file, wanted.version ?? ""));
  const [best] = [...candidates].sort((a, b) => rank(a) - rank(b) || compareText(a.filename, b.filename));
  if (best !== undefined) return best;
  if (wanted.version === null && files.length > 0) {
    throw new AjarError("REVISION_NOT_FOUND", `${subject}: every version was yanked by its publisher`, {
      subject,
      hint: `Name one to audit it all the same: ${knownVersions(files)}.`,
    });
  }
  if (files.length === 0) throw new AjarError("UNSUPPORTED", `${subject}: its index has no wheel, .tar.gz or .zip`, { subject });
  throw new AjarError("REVISION_NOT_FOUND", `${subject}: no version ${wanted.version ?? ""}`, {
    subject,
    hint: `Known versions: ${knownVersions(files)}.`,
  });
}

function isVersion(file: IndexFile, version: string): boolean {
  const parsed = parsePythonVersion(version);
  if (parsed === null || file.parsed === null) return file.version === version;
  return comparePythonVersions(parsed, file.parsed) === 0;
}

function newest(files: readonly IndexFile[]): readonly IndexFile[] {
  const offered = files.filter((file) => file.yanked === null && file.parsed !== null);
  const finals = offered.filter((file) => file.parsed?.isPrerelease === false);
  const pool = finals.length > 0 ? finals : offered;
  const top = pool.reduce<PythonVersion | null>((best, file) => {
    return best === null || (file.parsed !== null && comparePythonVersions(file.parsed, best) > 0) ? file.parsed : best;
  }, null);
  return pool.filter((file) => top !== null && file.parsed !== null && comparePythonVersions(file.parsed, top) === 0);
}

function rank(file: IndexFile): number {
  if (file.kind === "wheel") return /-none-any\.whl$/u.test(file.filename) ? 0 : /manylinux[^-]*x86_64/u.test(file.filename) ? 1 : 2;
  return file.kind === "zip" ? 3 : 4;
}

function knownVersions(files: readonly IndexFile[]): string {
  const versions = new Map(files.map((file) => [file.version, file.parsed]));
  const sorted = [...versions].sort(([, a], [, b]) => (a === null || b === null ? 0 : comparePythonVersions(b, a)));
  return sorted
    .slice(0, 5)
    .map(([version]) => version.slice(0, 40))
    .join(", ");
}
