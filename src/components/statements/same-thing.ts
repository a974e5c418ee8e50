// Whether two license statements are about the same thing, and whether something in the release explains that they differ.
import type { LicenseScope } from "../../core/component.ts";
import type { LicenseKind } from "../../core/license.ts";
import { agreement } from "./agree.ts";
import type { Claim, Said } from "./claim.ts";

export interface Shared {
  readonly thing: LicenseScope | "release";
  /** True when one of the two does not name the part itself: it speaks of everything, or of nothing in particular. */
  readonly isInferred: boolean;
}

/** What both statements are about; null when they are about different things, or nobody can tell. */
export function sharedThing(a: Claim, b: Claim): Shared | null {
  if (a.about !== b.about) return null;
  if (a.source !== b.source) return acrossSources(a, b);
  if (a.folder !== b.folder) return acrossFolders(a, b);
  const common = commonScope(a, b);
  if (common !== undefined) return { thing: common, isInferred: false };
  if (a.whole && b.whole) return { thing: "release", isInferred: true };
  return a.whole ? partOfWhole(b, a) : b.whole ? partOfWhole(a, b) : null;
}

function commonScope(a: Claim, b: Claim): LicenseScope | undefined {
  return a.scopes.find((scope) => b.scopes.includes(scope));
}

/** One release in several places: what speaks of weights or data by name holds wherever it stands; a repository's license does not. */
function acrossSources(a: Claim, b: Claim): Shared | null {
  const common = commonScope(a, b);
  return common === undefined || common === "code" ? null : { thing: common, isInferred: false };
}

/** A card or a host's record at the root speaks of the weight files below it too. */
function acrossFolders(a: Claim, b: Claim): Shared | null {
  const [top, below] = a.folder === "" ? [a, b] : [b, a];
  const isCard = top.fact.statement === "card" || top.fact.statement === "metadata";
  const isHeader = below.fact.statement === "header" && below.scopes.includes("weights");
  return top.folder === "" && isCard && isHeader && top.scopes.includes("weights") ? { thing: "weights", isInferred: false } : null;
}

/** A part named in one statement against a license of everything: its kind tells whether that part is meant. */
function partOfWhole(part: Claim, whole: Claim): Shared | null {
  const [scope] = part.scopes;
  if (scope === undefined) return null;
  // A card, a host's record or a weight file stands beside the license file of the same folder.
  const isLabel = part.fact.statement === "card" || part.fact.statement === "metadata" || part.fact.statement === "header";
  if (isLabel) return { thing: scope, isInferred: true };
  const meant = scopeOfKind(whole.says);
  return meant !== null && part.scopes.includes(meant) ? { thing: meant, isInferred: true } : null;
}

const CONTENT: readonly LicenseKind[] = ["open-content", "open-data", "no-derivatives"];

/** What a license is usually put on when it does not say: software licenses on code, licenses for models on weights. */
export function scopeOfKind(says: Said): LicenseScope | null {
  if (says.kind === "modified") return "code";
  if (says.kind !== "license") return null;
  const { id, license } = says;
  if (/^CC-/u.test(id) || CONTENT.includes(license.kind)) return "data";
  const isOfModels = /^LicenseRef-/u.test(id) && (license.kind === "use-restricted" || license.kind === "non-commercial");
  return isOfModels ? "weights" : "code";
}

/**
 * Whether the release itself says that the one license is for one part and the other for another, or keeps the text of both.
 * Only asked where what the two share was inferred: two statements that name the same part explain nothing.
 */
export function isExplained(a: Claim, b: Claim, all: readonly Claim[]): boolean {
  return areSplit(a, b, all) || hasOwnText(a, b, all) || hasOwnText(b, a, all);
}

function areSplit(a: Claim, b: Claim, all: readonly Claim[]): boolean {
  const ofFirst = all.filter((claim) => isPart(claim) && says(claim, a));
  const ofSecond = all.filter((claim) => isPart(claim) && says(claim, b));
  return ofFirst.some((first) => ofSecond.some((second) => first.about !== second.about || commonScope(first, second) === undefined));
}

/** A statement in words or by a file's name; fields of cards are filled in for the whole. */
function isPart({ scopes, about, fact }: Claim): boolean {
  return (scopes.length > 0 || about !== "") && fact.statement !== "metadata";
}

function says(claim: Claim, like: Claim): boolean {
  return agreement(claim.says, like.says) === "same";
}

/** LICENSE is one license, and LICENSE-MODEL is the other one that the card names. */
function hasOwnText(named: Claim, text: Claim, all: readonly Claim[]): boolean {
  if (text.fact.statement !== "text") return false;
  return all.some(
    (claim) => claim.fact.statement === "text" && claim.place !== text.place && claim.place !== named.place && says(claim, named),
  );
}
