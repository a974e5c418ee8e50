// What others state of a file's digest, held against what its content has (RP09).
import { AjarError } from "../core/errors.ts";
import { type Evidence, evidence } from "../core/evidence.ts";
import type { DigestedFile, ReleaseIdentity } from "../core/identity.ts";
import type { Finding } from "../core/release.ts";
import type { Source } from "../core/source.ts";
import { resolvePath } from "../safety/paths.ts";

/** Lists as `sha256sum` writes them, for a folder or for the one file that the list is named after. */
const LIST = /(?:^|\/)(?:sha256sums?|checksums?|checksums?[-_.]sha256)(?:\.txt)?$|\.sha256(?:sums?)?$/iu;
const MAX_LIST_BYTES = 4 * 1024 ** 2;
/** `digest  name` or `digest *name` (coreutils), `SHA256 (name) = digest` (BSD), or the digest alone. */
const LINE = /^(?<coreutils>[0-9a-f]{64})(?:\s+\*?(?<name>.+))?$|^SHA256 \((?<tagged>.+)\) = (?<bsd>[0-9a-f]{64})$/iu;
const MAX_FINDINGS = 1000;

/** Findings of rules/findings/identity.yaml, by path. @throws AjarError INTERRUPTED */
export async function claimFindings(source: Source, identity: ReleaseIdentity): Promise<readonly Finding[]> {
  const byPath = new Map(identity.files.map((file) => [file.path, file]));
  const findings = identity.files.flatMap((file) => listingFinding(source.ref, file));
  for (const list of identity.files.filter(({ path, basis }) => LIST.test(path) && basis === "computed")) {
    const text = await textOf(source, list);
    if (text !== null) findings.push(...listFindings(source.ref, list, text, { byPath, isWhole: identity.listingProblem === null }));
  }
  return findings.slice(0, MAX_FINDINGS);
}

function listingFinding(ref: string, { path, sha256, basis, claimedSha256 }: DigestedFile): readonly Finding[] {
  if (claimedSha256 === undefined || sha256 === null || basis !== "computed" || claimedSha256 === sha256) return [];
  const items = [
    evidence({ source: ref, path, digest: `sha256:${sha256}`, method: "text" }),
    evidence({ source: ref, path, digest: `claimed-sha256:${claimedSha256}`, method: "listing" }),
  ] as const;
  return [differs(path, "identity.differs.listing", { stated: claimedSha256, actual: sha256 }, items)];
}

interface Listed {
  readonly byPath: ReadonlyMap<string, DigestedFile>;
  /** What is not listed is not there. */
  readonly isWhole: boolean;
}

function listFindings(ref: string, list: DigestedFile, text: string, { byPath, isWhole }: Listed): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    const stated = statedBy(line.trim(), list.path);
    if (stated === null) continue;
    const span = { kind: "lines", start: index + 1, end: index + 1 } as const;
    const item = evidence({
      source: ref,
      path: list.path,
      digest: `sha256:${list.sha256}`,
      span,
      quote: line.trim().slice(0, 240),
      method: "text",
    });
    const file = byPath.get(stated.path);
    if (file === undefined) {
      if (isWhole) findings.push(withoutFile(list.path, stated.path, item));
    } else if (file.sha256 !== null && file.basis === "computed" && file.sha256 !== stated.sha256) {
      const args = { list: list.path, stated: stated.sha256, actual: file.sha256 };
      const own = evidence({ source: ref, path: file.path, digest: `sha256:${file.sha256}`, method: "text" });
      findings.push(differs(file.path, "identity.differs.sums", args, [own, item]));
    }
  }
  return findings;
}

function statedBy(line: string, list: string): { readonly path: string; readonly sha256: string } | null {
  const groups = LINE.exec(line)?.groups;
  const sha256 = (groups?.["coreutils"] ?? groups?.["bsd"])?.toLowerCase();
  if (sha256 === undefined) return null;
  const name = groups?.["name"] ?? groups?.["tagged"];
  // A bare digest stands for the file that the list is named after.
  const path = name === undefined ? list.replace(/\.sha256(?:sums?)?$/iu, "") : resolvePath(list, name);
  return path === null || path === list ? null : { path, sha256 };
}

async function textOf(source: Source, { path, sizeBytes }: DigestedFile): Promise<string | null> {
  if (sizeBytes === null || sizeBytes > MAX_LIST_BYTES) return null;
  try {
    return new TextDecoder().decode(await source.read(path));
  } catch (error) {
    if (error instanceof AjarError && error.code !== "INTERRUPTED") return null;
    throw error;
  }
}

type Items = readonly [Evidence, ...Evidence[]];

function differs(path: string, id: string, args: Readonly<Record<string, string>>, items: Items): Finding {
  const message = { id, args, evidence: items.map((item) => item.id) };
  return { ruleId: "identity/digest-differs", severity: "high", message, path, evidence: items };
}

function withoutFile(list: string, file: string, item: Evidence): Finding {
  const message = { id: "identity.sum-without-file", args: { list, file: file.slice(0, 200) }, evidence: [item.id] };
  return { ruleId: "identity/sum-without-file", severity: "low", message, path: list, evidence: [item] };
}
