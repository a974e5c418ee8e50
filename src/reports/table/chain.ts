import type { ChainEdgeReport, ChainNodeReport, ChainOriginReport, ChainReport, ChainUseReport, Report } from "../../core/report.ts";
import { nameOf } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { PERMISSION_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Parents, grounds and duties shown before --verbose is needed. */
const PARENTS = 8;
const GROUNDS = 2;
const DUTIES = 6;

/** What the release derives from, what all licenses allow together, and what they ask; nothing where nothing was found. */
export function chain(sheet: Sheet, report: Report): void {
  const { nodes, edges, uses, duties } = report.chain;
  if (edges.length === 0) return;
  sheet.heading("chain.heading");
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const names: Names = new Map(nodes.map(({ id, name }) => [id, safeText(/^(?:name|path|target):/u.test(id) ? name : id)]));
  const release = nodes[0]?.id ?? "";
  const own = edges.filter(({ child }) => child === release);
  const others = edges.filter(({ child }) => child !== release);
  sheet.some(own, PARENTS, 4, (edge) => parent(sheet, edge, { byId, names }, "- "));
  sheet.some(others, PARENTS, 6, (edge) => parent(sheet, edge, { byId, names }, "^ "));
  if (!report.chain.complete) sheet.block(sheet.word("chain.incomplete"), 4, "! ", "unsure");
  sheet.block(sheet.word("chain.together"), 2);
  for (const same of grouped(sheet, uses, names)) sameUses(sheet, same);
  if (duties.length > 0) sheet.block(sheet.word("chain.duties"), 2);
  sheet.some(distinct(sheet, report.chain), DUTIES, 4, (duty) => sheet.block(duty, 4, "- "));
}

/** How each node is called: an id says what is meant; what is only a name or a path is called as stated. */
type Names = ReadonlyMap<string, string>;

interface Known {
  readonly byId: ReadonlyMap<string, ChainNodeReport>;
  readonly names: Names;
}

function parent(sheet: Sheet, edge: ChainEdgeReport, { byId, names }: Known, lead: string): void {
  const node = byId.get(edge.parent);
  const { language } = sheet.options;
  const relation = nameOf("relation", edge.relation, language);
  const args = { relation, parent: names.get(edge.parent) ?? "", child: names.get(edge.child) ?? "" };
  const said = sheet.say(lead === "- " ? "chain.parent" : "chain.grandparent", args);
  const licenses =
    node === undefined || node.licenses.length === 0 ? sheet.word("chain.no-license") : sheet.join(node.licenses.map(safeText));
  const how = node?.reason ?? node?.resolution ?? "unresolved";
  sheet.block(
    sheet.pair(said, sheet.note(licenses, nameOf("chain.how", how, language))) + sheet.numbers(edge.evidence),
    lead === "- " ? 4 : 6,
    lead,
  );
}

interface SameUses {
  readonly permission: ChainUseReport["permission"];
  readonly details: string;
  readonly names: readonly string[];
}

/** Uses of which the same is said in the same words share a line. */
function grouped(sheet: Sheet, uses: readonly ChainUseReport[], called: Names): readonly SameUses[] {
  const groups = new Map<string, SameUses>();
  for (const use of uses) {
    const { permission } = use;
    const details = detailsOf(sheet, use, called);
    const key = `${permission} ${details}`;
    const names = [...(groups.get(key)?.names ?? []), nameOf("use", use.use, sheet.options.language)];
    groups.set(key, { permission, details, names });
  }
  return [...groups.values()];
}

function sameUses(sheet: Sheet, { permission, details, names }: SameUses): void {
  const { symbol, tone } = PERMISSION_MARKS[permission];
  const said = sheet.pair(sheet.join(names), nameOf("permission", permission, sheet.options.language));
  sheet.block(sheet.clauses([said, details]), 6, `  ${sheet.paint(tone, symbol)} `);
}

function detailsOf(sheet: Sheet, { permission, because, conditions }: ChainUseReport, names: Names): string {
  if (permission === "allowed") return "";
  const grounds = [...new Set(because.map((ground) => groundText(sheet, ground, names)))];
  const shown = sheet.options.verbose ? grounds : grounds.slice(0, GROUNDS);
  const left = grounds.length - shown.length;
  const kinds = permission === "conditional" ? conditions.map(({ kind }) => nameOf("license-condition", kind, sheet.options.language)) : [];
  return sheet.clauses([sheet.join([...new Set(kinds)]), ...shown, ...(left > 0 ? [sheet.say("report.more", { count: left })] : [])]);
}

/** `Llama-2, clause 2, fine-tuned from owner/name`: the license, the place in it, and the way it came. */
function groundText(sheet: Sheet, { license, clause, reach, path }: ChainOriginReport, names: Names): string {
  const { language } = sheet.options;
  const end = path.at(-1);
  const place = clause === "" ? "" : sheet.say("report.clause", { clause });
  const way = end === undefined ? "" : sheet.say("chain.through", { node: names.get(end.node) ?? "" });
  if (license === "unknown") return sheet.note(sheet.word("chain.no-license"), way);
  const how = reach === "made-against" || reach === "possible" ? nameOf("reach", reach, language) : "";
  return sheet.note(safeText(license), sheet.join([place, way, how]));
}

/** Each duty once a license, whatever ways it came. */
function distinct(sheet: Sheet, { duties }: ChainReport): readonly string[] {
  const { language } = sheet.options;
  const said = duties.map(({ kind, words, license, clause, certain }) => {
    const what = nameOf("license-duty", kind, language);
    const duty = words === undefined ? what : sheet.pair(what, sheet.say("report.quote", { words: safeText(words) }));
    const place = clause === "" ? "" : sheet.say("report.clause", { clause });
    return sheet.note(duty, sheet.join([safeText(license), place, certain ? "" : nameOf("reach", "possible", language)]));
  });
  return [...new Set(said)];
}
