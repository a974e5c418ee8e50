// The release's own license against what comes down to it: what it drops, contradicts, or was never allowed to be.
import type { ChainStep } from "../core/chain.ts";
import { type Clause, type Condition, type Duty, type FlowTerm, type TermsRecord, USES, type Use } from "../core/terms.ts";
import { BIT, type Bits, dutiesOf, narrownessOf, permissionAt, type Said, saidOf } from "./carry.ts";
import type { Bearing } from "./effective.ts";
import type { TermsSource } from "./terms-table.ts";

/** Something wrong between the release's license and an inherited one. */
export type Mismatch = {
  /** The inherited license, as its record has it. */
  readonly license: string;
  /** From the release to the node that states it. */
  readonly path: readonly ChainStep[];
  /** Clauses of the inherited license, in its own numbering, each once. */
  readonly clauses: readonly string[];
} & (
  | { readonly kind: "license-dropped" }
  /** `binding`: the restrictions must be passed on; else they go on binding whatever the release says. */
  | {
      readonly kind: "restriction-dropped";
      readonly uses: readonly Use[];
      readonly binding: boolean;
      readonly ownClauses: readonly string[];
    }
  | { readonly kind: "not-permitted"; readonly act: "fine-tune" | "train-on-outputs" | "redistribute"; readonly family: string }
  | { readonly kind: "incompatible-parents"; readonly other: Bearing }
  | { readonly kind: "terms-may-reach"; readonly uses: readonly Use[] }
  | { readonly kind: "duty"; readonly duty: Duty }
);

/** What a bearing binds by, when it binds for certain. */
const BINDING: readonly Bits[] = [BIT.derived, BIT.distilled, BIT.trained];

/** Compares what bears on a release with the licenses it states. Nothing is said where its own terms are not known. */
export function mismatches(bearings: readonly Bearing[], terms: TermsSource): readonly Mismatch[] {
  const own = bearings.filter(({ bit }) => bit === BIT.own);
  const records = own.map(({ label }) => terms(label.license)).filter((record) => record !== null);
  const inherited = nearest(bearings.filter(({ bit, record }) => bit !== BIT.own && record.source !== ""));
  const acts = inherited.flatMap((bearing) => actsOf(bearing));
  // What a model must be called does not hang on its own license.
  const names = inherited.flatMap(dutiesOwed).filter(({ duty }) => duty.kind === "name-prefix");
  const always = [...acts, ...incompatible(inherited), ...names];
  if (records.length === 0 || records.length < own.length) return always;
  const others = inherited.filter(({ record }) => !records.some((mine) => isSameLicense(mine.id, record.id)));
  const dropped = others.flatMap((bearing) => licenseDropped(bearing, records));
  const isTold = (bearing: Bearing): boolean => dropped.some(({ license }) => license === bearing.record.id);
  return [
    ...always,
    ...dropped,
    ...others.flatMap((bearing) => (isTold(bearing) ? [] : restrictionDropped(bearing, records))),
    ...others.flatMap((bearing) => mayReach(bearing, records)),
    ...others.flatMap(dutiesOwed).filter(({ duty }) => duty.kind !== "name-prefix"),
  ];
}

/** The nearest bearing of each license and way it bears. */
function nearest(bearings: readonly Bearing[]): readonly Bearing[] {
  const byKey = new Map<string, Bearing>();
  for (const bearing of bearings) {
    const key = `${bearing.record.id}\0${bearing.bit}`;
    if (!byKey.has(key)) byKey.set(key, bearing);
  }
  return [...byKey.values()];
}

/** `GPL-3.0` is what hosts write for either of `GPL-3.0-only` and `GPL-3.0-or-later`. */
function isSameLicense(one: string, other: string): boolean {
  const stem = (id: string): string => id.replace(/-(?:only|or-later)$/u, "");
  return one === other || (stem(one) === stem(other) && (one === stem(one) || other === stem(other)));
}

function licenseDropped({ record, bit, label }: Bearing, own: readonly TermsRecord[]): readonly Mismatch[] {
  const term = flowOver(record, bit);
  if (!BINDING.includes(bit) || term.flow !== "same-license") return [];
  const isCarried = own.some(({ id }) => allowedFor(record, term.compatible ?? []).some((allowed) => isSameLicense(allowed, id)));
  if (isCarried) return [];
  const shareAlike = record.duties.filter(({ kind }) => kind === "share-alike");
  return [{ kind: "license-dropped", license: record.id, path: label.path, clauses: clausesOf([term, ...shareAlike]) }];
}

function flowOver({ flow }: TermsRecord, bit: Bits): FlowTerm {
  if (bit === BIT.derived) return flow.derivatives;
  return bit === BIT.distilled ? flow.outputs : flow.training;
}

function allowedFor({ id }: TermsRecord, compatible: readonly string[]): readonly string[] {
  return [id, ...compatible];
}

function restrictionDropped({ record, bit, label }: Bearing, own: readonly TermsRecord[]): readonly Mismatch[] {
  if (!BINDING.includes(bit)) return [];
  const said = USES.map((use) => ({ use, inherited: saidOf(record, bit, use), mine: own.map((mine) => mine.uses[use]) }));
  const dropped = said.filter(({ inherited, mine }) => inherited !== null && allowsMore(mine, inherited));
  if (dropped.length === 0) return [];
  const flow = flowOver(record, bit);
  const places = dropped.flatMap(({ inherited }) => (inherited === null ? [] : limitsOf(inherited)));
  const binding = flow.flow === "restrictions" || flow.flow === "same-license";
  const ownClauses = clausesOf(dropped.flatMap(({ mine }) => mine));
  const clauses = clausesOf([...places, ...(binding ? [flow] : [])]);
  return [
    {
      kind: "restriction-dropped",
      license: record.id,
      path: label.path,
      clauses,
      uses: dropped.map(({ use }) => use),
      binding,
      ownClauses,
    },
  ];
}

/** Whether a release says yes where a license says no, or leaves out a kind of condition that it makes. */
function allowsMore(mine: readonly Said[], inherited: Said): boolean {
  const permission = permissionAt(Math.max(...mine.map((said) => narrownessOf(said.permission))));
  if (permission === "unknown" || permission === "forbidden" || inherited.permission === "unknown") return false;
  if (inherited.permission === "forbidden") return true;
  if (inherited.permission === "allowed") return false;
  return permission === "allowed" || inherited.conditions.some((condition) => !mine.some((said) => isMade(said.conditions, condition)));
}

/** Where a license says no, or on which conditions it says yes. */
function limitsOf(said: Said): readonly Clause[] {
  return said.permission === "forbidden" ? [said] : said.conditions;
}

/** A condition of the same kind is taken for the same: which of two limits is the narrower, the numbers do not always tell. */
function isMade(conditions: readonly Condition[], { kind }: Condition): boolean {
  return conditions.some((condition) => condition.kind === kind);
}

/** What was done to make the release or is done with it, against the license for certain. */
function actsOf({ record, bit, label }: Bearing): readonly Mismatch[] {
  const base = { kind: "not-permitted", license: record.id, path: label.path } as const;
  if (bit === BIT.againstTuning && record.uses["fine-tune"].permission === "forbidden") {
    return [{ ...base, act: "fine-tune", family: "", clauses: clausesOf([record.uses["fine-tune"]]) }];
  }
  if (bit === BIT.againstOutputs) {
    const term = record.uses["train-on-outputs"];
    const family = term.conditions.find((condition) => condition.kind === "own-family");
    if (term.permission === "forbidden") return [{ ...base, act: "train-on-outputs", family: "", clauses: clausesOf([term]) }];
    return family === undefined ? [] : [{ ...base, act: "train-on-outputs", family: family.family, clauses: clausesOf([family]) }];
  }
  const passing = BINDING.includes(bit) ? saidOf(record, bit, "redistribute") : null;
  return passing?.permission === "forbidden" ? [{ ...base, act: "redistribute", family: "", clauses: clausesOf([passing]) }] : [];
}

/** Two inherited licenses of which each wants the whole for itself, or one forbids what the other must leave free. */
function incompatible(inherited: readonly Bearing[]): readonly Mismatch[] {
  const bound = inherited.filter(({ bit }) => bit === BIT.derived);
  const whole = bound.filter(({ record }) => record.flow.derivatives.flow === "same-license");
  const found: Mismatch[] = [];
  for (const first of whole) {
    for (const second of bound) {
      const isPair = whole.includes(second) ? bound.indexOf(first) < bound.indexOf(second) : true;
      if (first === second || !isPair || canGoTogether(first.record, second.record)) continue;
      const { flow } = first.record;
      found.push({
        kind: "incompatible-parents",
        license: first.record.id,
        path: first.label.path,
        clauses: clausesOf([flow.derivatives]),
        other: second,
      });
    }
  }
  return found;
}

function canGoTogether(whole: TermsRecord, other: TermsRecord): boolean {
  const allowed = allowedFor(whole, whole.flow.derivatives.compatible ?? []);
  if (other.flow.derivatives.flow === "same-license") {
    const others = allowedFor(other, other.flow.derivatives.compatible ?? []);
    return allowed.some((id) => others.some((also) => isSameLicense(id, also)));
  }
  // Any license will do for the other as long as it keeps what the other restricts.
  return USES.every((use) => !allowsMore([whole.uses[use]], saidOf(other, BIT.derived, use) ?? other.uses[use]));
}

/** Terms that may reach the release, and would forbid what it allows if they did. */
function mayReach({ record, bit, label }: Bearing, own: readonly TermsRecord[]): readonly Mismatch[] {
  if (bit !== BIT.possible) return [];
  const doubted = USES.filter(
    (use) =>
      record.uses[use].permission !== "unknown" &&
      allowsMore(
        own.map((mine) => mine.uses[use]),
        record.uses[use],
      ),
  );
  if (doubted.length === 0) return [];
  const places = doubted.flatMap((use) => limitsOf(record.uses[use]));
  return [{ kind: "terms-may-reach", license: record.id, path: label.path, clauses: clausesOf(places), uses: doubted }];
}

/** Duties that a release must fulfil for the licensed work in it, or its maker for having made it. */
function dutiesOwed({ record, bit, label }: Bearing): readonly Extract<Mismatch, { readonly kind: "duty" }>[] {
  if (!BINDING.includes(bit) && bit !== BIT.makerFromOutputs && bit !== BIT.makerOfDerivative) return [];
  return dutiesOf(record, bit).map((duty) => ({ kind: "duty", license: record.id, path: label.path, clauses: clausesOf([duty]), duty }));
}

function clausesOf(places: readonly { readonly clause: string }[]): readonly string[] {
  return [...new Set(places.map(({ clause }) => clause).filter((clause) => clause !== ""))];
}
