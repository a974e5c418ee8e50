// From stated relations to the chain: every parent looked up, terms brought down. Loaded only when there is a relation to follow.
import { chainReport, ownLicenses } from "../chain/block.ts";
import { ChainDraft, type DraftNode, type KnownNode } from "../chain/draft.ts";
import { bearingsOn, termsOfBearings } from "../chain/effective.ts";
import { chainFindings, type ReleaseSeen } from "../chain/findings.ts";
import { type Identity, identityOf, isVaguer, wordsOf } from "../chain/identity.ts";
import type { ComponentId } from "../core/component.ts";
import { type Evidence, evidence } from "../core/evidence.ts";
import { factsOf } from "../core/fact.ts";
import type { ComponentState, Finding } from "../core/release.ts";
import type { ChainReport } from "../core/report.ts";
import type { SourceContext } from "../core/source.ts";
import { termsOf } from "../licenses/terms/terms.ts";
import type { PartResult } from "./observe.ts";
import { type Lookup, lookupOf, ParentLookup, relationsOf } from "./parents.ts";

/** A target that was given as something the release derives from. */
export interface GivenParent {
  /** What the release calls it; null where the target's own address or name will do. */
  readonly name: string | null;
  readonly relation: "base-model" | "dataset";
  readonly result: PartResult;
}

export interface ChainInput {
  /** What was seen of the release itself, its main target first; data given beside it is a parent. */
  readonly results: readonly [PartResult, ...PartResult[]];
  readonly parents: readonly GivenParent[];
  readonly components: ReadonlyMap<ComponentId, ComponentState>;
  readonly context: SourceContext;
  /** Ask the hub for parents. */
  readonly follows: boolean;
  /** Nothing of the release was left unread. */
  readonly searchComplete: boolean;
}

export interface ChainOutcome {
  readonly report: ChainReport;
  readonly findings: readonly Finding[];
  /** What the report cites beyond the facts of the release. */
  readonly evidence: readonly Evidence[];
  readonly requests: number;
  readonly bytesRead: number;
}

/** Releases of one chain. */
const MAX_NODES = 256;

/** Follows every stated relation up as far as it goes. @throws AjarError INTERRUPTED */
export async function followChain(input: ChainInput): Promise<ChainOutcome> {
  const draft = startOf(input);
  const lookup = new ParentLookup(input.context, input.follows);
  const unused = new Set(input.parents);
  const follow = async (start: readonly DraftNode[]): Promise<void> => {
    const queue = [...start];
    for (const node of queue) {
      input.context.signal.throwIfAborted();
      const given = input.parents.find((parent) => isGivenFor(parent, node));
      if (given !== undefined) unused.delete(given);
      const found = given === undefined ? await lookedUp(draft, node, lookup) : lookupOf(given.result, "target");
      draft.settle(node.id, found.outcome);
      queue.push(...draft.relate(node.id, found.relations));
    }
  };
  await follow(
    draft.relate(
      draft.release,
      input.results.flatMap(({ facts }) => relationsOf(facts)),
    ),
  );
  // Whoever gives a parent that nothing in the release names says that it is one.
  for (const parent of unused) await follow(attach(draft, parent));
  const bearings = bearingsOn(draft.chain(), termsOf);
  const cited = [...draft.edges, ...draft.nodes.flatMap(({ known }) => known ?? [])].flatMap((item) => item.evidence);
  const findings = chainFindings(draft, bearings, termsOf, seenIn(input));
  return { report: chainReport(draft, termsOfBearings(bearings)), findings, evidence: cited, ...lookup.usage };
}

function seenIn({ results, components, searchComplete }: ChainInput): ReleaseSeen {
  const licenses = results.flatMap(({ facts }) => factsOf(facts, "license"));
  const texts = licenses.flatMap(({ statement, match }) =>
    statement === "text" && match?.outcome === "identified" ? match.license.id : [],
  );
  const ships = components.get("weights")?.availability === "found";
  return { texts: new Set(texts), ships, searchComplete, names: namesOf(results[0].inventory) };
}

/** What a release calls itself: its name on the hub, else the first heading of its card. */
function namesOf({ ref, kind, artifacts }: PartResult["inventory"]): readonly string[] {
  if (kind === "hub-model")
    return [
      ref
        .replace(/@[^@/]*$/u, "")
        .split("/")
        .at(-1) ?? "",
    ];
  const card = artifacts.find(({ path, text }) => text !== null && /^(?:README|model[-_]?card)\.md$/iu.test(path));
  const heading = /^#[ \t]+(.{1,100})$/mu.exec((card?.text ?? "").slice(0, 100_000))?.[1];
  const name = heading?.replace(/[*_`[\]]|^Model Card (?:for|of)\s+/giu, "").trim();
  return name === undefined || /^(?:model\s*card|readme)\b/iu.test(name) ? [] : [name];
}

async function lookedUp(draft: ChainDraft, node: DraftNode, lookup: ParentLookup): Promise<Lookup> {
  return draft.nodes.length > MAX_NODES ? { outcome: "limit", relations: [] } : await lookup.find(node);
}

function startOf({ results, components }: ChainInput): ChainDraft {
  const [{ inventory }] = results;
  const own = ownLicenses([...components.values()].map(({ id, licenses }) => ({ id, licenses: licenses.map((license) => license.id) })));
  const covering = [...components.values()].flatMap(({ licenses }) => licenses).filter(({ id }) => own.includes(id));
  const places = [...new Map(covering.flatMap((license) => license.evidence).map((piece) => [piece.id, piece])).values()];
  const known: KnownNode = { resolution: "release", licenses: own, source: inventory.ref, evidence: places.slice(0, MAX_PLACES) };
  return new ChainDraft(releaseIdentity(inventory), inventory.ref, known);
}

/** Places kept for the release's own license; its components have the rest. */
const MAX_PLACES = 6;

/** A release without an address is nobody's parent, so it needs no name of its own. */
function releaseIdentity({ ref, kind }: PartResult["inventory"]): Identity {
  const isAddressed = ref.startsWith("hf:") || /^https?:/u.test(ref);
  if (!isAddressed) return { kind: "name", id: "release", words: [], owner: "" };
  return identityOf(ref.replace(/@[^@/]*$/u, ""), { isData: kind === "hub-dataset", isField: true });
}

function identityOfGiven({ name, relation, result }: GivenParent): Identity {
  const { ref, kind } = result.inventory;
  const isData = relation === "dataset" || kind === "hub-dataset";
  if (name !== null) return identityOf(name, { isData, isField: true });
  if (ref.startsWith("hf:") || /^https?:/u.test(ref)) return identityOf(ref.replace(/@[^@/]*$/u, ""), { isData, isField: true });
  // The path is the reader's own; the last part is what the folder or archive is called.
  const last =
    ref
      .replace(/@[^@/]*$/u, "")
      .split(/[/\\:]/u)
      .at(-1) ?? ref;
  return { kind: "name", id: `target:${last}`, words: wordsOf(last), owner: "" };
}

function isGivenFor(parent: GivenParent, node: DraftNode): boolean {
  const identity = identityOfGiven(parent);
  if (identity.id === node.id) return true;
  if (parent.name !== null || !identity.id.startsWith("target:")) return false;
  return isVaguer(identity.words, node.identity.words) && isVaguer(node.identity.words, identity.words);
}

function attach(draft: ChainDraft, parent: GivenParent): readonly DraftNode[] {
  const { ref, digest } = parent.result.inventory;
  const seen = evidence({ source: ref, path: "", digest: digest.replace(/^sha256:/u, "listing:"), method: "listing" });
  return draft.attach(identityOfGiven(parent), { relation: parent.relation, target: ref, evidence: [seen] });
}
