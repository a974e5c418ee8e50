// What `ajar license --compare` shows: two licenses, topic by topic.
import { isDeepStrictEqual } from "node:util";
import type { TermSaid, TermsDifference } from "../../core/terms.ts";
import type { ReportOptions } from "../report-options.ts";
import { safeText } from "../safe-text.ts";
import { Sheet } from "../table/sheet.ts";
import { clauseNote, saidValue } from "./values.ts";

/** One of the two, as far as it was made out. */
export interface ComparedSide {
  /** As it was asked for: an id, a name, a file. */
  readonly asked: string;
  readonly license: string | null;
  readonly state: "text" | "secondary" | "none" | "unread" | "modified" | "unknown" | "several" | "nothing";
  /** Digest of the text that the terms were read in. */
  readonly textDigest?: string;
  /** Licenses found, where that is not one license as it is. */
  readonly found?: readonly string[];
}

export interface TermsComparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** Null when the terms of one of them were not read. */
  readonly topics: readonly TermsDifference[] | null;
}

const MARKS: Readonly<Record<TermsDifference["verdict"], string>> = { different: "≠", alike: "≈", unknown: "?", same: "=" };
const HEX_SHOWN = "sha256:".length + 12;

export function renderComparison({ a, b, topics }: TermsComparison, options: ReportOptions): string {
  const sheet = new Sheet(options);
  side(sheet, "A", a);
  side(sheet, "B", b);
  sheet.line();
  if (topics === null) sheet.block(sheet.word("terms.not-compared"), 2);
  else rows(sheet, topics);
  return sheet.toString();
}

function side(sheet: Sheet, mark: string, { asked, license, state, textDigest, found = [] }: ComparedSide): void {
  const name = license === null || license === asked ? safeText(asked) : sheet.note(license, safeText(asked));
  sheet.block(sheet.pair(name, stateText(sheet, state, textDigest, found)), 3, `${mark}  `);
}

function stateText(sheet: Sheet, state: ComparedSide["state"], digest = "", found: readonly string[]): string {
  const [id = ""] = found;
  if (state === "text") return sheet.say("terms.side-text", { digest: digest.slice(0, HEX_SHOWN) });
  if (state === "modified") return sheet.say("terms.side-modified", { id });
  if (state === "several") return sheet.say("terms.side-several", { licenses: sheet.join(found) });
  return sheet.word(`terms.side-${state}`);
}

function rows(sheet: Sheet, topics: readonly TermsDifference[]): void {
  const isKnown = (topic: TermsDifference): boolean => topic.verdict !== "unknown" || isSaid(topic.a) || isSaid(topic.b);
  const shown = topics.filter((topic) => topic.verdict !== "same" && isKnown(topic));
  for (const group of alike(shown)) row(sheet, group);
  const same = topics.filter(({ verdict }) => verdict === "same").length;
  const dark = topics.length - same - shown.length;
  if (shown.length > 0) sheet.line();
  if (same === topics.length) sheet.block(sheet.word("terms.all-same"), 2);
  else if (same > 0) sheet.block(sheet.say("terms.same-count", { count: same }), 2);
  if (dark > 0) sheet.block(sheet.say("terms.unknown-count", { count: dark }), 2);
  sheet.block(sheet.word("terms.words"), 2);
}

/** Neighbours on which both licenses say the same as on the first, such as uses under one grant. */
function alike(topics: readonly TermsDifference[]): TermsDifference[][] {
  const groups: TermsDifference[][] = [];
  for (const topic of topics) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && isDeepStrictEqual([last[0].a, last[0].b], [topic.a, topic.b])) last.push(topic);
    else groups.push([topic]);
  }
  return groups;
}

function row(sheet: Sheet, group: readonly TermsDifference[]): void {
  const [first] = group;
  if (first === undefined) return;
  const names = group.map(({ topic }) => sheet.name(topic.slice(0, topic.indexOf(".")), topic.slice(topic.indexOf(".") + 1)));
  const note = first.verdict === "alike" ? sheet.word("terms.alike") : "";
  sheet.block(sheet.note(sheet.join(names), note), 2, `${MARKS[first.verdict]} `, "strong");
  said(sheet, "A", first.topic, first.a);
  said(sheet, "B", first.topic, first.b);
}

/** Whether something is known: an answer other than `unknown`, or words about it. */
function isSaid(terms: readonly TermSaid[]): boolean {
  return terms.some((term) => term.summary !== "" || !Object.values(term).includes("unknown"));
}

function said(sheet: Sheet, mark: string, topic: string, terms: readonly TermSaid[]): void {
  if (terms.length === 0) sheet.block(sheet.word("terms.nothing"), 6, `${mark}  `, "faint");
  for (const term of terms) {
    const value = saidValue(sheet, topic, term);
    const clause = clauseNote(sheet, term);
    const first = value === "" ? term.summary : value;
    sheet.block(sheet.note(first, clause), 6, `${mark}  `);
    if (value !== "" && term.summary !== "") sheet.block(term.summary, 6, "", "faint");
  }
}
