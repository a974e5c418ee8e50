// A model of another server: all that is known of it is what its operator states.
import { AjarError } from "../../core/errors.ts";
import type { JsonObject, ServedModel } from "../contract.ts";

export interface ClaimedModel {
  readonly name: string;
  /** Address of the server, without credentials. */
  readonly url: string;
  /** Name by which the server knows the model. */
  readonly upstreamName: string;
  /** `sha256:<hex>` of weight files, of all tensors, and of the release. */
  readonly fileDigests: readonly string[];
  readonly weightsDigest: string | null;
  readonly releaseDigest: string | null;
  readonly license: string | null;
  /** References as `hf:owner/name`, nearest first. */
  readonly bases: readonly string[];
}

const DIGEST = /^sha256:[0-9a-f]{64}$/u;

/** @throws AjarError BAD_CONFIG for a digest of another form */
export function claim(stated: ClaimedModel): { readonly model: ServedModel; readonly audit: JsonObject } {
  const digests = [...stated.fileDigests, stated.weightsDigest, stated.releaseDigest].filter((digest) => digest !== null);
  const odd = digests.find((digest) => !DIGEST.test(digest));
  if (odd !== undefined) {
    throw new AjarError("BAD_CONFIG", `"${odd}" is not a digest`, { subject: stated.name, hint: "Write it as sha256: and 64 hex digits." });
  }
  const { name, url, upstreamName, fileDigests, weightsDigest, releaseDigest, license, bases } = stated;
  return {
    model: {
      id: name,
      ref: `${url}#${upstreamName}`,
      basis: "claimed",
      fileDigests: [...new Set(fileDigests)].sort(),
      weightsDigest,
      tensorDigests: [],
      releaseDigest,
      bases: bases.map((ref) => ({ ref, relation: "base-model", confidence: "declared" })),
      license,
      headline: null,
    },
    audit: {
      audited: null,
      headline: null,
      verdicts: [],
      license,
      digests: {
        basis: "stated",
        loaded: [],
        weights: weightsDigest,
        release: { digest: releaseDigest, basis: "stated" },
        files: [...fileDigests],
      },
      findings: [],
      allowed_findings: [],
      unknown: { weights: true, listing: null, license: license === null, criteria: [] },
      complete: false,
    },
  };
}
