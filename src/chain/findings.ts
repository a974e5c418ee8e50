// Mismatches of a chain as findings: the release's own statement and the statement of the relation, both places, with clauses.
import type { ChainStep } from "../core/chain.ts";
import type { Evidence } from "../core/evidence.ts";
import type { Finding } from "../core/release.ts";
import type { Message, Severity } from "../core/report.ts";
import { compareText } from "../core/text.ts";
import { type Mismatch, mismatches } from "./compare.ts";
import type { ChainDraft, DraftEdge } from "./draft.ts";
import type { Bearing } from "./effective.ts";
import type { TermsSource } from "./terms-table.ts";

/** What the findings must know of the release beside its chain. */
export interface ReleaseSeen {
  /** License ids whose text lies in the release. */
  readonly texts: ReadonlySet<string>;
  /** The licensed thing itself is passed on here, not only spoken of. */
  readonly ships: boolean;
  /** Nothing that could hold a text was left unread. */
  readonly searchComplete: boolean;
  /** What it calls itself, as written; empty where that is not known. */
  readonly names: readonly string[];
}

/** Findings of one rule; more would say the same again. */
const MAX_EACH = 8;

/** What is wrong between a release and what it derives from. Empty where no evidence can be given. */
export function chainFindings(draft: ChainDraft, bearings: readonly Bearing[], terms: TermsSource, seen: ReleaseSeen): readonly Finding[] {
  const context: Context = { draft, seen, own: draft.nodes[0]?.known?.licenses.join(", ") ?? "", counts: new Map() };
  const found = mismatches(bearings, terms);
  return [
    ...found.flatMap((mismatch) => mismatchFinding(context, mismatch)),
    ...selfFindings(context),
    ...cycleFindings(context),
    ...contradictions(context),
  ];
}

interface Context {
  readonly draft: ChainDraft;
  readonly seen: ReleaseSeen;
  readonly own: string;
  readonly counts: Map<string, number>;
}

interface Draft {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: Omit<Message, "evidence">;
  readonly evidence: readonly Evidence[];
}

function make({ counts }: Context, { rule, severity, message, evidence }: Draft): readonly Finding[] {
  const [first, ...others] = [...new Map(evidence.map((piece) => [piece.id, piece])).values()];
  const count = (counts.get(rule) ?? 0) + 1;
  counts.set(rule, count);
  if (first === undefined || count > MAX_EACH) return [];
  const pieces = [first, ...others] as const;
  const finding = { ruleId: rule, severity, message: { ...message, evidence: pieces.map(({ id }) => id) }, evidence: pieces };
  return [first.path === "" ? finding : { ...finding, path: first.path }];
}

function mismatchFinding(context: Context, mismatch: Mismatch): readonly Finding[] {
  const { license, path } = mismatch;
  const base = { license, parent: wayOf(path), clause: mismatch.clauses.join(", ") || "none" };
  const evidence = [...ownPlaces(context), ...firstStep(context, path)];
  const { own } = context;
  switch (mismatch.kind) {
    case "license-dropped":
      return make(context, {
        rule: "chain/license-dropped",
        severity: "high",
        message: { id: "chain.license-dropped", args: { ...base, own } },
        evidence,
      });
    case "restriction-dropped": {
      const id = mismatch.binding ? "chain.restriction-dropped" : "chain.restriction-hidden";
      const ownClause = mismatch.ownClauses.join(", ") || "none";
      const args = { ...base, own, "own-clause": ownClause, uses: mismatch.uses.join(", ") };
      return make(context, { rule: "chain/restriction-dropped", severity: "high", message: { id, args }, evidence });
    }
    case "not-permitted": {
      if (mismatch.act === "redistribute" && !context.seen.ships) return [];
      const id = mismatch.family === "" ? "chain.not-permitted" : "chain.family-only";
      const args = mismatch.family === "" ? { ...base, use: mismatch.act } : { ...base, family: mismatch.family };
      return make(context, { rule: "chain/not-permitted", severity: "high", message: { id, args }, evidence: firstStep(context, path) });
    }
    case "incompatible-parents": {
      const { record, label } = mismatch.other;
      const args = { ...base, other: record.id, "other-parent": wayOf(label.path) };
      const places = [...firstStep(context, path), ...firstStep(context, label.path)];
      return make(context, {
        rule: "chain/incompatible-parents",
        severity: "high",
        message: { id: "chain.incompatible-parents", args },
        evidence: places,
      });
    }
    case "terms-may-reach": {
      const args = { ...base, own, uses: mismatch.uses.join(", ") };
      return make(context, { rule: "chain/terms-may-reach", severity: "low", message: { id: "chain.terms-may-reach", args }, evidence });
    }
    case "duty":
      return dutyFinding(context, mismatch, base);
  }
}

function dutyFinding(
  context: Context,
  { duty, license, path }: Extract<Mismatch, { kind: "duty" }>,
  base: Readonly<Record<string, string>>,
): readonly Finding[] {
  const { seen } = context;
  const evidence = firstStep(context, path);
  if (duty.kind === "name-prefix" && duty.words !== undefined) {
    const { words } = duty;
    if (seen.names.length === 0 || seen.names.some((name) => beginsWith(name, words))) return [];
    const args = { ...base, words, name: seen.names.join(", ") };
    return make(context, {
      rule: "chain/name-prefix-missing",
      severity: "medium",
      message: { id: "chain.name-prefix-missing", args },
      evidence,
    });
  }
  const isOwed = duty.kind === "license-text" && duty.on.includes("redistribute") && duty.above === undefined;
  if (!isOwed || !seen.ships || !seen.searchComplete || seen.texts.has(license)) return [];
  return make(context, { rule: "chain/text-missing", severity: "medium", message: { id: "chain.text-missing", args: base }, evidence });
}

/** `Meta` before the words is the licensor's own way of writing them. */
function beginsWith(name: string, words: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return plain(name)
    .replace(/^meta(?=llama)/u, "")
    .startsWith(plain(words).replace(/^meta(?=llama)/u, ""));
}

function selfFindings(context: Context): readonly Finding[] {
  const evidence = context.draft.selves.flatMap((stated) => stated.evidence);
  return make(context, { rule: "chain/self-reference", severity: "info", message: { id: "chain.self-reference" }, evidence });
}

/** Edges of ancestors that lead back to the release. */
function cycleFindings(context: Context): readonly Finding[] {
  const { draft } = context;
  const above = ancestorsOf(draft.release, draft.edges);
  const back = draft.edges.filter(({ child, parent }) => parent === draft.release && above.has(child));
  return back.flatMap(({ child, evidence }) => {
    const own = draft.edges.filter((edge) => edge.child === draft.release).flatMap((edge) => edge.evidence.slice(0, 1));
    const args = { parent: child };
    return make(context, { rule: "chain/cycle", severity: "low", message: { id: "chain.cycle", args }, evidence: [...own, ...evidence] });
  });
}

/** Relations that have one parent by their nature. */
const SINGLE = ["adapter", "quantized", "converted"] as const;

/** Two parents where there can be one, under different licenses, neither made from the other. */
function contradictions(context: Context): readonly Finding[] {
  const { draft } = context;
  const licensesOf = new Map(draft.nodes.map(({ id, known }) => [id, known?.licenses.toSorted(compareText).join(", ") ?? ""]));
  return SINGLE.flatMap((relation) => {
    const [first, ...others] = draft.edges.filter((edge) => edge.child === draft.release && edge.relation === relation);
    if (first === undefined) return [];
    return others.flatMap((second) => {
      const [one, two] = [licensesOf.get(first.parent) ?? "", licensesOf.get(second.parent) ?? ""];
      const isLine = ancestorsOf(first.parent, draft.edges).has(second.parent) || ancestorsOf(second.parent, draft.edges).has(first.parent);
      if (one === "" || two === "" || one === two || isLine) return [];
      const args = { relation, first: first.parent, second: second.parent, license: one, other: two };
      const evidence = [...first.evidence.slice(0, 1), ...second.evidence.slice(0, 1)];
      return make(context, {
        rule: "chain/contradictory-parents",
        severity: "medium",
        message: { id: "chain.contradictory-parents", args },
        evidence,
      });
    });
  });
}

function ancestorsOf(node: string, edges: readonly DraftEdge[]): ReadonlySet<string> {
  const parents = new Map<string, string[]>();
  for (const { child, parent } of edges) parents.set(child, [...(parents.get(child) ?? []), parent]);
  const reached = new Set<string>();
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const parent of parents.get(at) ?? []) {
      if (reached.has(parent)) continue;
      reached.add(parent);
      waiting.push(parent);
    }
  }
  return reached;
}

/** Nodes from the first parent to the one that states the license. */
function wayOf(path: readonly ChainStep[]): string {
  return path.map(({ node }) => node).join(" > ");
}

function ownPlaces({ draft }: Context): readonly Evidence[] {
  return draft.nodes[0]?.known?.evidence.slice(0, 2) ?? [];
}

function firstStep({ draft }: Context, path: readonly ChainStep[]): readonly Evidence[] {
  const [step] = path;
  const edge = draft.edges.find(
    ({ child, parent, relation }) => child === draft.release && parent === step?.node && relation === step.relation,
  );
  return edge?.evidence.slice(0, 2) ?? [];
}
