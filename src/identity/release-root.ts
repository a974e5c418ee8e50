import { AjarError } from "../core/errors.ts";
import type { DigestedFile, RootDigest, Withheld } from "../core/identity.ts";
import type { Source } from "../core/source.ts";
import { belowAny, compareNames, comparePathSegments, GIT_PATHS, rootOf } from "./root-digest.ts";

/** Bundles begin with their media type or close behind it. */
const PROBE_BYTES = 4096;
const BUNDLE = /"mediaType"\s*:\s*"application\/vnd\.dev\.sigstore\.bundle/u;

const isOfGit = belowAny(GIT_PATHS);

/** The root digest over the files of a release, left out what signing leaves out. @throws AjarError INTERRUPTED */
export async function rootDigest(source: Source, files: readonly DigestedFile[]): Promise<RootDigest> {
  const ignored: string[] = [];
  const covered: DigestedFile[] = [];
  for (const file of files) {
    const isIgnored = isOfGit(file.path) || (await isSignature(source, file));
    if (isIgnored) ignored.push(file.path);
    else covered.push(file);
  }
  const basis = covered.some((file) => file.basis === "stated") ? "stated" : "computed";
  const common = { basis, files: covered.length, ignored } as const;
  const withheld = withheldFrom(source, covered);
  if (withheld !== null) return { sha256: null, ...common, withheld };
  const resources = covered.map(({ path, sha256 }) => ({ name: path, digest: sha256 ?? "" }));
  const sha256 = rootOf(resources.sort((a, b) => compareNames(a.name, b.name)));
  const other = rootOf(resources.sort((a, b) => comparePathSegments(a.name, b.name)));
  return { sha256, ...common, ...(other === sha256 ? {} : { byPathSegment: other }) };
}

/** Why a signature could not cover these files, or not these digests. */
function withheldFrom(source: Source, files: readonly DigestedFile[]): Withheld | null {
  if (source.listingProblem !== null) return { code: "listing", detail: source.listingProblem };
  if (files.length === 0) return { code: "empty" };
  const missing = files.find(({ sha256 }) => sha256 === null);
  if (missing !== undefined) return { code: missing.withheld?.code ?? "unread", detail: missing.path };
  // Names that are not UTF-8, or hold what cannot be printed, are escaped by their source: their own bytes are not known here.
  const escaped = files.find(({ path }) => path.includes("\\"));
  return escaped === undefined ? null : { code: "name", detail: escaped.path };
}

/** A signature at the top of a release: it cannot cover itself. */
async function isSignature(source: Source, { path, sizeBytes, withheld }: DigestedFile): Promise<boolean> {
  if (path.includes("/") || withheld !== undefined || !/\.(?:sig|json|sigstore|bundle)$/iu.test(path) || sizeBytes === null) return false;
  try {
    const head = await source.read(path, { start: 0, length: Math.min(PROBE_BYTES, sizeBytes) });
    return BUNDLE.test(new TextDecoder("latin1").decode(head));
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED") return false;
    throw error;
  }
}
