// Signatures that lie in a release: what they state of its files, held against the files. Who made them is not asked here.
import { AjarError } from "../core/errors.ts";
import { type Evidence, evidence } from "../core/evidence.ts";
import type { DigestedFile, ReleaseIdentity } from "../core/identity.ts";
import type { Finding } from "../core/release.ts";
import type { Source } from "../core/source.ts";
import { parseBundle } from "./bundle.ts";
import { Refused } from "./refused.ts";
import { parseStatement, type Statement } from "./statement.ts";

const MAX_BYTES = 64 * 1024 ** 2;
const MAX_FINDINGS = 1000;

/** Findings of rules/findings/identity.yaml. @throws AjarError INTERRUPTED */
export async function signatureFindings(source: Source, identity: ReleaseIdentity): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const path of identity.root.ignored) {
    const file = identity.files.find((one) => one.path === path);
    const signed = file === undefined ? null : await statementIn(source, file);
    if (file !== undefined && signed !== null) findings.push(...held(source.ref, file, signed, identity));
  }
  return findings.slice(0, MAX_FINDINGS);
}

interface Signed {
  readonly method: string;
  readonly statement: Statement;
}

/** Null when it is no signature, or none that can be read: `ajar verify` says why. */
async function statementIn(source: Source, { path, sizeBytes, basis }: DigestedFile): Promise<Signed | null> {
  if (basis !== "computed" || sizeBytes === null || sizeBytes > MAX_BYTES || /^\.git/u.test(path)) return null;
  try {
    const { material, payload } = parseBundle(await source.read(path));
    return { method: material.method, statement: parseStatement(payload) };
  } catch (error) {
    const isAboutFile = error instanceof Refused || (error instanceof AjarError && error.code !== "INTERRUPTED" && error.code !== "BUG");
    if (isAboutFile) return null;
    throw error;
  }
}

function held(ref: string, signature: DigestedFile, { method, statement }: Signed, identity: ReleaseIdentity): readonly Finding[] {
  const { path: list } = signature;
  const item = evidence({ source: ref, path: list, digest: `sha256:${signature.sha256}`, method: "text" });
  const args = { list, count: statement.resources.length, method };
  const findings: Finding[] = [
    {
      ruleId: "identity/signature",
      severity: "info",
      message: { id: "identity.signature", args, evidence: [item.id] },
      path: list,
      evidence: [item],
    },
  ];
  if (statement.hash !== "sha256" || statement.shardBytes !== null) return findings;
  const byPath = new Map(identity.files.map((file) => [file.path, file]));
  for (const { name, digest } of statement.resources) {
    const file = byPath.get(name);
    if (file === undefined && identity.listingProblem === null) findings.push(gone(list, name, item));
    else if (file?.basis === "computed" && file.sha256 !== null && file.sha256 !== digest)
      findings.push(differs(ref, list, file, digest, item));
  }
  return findings;
}

function gone(list: string, file: string, item: Evidence): Finding {
  const message = { id: "identity.sum-without-file", args: { list, file: file.slice(0, 200) }, evidence: [item.id] };
  return { ruleId: "identity/sum-without-file", severity: "low", message, path: list, evidence: [item] };
}

function differs(ref: string, list: string, { path, sha256 }: DigestedFile, stated: string, item: Evidence): Finding {
  const own = evidence({ source: ref, path, digest: `sha256:${sha256}`, method: "text" });
  const message = { id: "identity.differs.sums", args: { list, stated, actual: sha256 ?? "" }, evidence: [own.id, item.id] };
  return { ruleId: "identity/digest-differs", severity: "high", message, path, evidence: [own, item] };
}
