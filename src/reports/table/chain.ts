import type { ChainEdgeReport, ChainNodeReport, ChainUseReport, Report } from "../../core/report.ts";
import { distinctDuties, dutyText, edgesByOrigin, groundsText, groupedUses, licensesText, type Names, namesOf } from "../chain-phrases.ts";
import { PERMISSION_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Parents, grounds and duties shown before --verbose is needed. */
const PARENTS = 8;
const GROUNDS = 2;
const DUTIES = 6;

/** What the release derives from, what all licenses allow together, and what they ask; nothing where nothing was found. */
export function chain(sheet: Sheet, { chain: found }: Report): void {
  if (found.edges.length === 0) return;
  sheet.heading("chain.heading");
  const known = { byId: new Map(found.nodes.map((node) => [node.id, node])), names: namesOf(found) };
  const { own, others } = edgesByOrigin(found);
  sheet.some(own, PARENTS, 4, (edge) => parent(sheet, edge, known, "- "));
  sheet.some(others, PARENTS, 6, (edge) => parent(sheet, edge, known, "^ "));
  if (!found.complete) sheet.block(sheet.word("chain.incomplete"), 4, "! ", "unsure");
  sheet.block(sheet.word("chain.together"), 2);
  for (const same of groupedUses(sheet, found)) sameUses(sheet, same, known.names);
  if (found.duties.length > 0) sheet.block(sheet.word("chain.duties"), 2);
  sheet.some(distinctDuties(found), DUTIES, 4, (duty) => sheet.block(dutyText(sheet, duty), 4, "- "));
}

interface Known {
  readonly byId: ReadonlyMap<string, ChainNodeReport>;
  readonly names: Names;
}

function parent(sheet: Sheet, edge: ChainEdgeReport, { byId, names }: Known, lead: string): void {
  const args = {
    relation: sheet.name("relation", edge.relation),
    parent: names.get(edge.parent) ?? "",
    child: names.get(edge.child) ?? "",
  };
  const said = sheet.say(lead === "- " ? "chain.parent" : "chain.grandparent", args);
  const licenses = licensesText(sheet, byId.get(edge.parent));
  sheet.block(sheet.pair(said, licenses) + sheet.numbers(edge.evidence), lead === "- " ? 4 : 6, lead);
}

function sameUses(sheet: Sheet, same: readonly [ChainUseReport, ...ChainUseReport[]], names: Names): void {
  const [first] = same;
  const { symbol, tone } = PERMISSION_MARKS[first.permission];
  const uses = sheet.join(same.map(({ use }) => sheet.name("use", use)));
  const said = sheet.pair(uses, sheet.name("permission", first.permission));
  const grounds = groundsText(sheet, first, names, sheet.options.verbose ? Number.POSITIVE_INFINITY : GROUNDS);
  sheet.block(sheet.clauses([said, grounds]), 6, `  ${sheet.paint(tone, symbol)} `);
}
