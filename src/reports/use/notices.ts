// NOTICES.md of a bundle: what to ship, what to do, and what is missing, in the reader's language.
import type { NoticeBundle, UseReport } from "../../core/use.ts";
import { escapeMarkdown } from "../markdown.ts";
import { Phrases } from "../phrases.ts";
import type { ReportOptions } from "../report-options.ts";
import { citation, dutyText, merged, namesOf } from "./phrases.ts";

interface Page {
  readonly bundle: NoticeBundle;
  /** Texts of the release that could not be copied. */
  readonly unread: readonly { readonly source: string; readonly path: string; readonly reason: string }[];
}

/** The page; texts of the release in it are escaped, so that nothing in them is markup. */
export function renderNotices({ bundle, unread }: Page, use: UseReport, { language }: ReportOptions): string {
  const phrases = new Phrases(language);
  const plain = (text: string): string => escapeMarkdown(text);
  const names = namesOf(use);
  const section = (id: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ["", `## ${plain(phrases.word(id))}`, "", ...lines];
  const missing = bundle.missing.map(({ what, license, clause, source }) => {
    const place = clause === "" ? "" : phrases.say("report.clause", { clause });
    return `- ${plain(phrases.pair(phrases.word(`notices.missing-${what}`), phrases.join([license, place, source])))}`;
  });
  const texts = bundle.texts.map(
    ({ file, licenses, source, path, digest }) =>
      `| [${plain(file)}](${file}) | ${plain(phrases.join(licenses))} | ${plain(`${source} ${path}`)} | \`${digest}\` |`,
  );
  const head = `| ${["notices.file", "notices.license", "notices.found-at", "notices.digest"].map((id) => plain(phrases.word(id))).join(" | ")} |`;
  const same = merged(bundle.duties, ({ kind, words, on, above, certain }) => [kind, words, on, above, certain]);
  const duties = same.map(({ first: duty, all }) => {
    const said = phrases.pair(dutyText(phrases, duty, use.asked), citation(phrases, all, names));
    return `- ${plain(said)}${duty.summary === "" ? "" : `  \n  ${plain(duty.summary)}`}`;
  });
  const uncopied = unread.map(({ source, path, reason }) => `- ${plain(phrases.pair(`${source} ${path}`, reason))}`);
  const lines = [
    `# ${plain(phrases.say("notices.title", { release: use.target.ref }))}`,
    "",
    plain(phrases.tell(use.notice)),
    "",
    plain(phrases.say("notices.made", { digest: use.target.digest, day: use.asked.asOf })),
    ...section("notices.missing", missing),
    ...section("notices.unread", uncopied),
    ...section("notices.texts", texts.length === 0 ? [] : [head, "| --- | --- | --- | --- |", ...texts]),
    ...section(
      "notices.credits",
      bundle.credits.map((line) => `- ${plain(line)}`),
    ),
    ...section(
      "notices.words",
      bundle.words.map((line) => `> ${plain(line)}\n`),
    ),
    ...section("notices.duties", duties),
  ];
  return `${lines.join("\n")}\n`;
}

/** The text file that licenses ask for by the name NOTICE: their words, verbatim; empty where none asks. */
export function noticeText({ words, credits }: NoticeBundle): string {
  return words.length === 0 ? "" : `${[...words, ...credits].join("\n\n")}\n`;
}
