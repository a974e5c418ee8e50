// Targets by their bytes, for `ajar digest`: the same sources that an audit reads, and nothing judged.
import type { IdentityComparison, ReleaseIdentity } from "../core/identity.ts";
import type { Finding } from "../core/release.ts";
import type { FindingReport } from "../core/report.ts";
import type { Source, SourceContext } from "../core/source.ts";
import { claimFindings } from "../identity/claims.ts";
import { compareIdentities } from "../identity/compare.ts";
import { type Identified, identify } from "../identity/identify.ts";
import { signatureFindings } from "../signing/release-signatures.ts";
import { openSource } from "../sources/open.ts";
import { providers } from "./providers.generated.ts";

export interface DigestRequest {
  readonly references: readonly string[];
  /** Lay the first two side by side. */
  readonly compare: boolean;
  readonly tensors: boolean;
  readonly list: boolean;
  readonly stated: boolean;
  readonly threads?: number;
  readonly context: SourceContext;
}

export interface Digests {
  readonly targets: readonly { readonly identity: ReleaseIdentity; readonly findings: readonly FindingReport[] }[];
  readonly comparison: IdentityComparison | null;
}

/** @throws AjarError when a target cannot be opened or listed; what of it cannot be read is part of the answer */
export async function digest(request: DigestRequest): Promise<Digests> {
  const targets: Digests["targets"][number][] = [];
  const identified: Identified[] = [];
  for (const reference of request.references) {
    const { found, findings } = await oneTarget(reference, request);
    identified.push(found);
    targets.push({ identity: found.identity, findings });
  }
  const [a, b] = identified;
  const comparison = request.compare && a !== undefined && b !== undefined ? compareIdentities(a, b) : null;
  return { targets, comparison };
}

/** Digests of all that an open source holds, with the findings about what others state of them. @throws AjarError INTERRUPTED */
export async function identifySource(
  source: Source,
  { signal, progress }: SourceContext,
): Promise<{ readonly identity: ReleaseIdentity; readonly findings: readonly Finding[]; readonly localBytes: number }> {
  const { identity, localBytes } = await identify(source, { tensors: true, list: false, stated: false, signal, progress });
  return { identity, localBytes, findings: await findingsOf(source, identity) };
}

async function findingsOf(source: Source, identity: ReleaseIdentity): Promise<readonly Finding[]> {
  return [...(await claimFindings(source, identity)), ...(await signatureFindings(source, identity))];
}

async function oneTarget(reference: string, request: DigestRequest): Promise<{ found: Identified; findings: readonly FindingReport[] }> {
  const { context, tensors, list, stated, threads } = request;
  const source = await openSource(reference, context, providers);
  try {
    const { signal, progress } = context;
    const found = await identify(source, { tensors, list, stated, signal, progress, ...(threads === undefined ? {} : { threads }) });
    const findings = await findingsOf(source, found.identity);
    return { found, findings: findings.map(({ evidence, ...finding }) => ({ ...finding, evidence: evidence.map(({ id }) => id) })) };
  } finally {
    await source.close();
  }
}
