// The chain of a release in words; every output for people says it with these.
import type { ChainEdgeReport, ChainNodeReport, ChainOriginReport, ChainReport, ChainUseReport } from "../core/report.ts";
import type { Phrases } from "./phrases.ts";
import { safeText } from "./safe-text.ts";

/** How each node is called: an id says what is meant; what is only a name or a path is called as stated. */
export type Names = ReadonlyMap<string, string>;

export function namesOf({ nodes }: ChainReport): Names {
  return new Map(nodes.map((node) => [node.id, nodeName(node)]));
}

export function nodeName({ id, name }: Pick<ChainNodeReport, "id" | "name">): string {
  return safeText(/^(?:release$|name:|path:|target:)/u.test(id) ? name : id);
}

/** Edges that begin at the release, then all others. */
export function edgesByOrigin({ nodes, edges }: ChainReport): {
  readonly own: readonly ChainEdgeReport[];
  readonly others: readonly ChainEdgeReport[];
} {
  const release = nodes[0]?.id ?? "";
  return { own: edges.filter(({ child }) => child === release), others: edges.filter(({ child }) => child !== release) };
}

/** Licenses of a node, and who said so or why nobody could: `Apache-2.0 (the host's record)`. */
export function licensesText(phrases: Phrases, node: ChainNodeReport | undefined): string {
  const licenses =
    node === undefined || node.licenses.length === 0 ? phrases.word("chain.no-license") : phrases.join(node.licenses.map(safeText));
  const how = node?.reason ?? node?.resolution ?? "unresolved";
  return phrases.note(licenses, phrases.name("chain.how", how));
}

/** Uses of which the same is said in the same words, the first of them first. */
export function groupedUses(phrases: Phrases, chain: ChainReport): readonly (readonly [ChainUseReport, ...ChainUseReport[]])[] {
  const names = namesOf(chain);
  const groups = new Map<string, [ChainUseReport, ...ChainUseReport[]]>();
  for (const use of chain.uses) {
    const key = `${use.permission} ${groundsText(phrases, use, names, Number.POSITIVE_INFINITY)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [use]);
    else group.push(use);
  }
  return [...groups.values()];
}

/** What ties or bars a use: kinds of condition, then at most `limit` grounds; nothing where it is allowed. */
export function groundsText(phrases: Phrases, { permission, because, conditions }: ChainUseReport, names: Names, limit: number): string {
  if (permission === "allowed") return "";
  const grounds = [...new Set(because.map((ground) => groundText(phrases, ground, names)))];
  const left = grounds.length - Math.min(grounds.length, limit);
  const kinds = permission === "conditional" ? conditions.map(({ kind }) => phrases.name("license-condition", kind)) : [];
  return phrases.clauses([
    phrases.join([...new Set(kinds)]),
    ...grounds.slice(0, limit),
    ...(left > 0 ? [phrases.say("report.more", { count: left })] : []),
  ]);
}

/** `Llama-2, clause 2, fine-tuned from owner/name`: the license, the place in it, and the way it came. */
function groundText(phrases: Phrases, { license, clause, reach, path }: ChainOriginReport, names: Names): string {
  const end = path.at(-1);
  const place = clause === "" ? "" : phrases.say("report.clause", { clause });
  const way = end === undefined ? "" : phrases.say("chain.through", { node: names.get(end.node) ?? "" });
  if (license === "unknown") return phrases.note(phrases.word("chain.no-license"), way);
  const how = reach === "made-against" || reach === "possible" ? phrases.name("reach", reach) : "";
  return phrases.note(safeText(license), phrases.join([place, way, how]));
}

type DutyReport = ChainReport["duties"][number];

/** Each duty once a license, whatever ways it came. */
export function distinctDuties({ duties }: ChainReport): readonly DutyReport[] {
  const seen = new Map<string, DutyReport>();
  for (const duty of duties) {
    const { kind, words = "", license, clause, certain } = duty;
    const key = JSON.stringify([kind, words, license, clause, certain]);
    if (!seen.has(key)) seen.set(key, duty);
  }
  return [...seen.values()];
}

/** `display: "Built with Llama" (Llama-2, clause 1.b)`. */
export function dutyText(phrases: Phrases, { kind, words, license, clause, certain }: DutyReport): string {
  const what = phrases.name("license-duty", kind);
  const duty = words === undefined ? what : phrases.pair(what, phrases.say("report.quote", { words: safeText(words) }));
  const place = clause === "" ? "" : phrases.say("report.clause", { clause });
  return phrases.note(duty, phrases.join([safeText(license), place, certain ? "" : phrases.name("reach", "possible")]));
}
