// Facts about a component, weighed: where it is, under which terms, on what evidence.
import { type Availability, COMPONENT_IDS, type ComponentId } from "../core/component.ts";
import { type Evidence, evidence } from "../core/evidence.ts";
import { type ComponentFact, type Fact, factsOf, type LicenseFact, type Sighting } from "../core/fact.ts";
import type { SourceInventory } from "../core/inventory.ts";
import type { ComponentState } from "../core/release.ts";
import { compareText } from "../core/text.ts";
import { coveringFacts, coveringLicenses, opennessOf } from "./coverage.ts";

/** Evidence and places kept per component; the listing has the rest. */
const MAX_EVIDENCE = 12;
const MAX_PLACES = 12;

interface Weighed {
  readonly availability: Availability;
  readonly facts: readonly ComponentFact[];
  readonly partial: boolean;
}

/** Weighs all facts about each component; every component id has a state, also when nothing was seen of it. */
export function weighComponents(facts: readonly Fact[], inventories: readonly SourceInventory[]): ReadonlyMap<ComponentId, ComponentState> {
  const seen = withoutBroken(factsOf(facts, "component"), inventories);
  const licenses = factsOf(facts, "license");
  const searched = searchEvidence(inventories);
  return new Map(COMPONENT_IDS.map((id) => [id, stateOf(id, withDerived(id, seen, licenses), licenses, searched)]));
}

/** A file named as weights whose own format cannot be read in it may hold anything: it tells of weights, it does not show them. */
function withoutBroken(facts: readonly ComponentFact[], inventories: readonly SourceInventory[]): readonly ComponentFact[] {
  const broken = new Set(
    inventories.flatMap(({ ref, skipped }) => skipped.filter(({ reason }) => reason === "malformed").map(({ path }) => `${ref}\0${path}`)),
  );
  if (broken.size === 0) return facts;
  return facts.map((fact) => {
    const isWeights = fact.component === "weights" || fact.component === "weights-intermediate";
    const isBroken = fact.evidence.every(({ source, path }) => broken.has(`${source}\0${path}`));
    return fact.sighting === "found" && isWeights && isBroken ? { ...fact, sighting: "described" } : fact;
  });
}

function stateOf(
  id: ComponentId,
  facts: readonly ComponentFact[],
  licenses: readonly LicenseFact[],
  searched: readonly Evidence[],
): ComponentState {
  const weighed = weigh(id, facts);
  const isAbsent = weighed === null && searched.length > 0;
  const availability = weighed?.availability ?? (isAbsent ? "absent" : "unknown");
  const chosen = weighed?.facts ?? [];
  const places = [...new Set(chosen.map(({ place }) => place))].sort((a, b) => Number(isName(a)) - Number(isName(b)));
  const paths = chosen
    .filter(({ sighting }) => sighting === "found")
    .flatMap((fact) => [
      { source: fact.evidence[0].source, path: fact.place },
      ...fact.evidence.map(({ source, path }) => ({ source, path })),
    ]);
  const covering = coveringFacts(id, { availability, paths }, licenses);
  const seen = chosen.flatMap((fact) => fact.evidence);
  return {
    id,
    availability,
    openness: opennessOf(availability, covering),
    licenses: coveringLicenses(covering),
    evidence: unique(isAbsent ? searched : seen).slice(0, MAX_EVIDENCE),
    places: places.slice(0, MAX_PLACES),
    partial: weighed?.partial ?? false,
  };
}

/** The name of a command's argument says less than an address or a path. */
function isName(place: string): boolean {
  return !/^[a-z]+:\/\/|^magnet:/iu.test(place);
}

/** Samples and demonstrations of these are not the thing; what a link leads to weighs more. */
const THING_ITSELF: readonly ComponentId[] = ["weights", "training-data", "weights-intermediate"];

function weigh(id: ComponentId, facts: readonly ComponentFact[]): Weighed | null {
  const of = (sighting: Sighting, partial?: boolean): readonly ComponentFact[] =>
    facts.filter((fact) => fact.sighting === sighting && (partial === undefined || fact.partial === partial));
  const whole = of("found", false);
  const parts = of("found", true);
  const linked = of("linked");
  const gated = of("gated");
  const described = of("described");
  const withheld = of("withheld");
  const isHostGate = gated.some(({ evidence: pieces }) => pieces.some(({ method }) => method === "host-record" || method === "listing"));
  if (isHostGate) return { availability: "gated", facts: [...gated, ...whole], partial: false };
  if (whole.length > 0) return { availability: "found", facts: whole, partial: false };
  const partsFirst = parts.length > 0 && !THING_ITSELF.includes(id);
  if (partsFirst) return { availability: "found", facts: parts, partial: true };
  if (gated.length > 0) return { availability: "gated", facts: [...gated, ...linked], partial: false };
  if (linked.length > 0) return { availability: "elsewhere", facts: linked, partial: false };
  if (parts.length > 0) return { availability: "found", facts: parts, partial: true };
  if (described.length > 0) return { availability: "claimed", facts: [...described, ...withheld], partial: false };
  return withheld.length > 0 ? { availability: "absent", facts: withheld, partial: false } : null;
}

const POLICY_TERMS: readonly string[] = ["field-of-use", "acceptable-use-policy"];

/** A license that lists forbidden uses is the release's usage policy where it has no other. */
function withDerived(id: ComponentId, facts: readonly ComponentFact[], licenses: readonly LicenseFact[]): readonly ComponentFact[] {
  const own = facts.filter(({ component }) => component === id);
  if (id !== "usage-policy" || own.some(({ sighting }) => sighting === "found" || sighting === "linked")) return own;
  const derived = licenses.flatMap((fact): readonly ComponentFact[] => {
    if (fact.thirdParty || fact.match?.outcome !== "identified") return [];
    if (!fact.match.restrictions.some(({ term }) => POLICY_TERMS.includes(term))) return [];
    const { evidence: pieces, detector } = fact;
    const reason = "license that lists forbidden uses";
    return [
      { kind: "component", component: id, sighting: "found", place: pieces[0].path, partial: false, reason, evidence: pieces, detector },
    ];
  });
  return [...own, ...derived];
}

/** Evidence of a search that was complete in every source; empty when something could still be there. */
function searchEvidence(inventories: readonly SourceInventory[]): readonly Evidence[] {
  const isComplete = inventories.every(({ listingComplete, skipped }) => listingComplete && skipped.every(({ partial }) => !partial));
  // A record of somebody's judgement lists no release.
  const searched = inventories.filter(({ kind }) => kind !== "mot" && kind !== "osaii");
  if (!isComplete) return [];
  return searched.map(({ ref, digest }) =>
    evidence({ source: ref, path: "", digest: digest.replace(/^sha256:/u, "listing:"), method: "search" }),
  );
}

function unique(pieces: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(pieces.map((piece) => [piece.id, piece])).values()].sort(
    (a, b) => compareText(a.path, b.path) || compareText(a.id, b.id),
  );
}
