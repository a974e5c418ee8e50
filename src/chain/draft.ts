// The graph of one release while its parents are being looked up: what was stated, by whom, and what is known of each node.
import { CHANNEL_OF, type ChainEdge, type Relation, type ReleaseChain, type Resolution, type UnresolvedReason } from "../core/chain.ts";
import type { Evidence } from "../core/evidence.ts";
import { compareText } from "../core/text.ts";
import { isKnownName, knownRelease } from "./catalogue.ts";
import { type Identity, identityOf, isVaguer } from "./identity.ts";

/** A relation as some document states it. */
export interface StatedRelation {
  readonly relation: Relation;
  readonly target: string;
  readonly evidence: readonly Evidence[];
}

/** What somebody knows of a node. */
export interface KnownNode {
  readonly resolution: Exclude<Resolution, "unresolved">;
  readonly licenses: readonly string[];
  /** Where it was learnt: a reference, or an address with the day it was read. */
  readonly source: string;
  readonly evidence: readonly Evidence[];
}

export interface DraftNode {
  readonly id: string;
  readonly identity: Identity;
  /** As first stated. */
  readonly name: string;
  readonly known: KnownNode | null;
  readonly reason: UnresolvedReason | null;
}

export interface DraftEdge extends ChainEdge {
  readonly evidence: readonly Evidence[];
}

/** Statements looked at for one node; most repeat each other, file by file. */
const MAX_STATED = 5_000;
/** Parents kept of one node. */
const MAX_PARENTS = 64;
/** Places kept for one edge. */
const MAX_EVIDENCE = 6;

export class ChainDraft {
  readonly release: string;
  readonly #nodes = new Map<string, DraftNode>();
  /** Edges between two nodes, one or two: over derivatives, outputs, training. */
  readonly #edges = new Map<string, readonly DraftEdge[]>();
  /** Statements by which the release derives from itself. */
  readonly #selves: StatedRelation[] = [];
  #isCut = false;

  constructor(identity: Identity, name: string, known: KnownNode) {
    this.release = identity.id;
    this.#nodes.set(identity.id, { id: identity.id, identity, name, known, reason: null });
  }

  /** The release first, then its parents in the order they were met. */
  get nodes(): readonly DraftNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly DraftEdge[] {
    return [...this.#edges.values()]
      .flat()
      .sort((a, b) => compareText(a.child, b.child) || compareText(a.parent, b.parent) || compareText(a.relation, b.relation));
  }

  get selves(): readonly StatedRelation[] {
    return this.#selves;
  }

  /** Some node names more parents than are kept. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Adds what is stated about the parents of a node; returns the nodes that were not known before. */
  relate(child: string, stated: readonly StatedRelation[]): readonly DraftNode[] {
    const parents = withoutVague(stated.slice(0, MAX_STATED).flatMap((relation) => this.#placed(child, relation)));
    const known = new Set<string>();
    const kept = parents.filter(({ identity }) => (known.size < MAX_PARENTS || known.has(identity.id) ? known.add(identity.id) : false));
    this.#isCut ||= kept.length < parents.length || stated.length > MAX_STATED;
    const added: DraftNode[] = [];
    for (const { identity, stated: of } of kept) {
      if (!this.#nodes.has(identity.id)) {
        const node = { id: identity.id, identity, name: of.target, known: null, reason: null };
        this.#nodes.set(identity.id, node);
        added.push(node);
      }
      this.#connect(child, identity.id, of);
    }
    return added;
  }

  /** Adds a parent of the release that no document has to name; returns it if it was not known before. */
  attach(identity: Identity, stated: StatedRelation): readonly DraftNode[] {
    const known = this.#nodes.get(identity.id);
    const node = known ?? { id: identity.id, identity, name: stated.target, known: null, reason: null };
    this.#nodes.set(identity.id, node);
    this.#connect(this.release, identity.id, stated);
    return known === undefined ? [node] : [];
  }

  settle(id: string, known: KnownNode | UnresolvedReason): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    this.#nodes.set(id, typeof known === "string" ? { ...node, reason: known } : { ...node, known, reason: null });
  }

  chain(): ReleaseChain {
    const [release, ...others] = this.nodes.map(({ id, known }) => ({ id, licenses: known?.licenses ?? [] }));
    return { nodes: [release ?? { id: this.release, licenses: [] }, ...others], edges: this.edges };
  }

  /** Where a statement leads; nowhere for a trace on somebody's disk and for a release that names itself. */
  #placed(child: string, stated: StatedRelation): readonly Placed[] {
    const isData = stated.relation === "dataset" || stated.relation === "source-data";
    const method = stated.evidence[0]?.method;
    const isField = method === "front-matter" || method === "config" || method === "host-record";
    const identity = identityOf(stated.target, { isData, isField });
    if (identity.id === child) {
      if (child === this.release) this.#selves.push(stated);
      return [];
    }
    return identity.kind === "path" && !isKnownName(identity.words) ? [] : [{ identity, stated }];
  }

  /** One edge a relation; `base-model` says nothing beside a more telling word for what was done with the weights. */
  #connect(child: string, parent: string, { relation, evidence }: StatedRelation): void {
    const key = `${child}\0${parent}`;
    const edges = [...(this.#edges.get(key) ?? []), { child, parent, relation, evidence }];
    const telling = edges.find((edge) => edge.relation !== "base-model" && CHANNEL_OF[edge.relation] === "derivatives");
    const byRelation = new Map<Relation, DraftEdge>();
    for (const edge of edges) {
      const word = edge.relation === "base-model" ? (telling?.relation ?? "base-model") : edge.relation;
      const places = [...(byRelation.get(word)?.evidence ?? []), ...edge.evidence];
      const distinct = [...new Map(places.map((piece) => [piece.id, piece])).values()].slice(0, MAX_EVIDENCE);
      byRelation.set(word, { child, parent, relation: word, evidence: distinct });
    }
    this.#edges.set(key, [...byRelation.values()]);
  }
}

interface Placed {
  readonly identity: Identity;
  readonly stated: StatedRelation;
}

/** A bare name that says less of what another statement names in full is the same parent: its places go to that one. */
function withoutVague(all: readonly Placed[]): readonly Placed[] {
  return all.map((placed) => {
    const fuller = placed.identity.kind === "name" ? fullestOf(placed, all) : null;
    return fuller === null ? placed : { identity: fuller.identity, stated: { ...placed.stated, target: fuller.stated.target } };
  });
}

/** `Llama 2` beside `meta-llama/Llama-2-7b-hf` is that; beside `somebody/llama-2-7b-tuned` it is a parent of its own. */
function fullestOf({ identity, stated }: Placed, all: readonly Placed[]): Placed | null {
  const isKnown = knownRelease(identity) !== null;
  const fuller = all
    .filter(
      (other) =>
        CHANNEL_OF[other.stated.relation] === CHANNEL_OF[stated.relation] &&
        other.identity.words.length > identity.words.length &&
        isVaguer(identity.words, other.identity.words) &&
        (!isKnown || knownRelease(other.identity) !== null),
    )
    .sort((a, b) => rankOf(b) - rankOf(a) || compareText(a.identity.id, b.identity.id));
  return fuller[0] ?? null;
}

function rankOf({ identity }: Placed): number {
  return (identity.kind === "name" ? 0 : 1_000) + identity.words.length;
}
