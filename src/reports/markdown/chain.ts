import { distinctDuties, dutyText, edgesByOrigin, groundsText, groupedUses, licensesText, namesOf } from "../chain-phrases.ts";
import { escapeMarkdown as text } from "../markdown.ts";
import { PERMISSION_MARKS } from "../table/marks.ts";
import { bullets, table, type Writer } from "./writer.ts";

/** Grounds of one use before --verbose is needed. */
const GROUNDS = 4;

/** What the release derives from, what all licenses allow together, and what they ask; nothing where no relation was found. */
export function chain(writer: Writer): string {
  const { phrases, report, options } = writer;
  const found = report.chain;
  if (found.edges.length === 0) return "";
  const names = namesOf(found);
  const { own, others } = edgesByOrigin(found);
  const byId = new Map(found.nodes.map((node) => [node.id, node]));
  const parents = writer.some([...own, ...others]);
  const lines = parents.shown.map((edge) => {
    const args = {
      relation: phrases.name("relation", edge.relation),
      parent: names.get(edge.parent) ?? "",
      child: names.get(edge.child) ?? "",
    };
    const said = phrases.say(own.includes(edge) ? "chain.parent" : "chain.grandparent", args);
    return text(phrases.pair(said, licensesText(phrases, byId.get(edge.parent)))) + writer.numbers(edge.evidence);
  });
  const uses = groupedUses(phrases, found).map((same) => [
    text(phrases.join(same.map(({ use }) => phrases.name("use", use)))),
    `${PERMISSION_MARKS[same[0].permission].symbol} ${text(phrases.name("permission", same[0].permission))}`,
    text(groundsText(phrases, same[0], names, options.verbose ? Number.POSITIVE_INFINITY : GROUNDS)),
  ]);
  const head = ["report.column-use", "report.column-permission", "report.column-because"].map((id) => text(phrases.word(id)));
  const duties = writer.some(distinctDuties(found));
  const sections = [
    bullets(lines) + parents.more,
    found.complete ? "" : `**${text(phrases.word("chain.incomplete"))}**`,
    text(phrases.word("chain.together")),
    table(head, uses),
    ...(found.duties.length === 0
      ? []
      : [text(phrases.word("chain.duties")), bullets(duties.shown.map((duty) => text(dutyText(phrases, duty)))) + duties.more]),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}
