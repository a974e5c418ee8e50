// What a door can be shut by: the name of a model, a digest of anything in it, or a base that it derives from.
import { identityOf } from "../../chain/identity.ts";
import { AjarError } from "../../core/errors.ts";
import type { ServedModel } from "../contract.ts";

export type Confidence = ServedModel["bases"][number]["confidence"];

export type Target =
  | { readonly kind: "model"; readonly value: string }
  /** `sha256:<hex>` of a file, of the weights, of a tensor or of a release. */
  | { readonly kind: "digest"; readonly value: string }
  /** `hf:owner/name`, lower case. `confidence` is the least that a link to it must have. */
  | { readonly kind: "base"; readonly value: string; readonly confidence: Confidence };

const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/iu;
const RANK: Readonly<Record<Confidence, number>> = { declared: 0, measured: 1, verified: 2 };
const MAX_UNITS = 500;

/** Whether a link is at least as sure. */
export function isAtLeast(confidence: Confidence, least: Confidence): boolean {
  return RANK[confidence] >= RANK[least];
}

/** `sha256:…` or 64 hex digits, `hf:owner/name` or `base:…`, `model:…` or any other word. @throws AjarError BAD_OPTION */
export function targetOf(stated: string, confidence: Confidence = "declared"): Target {
  const text = stated.trim();
  if (text === "" || text.length > MAX_UNITS || /\p{Cc}/u.test(text)) {
    throw new AjarError("BAD_OPTION", "names no model, digest or base", { subject: stated.slice(0, 80), hint: HINT });
  }
  const digest = DIGEST.exec(text)?.[1];
  if (digest !== undefined) return { kind: "digest", value: `sha256:${digest.toLowerCase()}` };
  if (text.startsWith("sha256:")) {
    throw new AjarError("BAD_OPTION", "a digest has 64 hex digits", { subject: text, hint: "ajar digest prints them." });
  }
  if (text.startsWith("model:")) return { kind: "model", value: text.slice("model:".length) };
  if (/^(?:hf|base):/u.test(text)) return { kind: "base", value: baseId(text.replace(/^base:/u, "")), confidence };
  return { kind: "model", value: text };
}

const HINT = "Write the name of a model, sha256:… or hf:owner/name.";

/** One spelling of a reference, without its revision. */
export function baseId(ref: string): string {
  return identityOf(ref, { isData: false, isField: true }).id;
}

/** One text for each target, the same for the same. */
export function targetKey({ kind, value }: Target): string {
  return `${kind}:${value}`;
}

/** Whether a word names exactly this: as `targetKey` shows it, as it is kept, or in any spelling that means it. @throws AjarError BAD_OPTION */
export function isNameOf(stated: string, target: Target): boolean {
  return stated === target.value || targetKey(targetOf(stated)) === targetKey(target);
}

/** What a model is known by, for looking things up: made once for a model. */
export interface Known {
  readonly digests: ReadonlySet<string>;
  /** The surest link to each base; the model's own reference is the surest there is. */
  readonly bases: ReadonlyMap<string, Confidence>;
}

export function knownBy(model: ServedModel): Known {
  const digests = new Set([...model.fileDigests, ...model.tensorDigests]);
  for (const digest of [model.weightsDigest, model.releaseDigest]) if (digest !== null) digests.add(digest);
  const bases = new Map<string, Confidence>();
  for (const { ref, confidence } of model.bases) {
    const id = baseId(ref);
    const known = bases.get(id);
    if (known === undefined || isAtLeast(confidence, known)) bases.set(id, confidence);
  }
  bases.set(baseId(model.ref), "verified");
  return { digests, bases };
}

export function isMeant(target: Target, model: ServedModel, { digests, bases }: Known): boolean {
  switch (target.kind) {
    case "model":
      return target.value === model.id;
    case "digest":
      return digests.has(target.value);
    case "base": {
      const confidence = bases.get(target.value);
      return confidence !== undefined && isAtLeast(confidence, target.confidence);
    }
  }
}
