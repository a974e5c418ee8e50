// What changed between two reports, for a terminal or as Markdown.
import type { Change, ChangeArea, Difference } from "../comparison/diff.ts";
import { toJson } from "./json.ts";
import { escapeMarkdown } from "./markdown.ts";
import { lookup } from "./messages.ts";
import type { Tone } from "./paint.ts";
import { Phrases } from "./phrases.ts";
import type { ReportOptions } from "./report-options.ts";
import { safeText } from "./safe-text.ts";
import { Sheet } from "./table/sheet.ts";

const MARKS: Readonly<Record<Change["direction"], { readonly symbol: string; readonly tone: Tone }>> = {
  better: { symbol: "+", tone: "good" },
  worse: { symbol: "-", tone: "bad" },
  changed: { symbol: "~", tone: "unsure" },
};

const AREAS: readonly ChangeArea[] = ["headline", "verdict", "criterion", "component", "license", "finding", "coverage", "file"];
/** Files that evidence rests on change with every revision; a reader wants the first few. */
const SHOWN: Readonly<Partial<Record<ChangeArea, number>>> = { file: 12 };
const SHORT_DIGEST = 19;

export function differenceJson(difference: Difference): string {
  return toJson(difference);
}

export function differenceTable(difference: Difference, options: ReportOptions): string {
  const sheet = new Sheet(options);
  sheet.line(sheet.paint("strong", `${safeText(difference.old.ref)} -> ${safeText(difference.new.ref)}`));
  sheet.block(`${difference.old.digest.slice(0, SHORT_DIGEST)} -> ${difference.new.digest.slice(0, SHORT_DIGEST)}`, 2, "", "faint");
  for (const note of notes(difference, sheet)) sheet.block(note, 4, "  ! ", "unsure");
  for (const area of AREAS) {
    const lines = linesOf(difference, area, sheet, options);
    if (lines.length === 0) continue;
    sheet.heading(`diff.${area}`);
    sheet.some(lines, SHOWN[area] ?? lines.length, 4, ({ direction, text }) => {
      const { symbol, tone } = MARKS[direction];
      sheet.block(text, 4, `  ${sheet.paint(tone, symbol)} `);
    });
  }
  sheet.line();
  sheet.block(difference.changes.length === 0 ? sheet.word("diff.none") : summary(difference, sheet), 2);
  return sheet.toString();
}

export function differenceMarkdown(difference: Difference, options: ReportOptions): string {
  const phrases = new Phrases(options.language);
  const blocks = AREAS.flatMap((area) => {
    const lines = linesOf(difference, area, phrases, options);
    if (lines.length === 0) return [];
    const items = lines.map(({ direction, text }) => `- \`${MARKS[direction].symbol}\` ${escapeMarkdown(text)}`);
    return [`### ${escapeMarkdown(phrases.word(`diff.${area}`))}\n\n${items.join("\n")}`];
  });
  const head = `## ${escapeMarkdown(difference.old.ref)} → ${escapeMarkdown(difference.new.ref)}`;
  const told = notes(difference, phrases).map((note) => `> ${escapeMarkdown(note)}`);
  const end = difference.changes.length === 0 ? phrases.word("diff.none") : summary(difference, phrases);
  return `${[head, ...told, ...blocks, escapeMarkdown(end)].join("\n\n")}\n`;
}

interface Line {
  readonly direction: Change["direction"];
  readonly text: string;
}

/** A finding in many files is one line with the first of them, unless every one is asked for. */
function linesOf({ changes }: Difference, area: ChangeArea, phrases: Phrases, { verbose }: ReportOptions): readonly Line[] {
  const groups = new Map<string, [Change, ...Change[]]>();
  for (const change of changes) {
    if (change.area !== area) continue;
    const { id, aspect, from, to, direction } = change;
    const key = area === "finding" && verbose !== true ? [id, from, to, direction] : [id, aspect, from, to, direction];
    const group = groups.get(JSON.stringify(key));
    if (group === undefined) groups.set(JSON.stringify(key), [change]);
    else group.push(change);
  }
  return [...groups.values()].map((group) => ({ direction: group[0].direction, text: groupText(group, phrases) }));
}

function groupText(group: readonly [Change, ...Change[]], phrases: Phrases): string {
  const [first] = group;
  if (group.length === 1) return sentence(first, phrases);
  return sentence({ ...first, aspect: phrases.say("diff.files", { count: group.length, path: safeText(first.aspect) }) }, phrases);
}

function notes(difference: Difference, phrases: Phrases): readonly string[] {
  return [
    ...(difference.sameRules ? [] : [phrases.say("diff.other-rules", { old: difference.old.rules, new: difference.new.rules })]),
    ...(difference.sameTarget ? [phrases.word("diff.same-target")] : []),
  ];
}

function summary({ changes }: Difference, phrases: Phrases): string {
  const count = (direction: Change["direction"]): number => changes.filter((change) => change.direction === direction).length;
  return phrases.say("diff.summary", { better: count("better"), worse: count("worse"), changed: count("changed") });
}

function sentence(change: Change, phrases: Phrases): string {
  const from = valueName(change, change.from, phrases);
  const to = valueName(change, change.to, phrases);
  const name = subjectName(change, phrases);
  if (change.from === null) return phrases.say("diff.added", { what: name, to });
  if (change.to === null) return phrases.say("diff.removed", { what: name, from });
  return phrases.say("diff.changed", { what: name, from, to });
}

function subjectName({ area, id, aspect }: Change, phrases: Phrases): string {
  switch (area) {
    case "headline":
      return phrases.word(`diff.aspect.${aspect}`);
    case "verdict": {
      const [standard = id, profile = ""] = id.split(" ");
      return phrases.note(phrases.join([phrases.name("standard", standard), profile]), phrases.word(`diff.aspect.${aspect}`));
    }
    case "criterion": {
      const [bare = id, profile = ""] = id.split(" ");
      return phrases.note(phrases.criterionName(bare), phrases.join([id === bare ? "" : profile.replace(/[()]/gu, ""), safeText(bare)]));
    }
    case "component":
      return phrases.note(phrases.name("component", id), phrases.word(`diff.aspect.${aspect}`));
    case "finding":
      return phrases.note(lookup(`finding.${id}`, phrases.language) ?? id, safeText(aspect));
    case "coverage":
      return phrases.word("diff.aspect.complete");
    default:
      return safeText(id);
  }
}

/** The value's name in the vocabulary that the aspect is written in; bare where nobody named it. */
function valueName({ area, aspect }: Change, value: string | null, phrases: Phrases): string {
  if (value === null) return "";
  if (aspect === "digest") return safeText(value.slice(0, SHORT_DIGEST));
  if (aspect === "availability" || aspect === "openness") return phrases.word(`${aspect}.${value}`);
  if (aspect === "result") return phrases.word(`outcome.${value}`);
  if (aspect === "word") return phrases.word(`word.${value}`);
  if (area === "finding") return phrases.word(`severity.${value}`);
  if (aspect === "partial" || aspect === "complete") return phrases.word(`diff.${value}`);
  const label = phrases.name("label", value);
  return label === safeText(value) ? phrases.name("level", value) : label;
}
