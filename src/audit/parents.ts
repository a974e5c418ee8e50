// What can be learnt of a parent outside the release: targets given with it, the catalogue, the hub.

import { type KnownRelease, knownRelease } from "../chain/catalogue.ts";
import type { DraftNode, KnownNode, StatedRelation } from "../chain/draft.ts";
import { statedLicenses } from "../components/coverage.ts";
import { weighComponents } from "../components/weigh.ts";
import type { UnresolvedReason } from "../core/chain.ts";
import { AjarError, type ErrorCode } from "../core/errors.ts";
import type { Evidence } from "../core/evidence.ts";
import { type Fact, factsOf } from "../core/fact.ts";
import type { CoveringLicense } from "../core/release.ts";
import type { Source, SourceContext } from "../core/source.ts";
import { FilteredSource, pathFilter } from "../sources/filtered.ts";
import { openSource } from "../sources/open.ts";
import { RecordOnly } from "../sources/record-only.ts";
import { observe, type PartResult } from "./observe.ts";
import { providers } from "./providers.generated.ts";

/** A node looked up: what is known of it, or why nothing is, and what it says it derives from. */
export interface Lookup {
  readonly outcome: KnownNode | UnresolvedReason;
  readonly relations: readonly StatedRelation[];
}

/** Repositories asked of the hub in one audit. */
const MAX_ASKED = 48;
/** Places kept for the license of a node. */
const MAX_EVIDENCE = 4;

/** Documents that say what a release is under and made from. */
const DOCUMENTS = [
  "@host/**",
  "README.md",
  "LICENSE*",
  "LICENCE*",
  "COPYING*",
  "NOTICE*",
  "*LICENSE*",
  "config.json",
  "adapter_config.json",
];
const RECORD = "@host/model-info.json";

export class ParentLookup {
  readonly #context: SourceContext;
  readonly #follows: boolean;
  #asked = 0;
  #requests = 0;
  #bytesRead = 0;

  constructor(context: SourceContext, follows: boolean) {
    this.#context = context;
    this.#follows = follows;
  }

  /** What looking up has cost so far. */
  get usage(): { readonly requests: number; readonly bytesRead: number } {
    return { requests: this.#requests, bytesRead: this.#bytesRead };
  }

  async find(node: DraftNode): Promise<Lookup> {
    const known = knownRelease(node.identity);
    if (known !== null) return fromCatalogue(known);
    if (node.identity.kind === "path") return { outcome: "local-path", relations: [] };
    if (node.identity.kind === "name") return { outcome: "name-only", relations: [] };
    if (node.identity.kind === "url" || !this.#follows) return { outcome: "not-followed", relations: [] };
    if (this.#asked >= MAX_ASKED) return { outcome: "limit", relations: [] };
    this.#asked += 1;
    return await this.#ask(node.id);
  }

  async #ask(reference: string): Promise<Lookup> {
    this.#context.progress(`looking up ${reference}`);
    try {
      const brief = await this.#observe(reference, recordOf);
      const isNamed = brief !== null && factsOf(brief.facts, "license").some(({ license }) => license !== null);
      const result = isNamed ? brief : await this.#observe(reference, documentsOf);
      return result === null ? { outcome: "not-found", relations: [] } : lookupOf(result, "host");
    } catch (error) {
      if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || this.#context.signal.aborted) throw error;
      return { outcome: REASONS[error.code] ?? "unreachable", relations: [] };
    }
  }

  async #observe(reference: string, view: (source: Source) => Source | null): Promise<PartResult | null> {
    const source = await openSource(reference, this.#context, providers);
    try {
      const seen = view(source);
      return seen === null ? null : await observe(seen, "all", this.#context);
    } finally {
      const { requests, bytesRead } = source.usage;
      this.#requests += requests;
      this.#bytesRead += bytesRead;
      await source.close();
    }
  }
}

/** The local cache of the hub keeps no record. */
function recordOf(source: Source): Source | null {
  return source.listingProblem === null ? new RecordOnly(source, RECORD) : null;
}

function documentsOf(source: Source): Source | null {
  const filter = pathFilter(DOCUMENTS, []);
  return filter === null ? source : new FilteredSource(source, filter, () => false);
}

const REASONS: Readonly<Partial<Record<ErrorCode, UnresolvedReason>>> = {
  NOT_FOUND: "not-found",
  REVISION_NOT_FOUND: "not-found",
  BAD_REFERENCE: "not-found",
  NOTHING_AUDITABLE: "no-license",
  GATED: "gated",
  UNAUTHORIZED: "gated",
  OFFLINE: "offline",
};

function fromCatalogue({ licenses, source, from }: KnownRelease): Lookup {
  return {
    outcome: { resolution: "catalogue", licenses, source, evidence: [] },
    relations: from.map(({ relation, target }) => ({ relation, target, evidence: [] })),
  };
}

/** What an observed target says of its license and its parents. */
export function lookupOf(result: PartResult, resolution: "target" | "host"): Lookup {
  const covering = coveringOf(result);
  const licenses = covering.map(({ id }) => id);
  const evidence = covering.flatMap((license) => license.evidence.slice(0, 1)).slice(0, MAX_EVIDENCE);
  const known = { resolution, licenses, source: result.inventory.ref, evidence } as const;
  return { outcome: licenses.length === 0 ? "no-license" : known, relations: relationsOf(result.facts) };
}

function coveringOf({ inventory, facts }: PartResult): readonly CoveringLicense[] {
  const isData = inventory.kind === "hub-dataset" || inventory.part === "data";
  const component = weighComponents(facts, [inventory]).get(isData ? "training-data" : "weights");
  if (component !== undefined && component.licenses.length > 0) return component.licenses;
  return statedLicenses(isData ? "data" : "weights", factsOf(facts, "license"));
}

/** Stated relations of a release to others; siblings are the release itself. */
export function relationsOf(
  facts: readonly Fact[],
): readonly (StatedRelation & { readonly evidence: readonly [Evidence, ...Evidence[]] })[] {
  return factsOf(facts, "relation")
    .filter(({ sibling }) => sibling !== true)
    .map(({ relation, target, evidence }) => ({ relation, target, evidence }));
}
