import { escapeMarkdown as text } from "../markdown.ts";
import { bullets, type Writer } from "./writer.ts";

/** What a policy that the reader gave says; nothing without one. */
export function policy(writer: Writer): string {
  const { phrases, report } = writer;
  const given = report.policy;
  if (given === undefined) return "";
  const rules = given.rules.filter(({ outcome }) => writer.options.verbose || outcome !== "does-not-hold");
  const { shown, more } = writer.some(rules);
  const lines = shown.map(({ id, effect, outcome, reason, detail = "", exception }) => {
    const said = phrases.note(
      phrases.word(`policy.effect.${effect}`),
      outcome === "holds" ? "" : phrases.word(`policy.outcome.${outcome}`),
    );
    const except = exception === undefined ? "" : phrases.say("policy.exception", { ...exception });
    return text(phrases.pair(id, phrases.clauses([said, reason, detail, except])));
  });
  const sections = [
    `**${text(phrases.word(`policy.result.${given.result}`))}** (${text(given.file)}, ${text(given.digest)})`,
    given.partial ? `**${text(phrases.word("policy.partial"))}**` : "",
    bullets(lines) + more || text(phrases.word("policy.no-rule")),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}
