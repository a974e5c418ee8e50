import type { PolicyReport, PolicyRuleReport } from "../../core/report.ts";
import type { Tone } from "../paint.ts";
import { safeText } from "../safe-text.ts";
import type { Sheet } from "./sheet.ts";

const MARKS: Readonly<Record<PolicyReport["result"], { readonly symbol: string; readonly tone: Tone }>> = {
  allow: { symbol: "✓", tone: "good" },
  review: { symbol: "?", tone: "unsure" },
  deny: { symbol: "✗", tone: "bad" },
};

/** Rules shown before --verbose is needed. */
const RULES = 20;

/** What a policy that the reader gave says; nothing without one. */
export function policy(sheet: Sheet, { policy: given }: { readonly policy?: PolicyReport }): void {
  if (given === undefined) return;
  sheet.heading("policy.heading");
  const { symbol, tone } = MARKS[given.result];
  const digest = safeText(given.digest.slice(0, DIGEST_SHOWN));
  const file = sheet.note(safeText(given.file), digest);
  sheet.block(sheet.pair(file, sheet.word(`policy.result.${given.result}`)), 4, `  ${sheet.paint(tone, symbol)} `);
  if (given.partial) sheet.block(sheet.word("policy.partial"), 4, "! ", "unsure");
  const telling = given.rules.filter(({ outcome }) => outcome !== "does-not-hold");
  const shown = sheet.options.verbose ? given.rules : telling;
  if (telling.length === 0) sheet.block(sheet.word("policy.no-rule"), 6);
  sheet.some(shown, RULES, 6, (rule) => oneRule(sheet, rule));
}

const DIGEST_SHOWN = "sha256:".length + 12;

function oneRule(sheet: Sheet, { id, effect, outcome, reason, detail, exception }: PolicyRuleReport): void {
  const { symbol, tone } = MARKS[outcome === "error" ? "review" : effect];
  const mark = outcome === "holds" || outcome === "error" ? sheet.paint(tone, symbol) : "-";
  const said = sheet.note(sheet.word(`policy.effect.${effect}`), outcome === "holds" ? "" : sheet.word(`policy.outcome.${outcome}`));
  const except = exception === undefined ? "" : sheet.say("policy.exception", { ...exception });
  sheet.block(sheet.pair(safeText(id), sheet.clauses([said, safeText(reason), safeText(detail ?? ""), except])), 6, `    ${mark} `);
}
