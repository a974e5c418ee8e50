// Different licenses for different parts or models, said so by the release: nothing is wrong, and a reader must know it.
import type { LicenseScope } from "../../core/component.ts";
import type { Evidence } from "../../core/evidence.ts";
import type { Finding } from "../../core/release.ts";
import { compareText } from "../../core/text.ts";
import { type Claim, inOrder, nameOf } from "./claim.ts";
import type { Conflict } from "./conflicts.ts";
import { scopeOfKind } from "./same-thing.ts";

const PARTS: readonly LicenseScope[] = ["code", "weights", "data"];
/** Places cited for one finding, and models listed in one. */
const MAX_CITED = 12;

/** Code, weights and data under different licenses; null when they share one. A part of which statements contradict each other is left out. */
export function splitFinding(claims: readonly Claim[], conflicts: readonly Conflict[]): Finding | null {
  const disputed = new Set(conflicts.map(({ shared }) => shared.thing));
  const parts = PARTS.filter((scope) => !disputed.has(scope) && !disputed.has("release"))
    .map((scope) => ({ scope, claims: firstOfEach(claims.filter((claim) => isAbout(claim, scope))) }))
    .filter((part) => part.claims.length > 0);
  const sets = new Set(parts.map(({ claims: own }) => own.map(({ says }) => nameOf(says)).join("\0")));
  const pieces = cited(parts.flatMap(({ claims: own }) => own));
  if (pieces === null || parts.length < 2 || sets.size < 2) return null;
  const args = Object.fromEntries(parts.map(({ scope, claims: own }) => [scope, own.map(({ says }) => nameOf(says)).join(", ")]));
  const id = `licenses.split.${parts.map(({ scope }) => scope).join("-")}`;
  const message = { id, args, evidence: pieces.map((piece) => piece.id) };
  return { ruleId: "licenses/split", severity: "info", message, path: pieces[0].path, evidence: pieces };
}

/** A part is spoken of by name; what speaks of everything counts for what its kind of license is made for. */
function isAbout({ scopes, whole, says, folder, fact }: Claim, scope: LicenseScope): boolean {
  if (!isNamed(says) || folder !== "") return false;
  if (scopes.includes(scope)) return true;
  if (scope === "weights" && scopes.length === 0) return scopeOfKind(says) === "weights";
  return whole && scope === "code" && scopeOfKind(says) === "code" && (fact.statement === "text" || fact.statement === "pointer");
}

function isNamed(says: Claim["says"]): boolean {
  return says.kind !== "terms";
}

function firstOfEach(claims: readonly Claim[]): readonly Claim[] {
  const known = new Map<string, Claim>();
  for (const claim of inOrder(claims)) if (!known.has(nameOf(claim.says))) known.set(nameOf(claim.says), claim);
  return [...known].sort(([a], [b]) => compareText(a, b)).map(([, claim]) => claim);
}

function cited(claims: readonly Claim[]): readonly [Evidence, ...Evidence[]] | null {
  const [first, ...others] = claims.slice(0, MAX_CITED).map(({ fact }) => fact.evidence[0]);
  return first === undefined ? null : [first, ...others];
}

/** Models or versions of one release under licenses of their own, each with its place; null when there is only one license. */
export function modelsFinding(claims: readonly Claim[]): Finding | null {
  const byFolder = rowsOf(claims, modelOfFolder);
  const rows = isVaried(byFolder) ? byFolder : rowsOf(claims, modelOfWords);
  const pieces = cited(rows.map(([, claim]) => claim));
  if (pieces === null || !isVaried(rows)) return null;
  const models = rows.slice(0, MAX_CITED).map(([model, { says }]) => `${model}: ${nameOf(says)}`);
  const args = { models: models.join("; "), count: licensesIn(rows).size };
  const message = { id: "licenses.by-model", args, evidence: pieces.map((piece) => piece.id) };
  return { ruleId: "licenses/by-model", severity: "info", message, path: pieces[0].path, evidence: pieces };
}

type Row = readonly [model: string, claim: Claim];

function rowsOf(claims: readonly Claim[], model: (claim: Claim) => string | null): readonly Row[] {
  const rows = new Map<string, Claim>();
  for (const claim of claims) {
    const name = claim.says.kind === "license" ? model(claim) : null;
    if (name !== null && !rows.has(name)) rows.set(name, claim);
  }
  return [...rows].sort(([a], [b]) => compareText(a, b));
}

function licensesIn(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.map(([, { says }]) => nameOf(says)));
}

function isVaried(rows: readonly Row[]): boolean {
  return rows.length >= 2 && licensesIn(rows).size >= 2;
}

/** A license for models in a folder of its own speaks of the model in that folder. */
function modelOfFolder({ folder, says, fact }: Claim): string | null {
  const isText = fact.statement === "text" && folder !== "" && scopeOfKind(says) === "weights";
  return isText ? folder.slice(folder.lastIndexOf("/") + 1) : null;
}

function modelOfWords({ about, scopes, says, fact }: Claim): string | null {
  const isOfWeights = scopes.includes("weights") || (scopes.length === 0 && scopeOfKind(says) === "weights");
  const isModel = about !== "" && !/^(?:also|alternatively|additionally|也|同时|同時|另外)$/u.test(about);
  return isOfWeights && isModel && fact.statement !== "text" ? about : null;
}
