// Links of a sentence that lead to license files of this source; what they are is told by those files' texts.
import type { Artifact } from "../../core/inventory.ts";
import type { LicenseRecord } from "../../core/license.ts";
import type { Link } from "../../documents/document.ts";
import type { DetectorContext } from "../detector.ts";
import type { LinkTarget } from "./license-mentions.ts";
import { licenseFiles, licensesIn, pathOfLink } from "./license-texts.ts";
import type { Passage } from "./passages.ts";
import { ownerOf, ownNames } from "./publisher.ts";

/** Links looked at in one sentence. */
const MAX_LINKS = 20;

/** Links of a passage; those to license files carry the file's license. */
export function linkTargets(context: DetectorContext, passage: Passage): readonly LinkTarget[] {
  const byLine = linksByLine(context.document(passage.artifact)?.links ?? []);
  const links: Link[] = [];
  for (let line = passage.startLine; line <= passage.endLine; line += 1) links.push(...(byLine.get(line) ?? []));
  return links.slice(0, MAX_LINKS).map((link) => linkTarget(context, passage.artifact, link));
}

function linkTarget(context: DetectorContext, artifact: Artifact, { url, text }: Link): LinkTarget {
  const file = licenseFileAt(context, url, artifact.path);
  if (file !== null) return { text, license: textLicense(file), path: file.path, url };
  // The license file of somebody else's repository: named, not read.
  const isForeign = /licen[sc]e/iu.test(text) && /\/licen[sc]e[^/]*$/iu.test(url) && /^https?:/iu.test(url);
  return { text, license: null, path: isForeign ? url : null, url };
}

/** The license file of this source that an address leads to, LICENCE and LICENSE taken for each other; null for anything else. */
export function licenseFileAt(context: DetectorContext, url: string, from: string): Artifact | null {
  const files = licenseFiles(context);
  const path = pathOfLink(context, url, from);
  if (path === null) return null;
  return files.get(path) ?? files.get(path.replace(/LICENCE/gu, "LICENSE")) ?? files.get(path.replace(/LICENSE/gu, "LICENCE")) ?? null;
}

/** A relative link, or an address of this very repository; one of a sibling leads to another file. */
export function leadsHere(context: DetectorContext, url: string): boolean {
  const hosted = /^https?:\/\/[^/]+\/([^/]+)\/([^/]+)\/(?:-\/)?(?:blob|raw|tree|resolve)\//iu.exec(url);
  if (hosted === null) return !/^[a-z][a-z0-9+.-]*:/iu.test(url);
  const [, owner = "", repository = ""] = hosted;
  const known = ownerOf(context);
  if (known !== null && known.toLowerCase() !== owner.toLowerCase()) return false;
  return ownNames(context).has(repository.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""));
}

/** The one license that a file's text is; null when it is modified, unknown, or several. */
export function textLicense(file: Artifact): LicenseRecord | null {
  const [only, ...others] = licensesIn(file).filter(({ outcome }) => outcome !== "pointer");
  return only?.outcome === "identified" && others.every((other) => other.outcome === "identified" && other.license.id === only.license.id)
    ? only.license
    : null;
}

const indexes = new WeakMap<readonly Link[], ReadonlyMap<number, readonly Link[]>>();

function linksByLine(links: readonly Link[]): ReadonlyMap<number, readonly Link[]> {
  const known = indexes.get(links);
  if (known !== undefined) return known;
  const byLine = new Map<number, Link[]>();
  for (const link of links) {
    if (link.image) continue;
    const line = byLine.get(link.line);
    if (line === undefined) byLine.set(link.line, [link]);
    else line.push(link);
  }
  indexes.set(links, byLine);
  return byLine;
}
