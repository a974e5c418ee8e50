import type { PolicyReport, PolicyRuleReport } from "../../core/report.ts";
import { safeText } from "../safe-text.ts";
import { escapeHtml } from "./escape.ts";
import type { Page } from "./sections.ts";
import type { Trio } from "./trio.ts";

const TONES: Readonly<Record<PolicyReport["result"], string>> = { allow: "good", review: "unsure", deny: "bad" };

/** What a policy that the reader gave says, rules that hold first; nothing without one. */
export function policy({ report, trio }: Page): string {
  const given = report.policy;
  if (given === undefined) return "";
  const partial = given.partial ? `<p class="provisional">${trio.word("policy.partial")}</p>` : "";
  const telling = given.rules.filter(({ outcome }) => outcome !== "does-not-hold");
  const others = given.rules.filter(({ outcome }) => outcome === "does-not-hold");
  const none = telling.length === 0 ? `<p>${trio.word("policy.no-rule")}</p>` : "";
  const rules = [...telling, ...others].map((one) => `<li>${rule(trio, one)}</li>`).join("\n");
  return `<p><span class="permission ${TONES[given.result]}">${trio.word(`policy.result.${given.result}`)}</span> <code>${escapeHtml(safeText(given.file))}</code></p><p class="digest">${escapeHtml(safeText(given.digest))}</p>${partial}${none}<ul>${rules}</ul>`;
}

function rule(trio: Trio, { id, effect, outcome, reason, detail, exception }: PolicyRuleReport): string {
  const said = trio.say((phrases) =>
    phrases.clauses([
      phrases.note(phrases.word(`policy.effect.${effect}`), outcome === "holds" ? "" : phrases.word(`policy.outcome.${outcome}`)),
      safeText(reason),
      safeText(detail ?? ""),
      exception === undefined ? "" : phrases.say("policy.exception", { ...exception }),
    ]),
  );
  return `<code>${escapeHtml(safeText(id))}</code> ${outcome === "does-not-hold" ? `<span class="faint">${said}</span>` : said}`;
}
