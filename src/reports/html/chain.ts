// What the release derives from and what all licenses allow together: a drawing, and the same in words for those who cannot see it.
import type { ChainEdgeReport, ChainNodeReport, ChainUseReport } from "../../core/report.ts";
import { distinctDuties, dutyText, edgesByOrigin, groundsText, groupedUses, licensesText, type Names, namesOf } from "../chain-phrases.ts";
import { Phrases } from "../phrases.ts";
import { PERMISSION_MARKS } from "../table/marks.ts";
import { chainGraph } from "./chain-graph.ts";
import type { Page } from "./sections.ts";

/** Parents, grounds of one use, and duties that the page lists; JSON and CSV have all. */
const PARENTS = 100;
const GROUNDS = 6;
const DUTIES = 60;

const TONES: Readonly<Record<ChainUseReport["permission"], string>> = {
  allowed: "good",
  conditional: "unsure",
  unknown: "unsure",
  forbidden: "bad",
};

/** Nothing where no relation was found. */
export function chain(page: Page): string {
  const { report, trio } = page;
  const found = report.chain;
  if (found.edges.length === 0) return "";
  const names = namesOf(found);
  const byId = new Map(found.nodes.map((node) => [node.id, node]));
  const { own, others } = edgesByOrigin(found);
  const parents = [...own, ...others].map((edge) => parent(page, edge, { byId, names, isOwn: own.includes(edge) }));
  const incomplete = found.complete ? "" : `<p class="provisional">${trio.word("chain.incomplete")}</p>`;
  const uses = groupedUses(new Phrases("en"), found).map((same) => sameUses(page, same, names));
  return `${chainGraph(page)}
<ul class="parents">${some(page, parents, PARENTS)}</ul>${incomplete}
<h3>${trio.word("chain.together")}</h3><ul class="uses">${uses.join("\n")}</ul>${duties(page)}`;
}

function some({ trio }: Page, items: readonly string[], limit: number): string {
  const left = items.length - Math.min(items.length, limit);
  const more = left === 0 ? "" : `<li class="faint">${trio.say((phrases) => phrases.say("html.files-more", { count: left }))}</li>`;
  return items.slice(0, limit).join("\n") + more;
}

interface Known {
  readonly byId: ReadonlyMap<string, ChainNodeReport>;
  readonly names: Names;
  readonly isOwn: boolean;
}

function parent({ trio, citations }: Page, edge: ChainEdgeReport, { byId, names, isOwn }: Known): string {
  const said = trio.say((phrases) => {
    const args = {
      relation: phrases.name("relation", edge.relation),
      parent: names.get(edge.parent) ?? "",
      child: names.get(edge.child) ?? "",
    };
    return phrases.pair(phrases.say(isOwn ? "chain.parent" : "chain.grandparent", args), licensesText(phrases, byId.get(edge.parent)));
  });
  return `<li>${said}${citations.links(edge.evidence)}</li>`;
}

function sameUses({ trio }: Page, same: readonly [ChainUseReport, ...ChainUseReport[]], names: Names): string {
  const [first] = same;
  const { permission } = first;
  const { symbol } = PERMISSION_MARKS[permission];
  const uses = trio.say((phrases) => phrases.join(same.map(({ use }) => phrases.name("use", use))));
  const grounds = trio.say((phrases) => groundsText(phrases, first, names, GROUNDS));
  return `<li><span class="permission ${TONES[permission]}"><span aria-hidden="true">${symbol}</span> ${trio.name("permission", permission)}</span> <strong>${uses}</strong>${grounds === "" ? "" : `<br><span class="grounds">${grounds}</span>`}</li>`;
}

function duties(page: Page): string {
  const { report, trio } = page;
  if (report.chain.duties.length === 0) return "";
  const items = distinctDuties(report.chain).map((duty) => `<li>${trio.say((phrases) => dutyText(phrases, duty))}</li>`);
  return `<h3>${trio.word("chain.duties")}</h3><ul>${some(page, items, DUTIES)}</ul>`;
}
