import { coveredText, listedFiles, rulesOf } from "../listed-files.ts";
import { escapeMarkdown as text } from "../markdown.ts";
import { bytesText } from "../phrases.ts";
import { table, type Writer } from "./writer.ts";

/** Files that a loader may open, with three answers each; nothing where there are none. */
export function files(writer: Writer): string {
  const { phrases, report } = writer;
  const { shown, more } = writer.some(listedFiles(report));
  const rows = shown.map(({ file, findings }) => {
    const formats = [file.format, ...(file.alsoFormats ?? [])].join(" + ");
    const rules = rulesOf(findings).map(({ ruleId, severity }) => phrases.pair(phrases.word(`severity.${severity}`), ruleId));
    return [
      text(file.path),
      text(phrases.join([formats, file.sizeBytes === null ? "" : bytesText(file.sizeBytes)])),
      text(phrases.word(`risk.${file.risk}`)),
      `${file.coverage.state === "full" ? "✓" : "?"} ${text(coveredText(phrases, file.coverage))}`,
      text(rules.length === 0 ? phrases.word(`files.none-${file.coverage.state}`) : phrases.join(rules)),
    ];
  });
  const columns = ["html.files-file", "report.column-format", "html.files-risk", "html.files-covered", "html.files-named"];
  const head = columns.map((id) => text(phrases.word(id)));
  return table(head, rows) + more;
}
