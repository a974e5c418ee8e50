// Which advisories concern a model, and what each may do: nobody gets another's models shut by a claim.
import type { ServedModel } from "../../contract.ts";
import { baseId, type Confidence, isAtLeast } from "../target.ts";
import type { Advisory, Affected, Lineage, MatchKind } from "./advisory.ts";

/** What the issuer of a feed may do on this gate. */
export interface Scope {
  /** publisher: its own namespaces and what derives from them. operator: anything. third-party: warns, unless `mayBlock`. */
  readonly role: "publisher" | "operator" | "third-party";
  /** Owners on the hub whose releases a publisher may recall, lower case. */
  readonly namespaces: readonly string[];
  readonly mayBlock: boolean;
  /** Whether a link that only says so itself is enough. */
  readonly declaredLinks: "warn" | "block";
}

/** What holds on this gate. */
export interface Conditions {
  readonly now: number;
  /** Policies in force, for advisories that are met by one. */
  readonly policies: readonly string[];
}

export interface Recall {
  readonly advisory: Advisory;
  readonly decision: "block" | "warn";
  /** What matched: a kind of digest, the lineage, or only the name. */
  readonly by: MatchKind | "lineage" | "name";
  /** Digest or reference that matched. */
  readonly what: string;
}

/** Advisories of one feed that are in force, found by what they name. */
export class RecallIndex {
  readonly #byDigest = new Map<string, [Advisory, Affected, MatchKind][]>();
  readonly #byBase = new Map<string, [Advisory, Affected][]>();

  constructor(advisories: readonly Advisory[]) {
    const present = new Set(advisories.filter(({ withdrawn }) => withdrawn === null).map(({ id }) => id));
    for (const advisory of advisories) {
      const isReplaced = advisory.supersededBy !== null && advisory.supersededBy !== advisory.id && present.has(advisory.supersededBy);
      if (advisory.withdrawn !== null || isReplaced) continue;
      for (const affected of advisory.affected) this.#add(advisory, affected);
    }
  }

  #add(advisory: Advisory, affected: Affected): void {
    for (const { kind, digest } of affected.match) push(this.#byDigest, `${kind} ${digest}`, [advisory, affected, kind]);
    if (affected.base !== null) push(this.#byBase, affected.base, [advisory, affected]);
  }

  /** Blocking ones first, each advisory once. */
  matches(model: ServedModel, scope: Scope, conditions: Conditions): readonly Recall[] {
    const found = new Map<string, Recall>();
    for (const recall of [...this.#digests(model, scope), ...this.#lineage(model, scope)]) {
      const { advisory } = recall;
      if (!isInForce(advisory, conditions)) continue;
      const known = found.get(advisory.id);
      if (known === undefined || (known.decision === "warn" && recall.decision === "block")) found.set(advisory.id, recall);
    }
    return [...found.values()].sort((a, b) =>
      a.decision === b.decision ? compare(a.advisory.id, b.advisory.id) : a.decision === "block" ? -1 : 1,
    );
  }

  *#digests(model: ServedModel, scope: Scope): Generator<Recall> {
    for (const [kind, digests] of digestsOf(model)) {
      for (const digest of digests) {
        for (const [advisory, { lineage }] of this.#byDigest.get(`${kind} ${digest}`) ?? []) {
          if (lineage !== null && isExcepted(model, lineage.except)) continue;
          yield { advisory, by: kind, what: digest, decision: isForeign(model, scope) ? "warn" : decisionOf(advisory, scope) };
        }
      }
    }
  }

  *#lineage(model: ServedModel, scope: Scope): Generator<Recall> {
    const own = baseId(model.ref);
    for (const [advisory] of this.#byBase.get(own) ?? []) yield { advisory, by: "name", what: own, decision: "warn" };
    for (const { ref, relation, confidence } of model.bases) {
      const base = baseId(ref);
      for (const [advisory, { lineage }] of this.#byBase.get(base) ?? []) {
        if (lineage === null || !reaches(lineage, relation) || isExcepted(model, lineage.except)) continue;
        const isSure = isAtLeast(confidence, lineage.minConfidence) && maySuffice(confidence, base, scope);
        yield { advisory, by: "lineage", what: base, decision: isSure && isOwn(base, scope) ? decisionOf(advisory, scope) : "warn" };
      }
    }
  }
}

function reaches({ relations }: Lineage, relation: string): boolean {
  return relations.length === 0 || relations.includes(relation);
}

function decisionOf(advisory: Advisory, { role, mayBlock }: Scope): Recall["decision"] {
  return advisory.action === "warn" || (role === "third-party" && !mayBlock) ? "warn" : "block";
}

/** A link that anybody can write down shuts only where the operator says so, or where the base's own publisher asks for it. */
function maySuffice(confidence: Confidence, base: string, scope: Scope): boolean {
  return confidence !== "declared" || scope.declaredLinks === "block" || (scope.role === "publisher" && isOwn(base, scope));
}

function isOwn(base: string, { role, namespaces }: Scope): boolean {
  return role !== "publisher" || namespaces.includes(ownerOf(base));
}

/** Whether a model is known to be somebody else's than the publisher's who recalls it; one from nowhere on the hub may well be a copy. */
function isForeign(model: ServedModel, scope: Scope): boolean {
  if (scope.role !== "publisher") return false;
  const refs = [model.ref, ...model.bases.map(({ ref }) => ref)].map(baseId).filter((ref) => ref.startsWith("hf:"));
  return refs.length > 0 && !refs.some((ref) => isOwn(ref, scope));
}

function ownerOf(base: string): string {
  return /^hf:([^/]+)\//u.exec(base)?.[1] ?? "";
}

function isInForce({ effective, expires, action, policy }: Advisory, { now, policies }: Conditions): boolean {
  if (Date.parse(effective) > now || (expires !== null && Date.parse(expires) <= now)) return false;
  return action !== "require-policy" || policy === null || !policies.includes(policy);
}

function digestsOf(model: ServedModel): readonly (readonly [MatchKind, readonly string[]])[] {
  return [
    ["file", model.fileDigests],
    ["manifest", model.releaseDigest === null ? [] : [model.releaseDigest]],
    ["tensors", model.weightsDigest === null ? [] : [model.weightsDigest]],
    ["tensor", model.tensorDigests],
  ];
}

/** By what the model is as a whole: one file more, of a release that is let out, lets out nothing. */
function isExcepted({ releaseDigest, weightsDigest, fileDigests }: ServedModel, except: ReadonlySet<string>): boolean {
  if (except.size === 0) return false;
  const isWhole = [releaseDigest, weightsDigest].some((digest) => digest !== null && except.has(digest));
  return isWhole || (fileDigests.length > 0 && fileDigests.every((digest) => except.has(digest)));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
