// License files of a source with what their texts were identified as; several detectors ask for the same file.
import type { Artifact, SourceInventory } from "../../core/inventory.ts";
import type { LicenseMatch } from "../../core/license.ts";
import { identifyLicenses } from "../../licenses/identify.ts";
import type { DetectorContext } from "../detector.ts";
import { ownNames } from "./publisher.ts";
import { namesRelease } from "./release-names.ts";

const matches = new WeakMap<Artifact, readonly LicenseMatch[]>();

/** Licenses in the text of an artifact, in order of place; identified once per audit. */
export function licensesIn(artifact: Artifact): readonly LicenseMatch[] {
  const known = matches.get(artifact);
  if (known !== undefined) return known;
  const found = artifact.text === null ? [] : identifyLicenses(artifact.text);
  matches.set(artifact, found);
  return found;
}

const files = new WeakMap<SourceInventory, ReadonlyMap<string, Artifact>>();

/** Artifacts that are license files, by path; looked up once per source. */
export function licenseFiles({ source }: DetectorContext): ReadonlyMap<string, Artifact> {
  const known = files.get(source);
  if (known !== undefined) return known;
  const found = new Map(
    source.artifacts.flatMap((artifact) => (artifact.roles.includes("license") ? [[artifact.path, artifact] as const] : [])),
  );
  files.set(source, found);
  return found;
}

/** The path in this source that a link leads to, or null: relative links, and addresses of this repository on its host. */
export function pathOfLink(context: DetectorContext, url: string, from: string): string | null {
  const bare = url.replace(/[?#].*$/u, "");
  const hosted = /^https?:\/\/(?:www\.)?(?:github|gitlab)\.com\/[^/]+\/([^/]+)\/(?:-\/)?(?:blob|raw|tree)\/[^/]+\/(.+)$/iu.exec(bare);
  if (hosted !== null) {
    const [, repository = "", path = ""] = hosted;
    return namesRelease(repository, ownNames(context)) ? decoded(path) : null;
  }
  const hub = /^https?:\/\/(?:huggingface\.co|hf\.co)\/(?:datasets\/)?[^/]+\/([^/]+)\/(?:blob|raw|resolve)\/[^/]+\/(.+)$/iu.exec(bare);
  if (hub !== null) return namesRelease(hub[1] ?? "", ownNames(context)) ? decoded(hub[2] ?? "") : null;
  if (bare === "" || /^[a-z][a-z0-9+.-]*:/iu.test(bare) || bare.startsWith("//")) return null;
  const base = bare.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const piece of decoded(bare).split("/")) {
    if (piece === "" || piece === ".") continue;
    if (piece === "..") base.pop();
    else base.push(piece);
  }
  return base.join("/");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
