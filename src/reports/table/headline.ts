import type { Report } from "../../core/report.ts";
import { nameOf } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { WORD_TONES } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Characters of a digest or revision that tell two apart for a reader. */
const SHORT_ID = 12;

/** What was audited, then the word, the label and why. */
export function headline(sheet: Sheet, report: Report): void {
  const { target, tool } = report;
  const { language } = sheet.options;
  sheet.line(sheet.paint("strong", safeText(target.ref)));
  for (const source of target.sources) {
    const revision = source.revision === null ? "" : sheet.say("report.revision", { revision: shortId(source.revision) });
    const kind = nameOf("source-kind", source.kind, language);
    const name = source.ref === target.ref ? kind : `${kind} ${safeText(source.ref)}`;
    sheet.block(sheet.join([name, revision, shortDigest(source.digest)]), 2, "", "faint");
  }
  sheet.block(sheet.say("report.tool", { version: tool.version, rules: tool.rules }), 2, "", "faint");
  sheet.line();
  const { word, label, because } = report.headline;
  sheet.line(`  ${sheet.paint("strong", sheet.paint(WORD_TONES[word], sheet.word(`word.${word}`).toUpperCase()))}`);
  sheet.block(sheet.word(`headline.${word}`), 2);
  sheet.block(sheet.say("report.g7-label", { label: nameOf("label", label, language) }), 2);
  for (const message of because) sheet.block(sheet.cite(message), 4, "- ");
}

/** `sha256:` and the first characters of the rest. */
function shortDigest(digest: string): string {
  const colon = digest.indexOf(":");
  return safeText(digest.slice(0, colon + 1 + SHORT_ID));
}

function shortId(revision: string): string {
  return /^[0-9a-f]{40}$/u.test(revision) ? revision.slice(0, SHORT_ID) : safeText(revision);
}
