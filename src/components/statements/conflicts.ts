// Two statements about the same thing that name different licenses, and nothing in the release that explains it.
import type { Evidence } from "../../core/evidence.ts";
import type { Finding } from "../../core/release.ts";
import type { Message } from "../../core/report.ts";
import { agreement, opennessSaid } from "./agree.ts";
import { type Claim, inOrder, nameOf, type Said } from "./claim.ts";
import { isExplained, type Shared, sharedThing } from "./same-thing.ts";

/** Conflicts reported of one release; more would say the same again. */
const MAX_CONFLICTS = 10;
/** Different statements of one folder that are held against each other: people write a dozen, a generator writes thousands. */
const MAX_CLAIMS = 80;
/** Statements in which an explanation is looked for. */
const MAX_EXPLAINING = 400;

export interface Conflict {
  readonly first: Claim;
  readonly second: Claim;
  readonly shared: Shared;
}

/** Conflicts in order of place, each pair of licenses once for each thing. Linear in the statements, but for bounded groups. */
export function conflictsOf(claims: readonly Claim[]): readonly Conflict[] {
  const found = new Map<string, Conflict>();
  const at = byPlace(claims);
  const shown = new Map<string, readonly Claim[]>();
  for (const group of groupsOf(claims)) {
    const candidates = distinct(group).slice(0, MAX_CLAIMS);
    for (const [index, first] of candidates.entries()) {
      for (const second of candidates.slice(index + 1)) {
        const conflict = compare(first, second, at, shown, claims);
        if (conflict === null) continue;
        const key = keyOf(conflict);
        if (!found.has(key)) found.set(key, conflict);
        if (found.size >= MAX_CONFLICTS) return [...found.values()];
      }
    }
  }
  return [...found.values()];
}

function compare(
  first: Claim,
  second: Claim,
  at: ReadonlyMap<string, readonly Claim[]>,
  shown: Map<string, readonly Claim[]>,
  all: readonly Claim[],
): Conflict | null {
  if (first.place === second.place || agreement(first.says, second.says) !== "different") return null;
  const shared = sharedThing(first, second);
  if (shared === null || isSaidBeside(first, second, at) || isSaidBeside(second, first, at)) return null;
  if (shared.isInferred) {
    const near = shown.get(first.source) ?? distinct(all.filter(({ source }) => source === first.source)).slice(0, MAX_EXPLAINING);
    shown.set(first.source, near);
    if (isExplained(first, second, near)) return null;
  }
  return { first, second, shared };
}

/** The place of `first` also names what `second` says: a list, a file of several licenses, a choice. */
function isSaidBeside(first: Claim, second: Claim, at: ReadonlyMap<string, readonly Claim[]>): boolean {
  return (at.get(first.place) ?? []).some((beside) => beside !== first && agreement(beside.says, second.says) === "same");
}

function byPlace(claims: readonly Claim[]): ReadonlyMap<string, readonly Claim[]> {
  const places = new Map<string, Claim[]>();
  for (const claim of claims) {
    const there = places.get(claim.place);
    if (there === undefined) places.set(claim.place, [claim]);
    else there.push(claim);
  }
  return places;
}

/** Statements of one folder belong together; those that name weights or data also across folders and sources. */
function groupsOf(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const folders = new Map<string, Claim[]>();
  const named: Claim[] = [];
  for (const claim of claims) {
    const key = `${claim.source}\0${claim.folder}`;
    const there = folders.get(key);
    if (there === undefined) folders.set(key, [claim]);
    else there.push(claim);
    if (claim.folder === "" || claim.fact.statement === "header") {
      if (claim.scopes.some((scope) => scope !== "code")) named.push(claim);
    }
  }
  return [...folders.values(), named];
}

/** Each statement once. */
function distinct(claims: readonly Claim[]): readonly Claim[] {
  const known = new Map<string, Claim>();
  for (const claim of inOrder(claims)) {
    const { source, folder, about, whole, scopes, says, fact, place } = claim;
    const key = [source, folder, about, whole, scopes.join(), nameOf(says), fact.statement === "text" ? place : ""].join("\0");
    if (!known.has(key)) known.set(key, claim);
  }
  return [...known.values()];
}

/** Titles of one document differ in wording only; the first stands for all. */
function keyOf({ first, second, shared }: Conflict): string {
  const names = [first, second].map(({ says }) => (says.kind === "titled" ? "titled" : nameOf(says))).sort();
  return [shared.thing, first.about, ...names].join("\0");
}

/** Which message tells it: what cannot be named is told by its nature. */
const MESSAGES: Readonly<Record<Said["kind"], string>> = {
  license: "licenses.conflict",
  modified: "licenses.conflict",
  titled: "licenses.conflict",
  family: "licenses.conflict",
  elsewhere: "licenses.conflict",
  "unknown-text": "licenses.conflict.unknown-text",
  terms: "licenses.conflict.terms",
};

/** The finding of a conflict; both places are cited. What cannot be named stands second. */
export function conflictFinding({ first, second, shared }: Conflict): Finding {
  const [a, b] = MESSAGES[first.says.kind] === "licenses.conflict" ? [first, second] : [second, first];
  const pieces: readonly [Evidence, Evidence] = [a.fact.evidence[0], b.fact.evidence[0]];
  const isPlain = MESSAGES[b.says.kind] === "licenses.conflict";
  const args = {
    scope: shared.thing,
    firstPath: pieces[0].path,
    first: nameOf(a.says),
    secondPath: pieces[1].path,
    ...(isPlain ? { second: nameOf(b.says) } : {}),
    ...(b.says.kind === "terms" ? { quote: pieces[1].quote ?? "" } : {}),
  };
  const message: Message = { id: MESSAGES[b.says.kind], args, evidence: pieces.map(({ id }) => id) };
  return { ruleId: "licenses/conflict", severity: severityOf(a, b), message, path: pieces[0].path, evidence: pieces };
}

function severityOf(a: Claim, b: Claim): Finding["severity"] {
  const [first, second] = [opennessSaid(a.says), opennessSaid(b.says)];
  return first === second ? "medium" : "high";
}
