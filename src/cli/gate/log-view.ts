// What `ajar log` shows.
import type { Entry } from "../../gate/log/entry.ts";
import type { LogProblem } from "../../gate/log/problems.ts";
import type { LogVerification } from "../../gate/log/verify.ts";
import type { ReportOptions } from "../../reports/report-options.ts";
import { safeText } from "../../reports/safe-text.ts";
import { Sheet } from "../../reports/table/sheet.ts";

const SHOWN = 20;
const LOOKS = { intact: ["✓", "good"], incomplete: ["?", "unsure"], unsigned: ["?", "unsure"], tampered: ["✗", "bad"] } as const;

export function verificationTable(verification: LogVerification, options: ReportOptions): string {
  const sheet = new Sheet(options);
  const { log, result, range, entries, checkpoints, signedUpTo, problems, problemCount, anchored, key } = verification;
  sheet.line(sheet.paint("strong", safeText(log)));
  const [symbol, tone] = LOOKS[result];
  if (entries === 0 && result === "intact") {
    sheet.block(sheet.word("log.empty"), 4, "  – ", "faint");
    return sheet.toString();
  }
  sheet.block(sheet.word(`log.result.${result}`), 4, `  ${sheet.paint(tone, symbol)} `);
  sheet.block(range === null ? sheet.word("log.empty") : sheet.say("log.entries", { entries, first: range.first, last: range.last }), 4);
  sheet.some(problems, SHOWN, 4, (problem) => sheet.block(problemText(sheet, problem), 6, "", "bad"));
  if (problemCount > problems.length) sheet.block(sheet.say("log.more-problems", { count: problemCount - problems.length }), 6);
  if (result !== "unsigned") sheet.block(sheet.say("log.signed", { checkpoints, seq: signedUpTo }), 4, "", "faint");
  if (key !== null && checkpoints > 0) sheet.block(sheet.say("log.key", { key }), 4, "", "faint");
  if (result !== "unsigned" && (range?.last ?? 0) > signedUpTo)
    sheet.block(sheet.say("log.unsigned-tail", { seq: signedUpTo }), 4, "  ! ", "unsure");
  if (!anchored) sheet.block(sheet.word("log.not-anchored"), 4, "  ! ", "unsure");
  return sheet.toString();
}

function problemText(sheet: Sheet, { kind, file, line, seq, missing }: LogProblem): string {
  const place = line === null ? safeText(file) : `${safeText(file)}:${line}`;
  const sentence = sheet.say(`log.problem.${kind}`, { seq: seq ?? 0, count: missing ?? 0 });
  return sheet.pair(place, sentence);
}

/** One entry on one line, for eyes; `ajar log export` has it whole. */
export function entryLine({ seq, entry }: Entry): string {
  const words =
    entry.kind === "act"
      ? [entry.act, entry.by, entry.subject, JSON.stringify(entry.detail)]
      : [
          entry.outcome,
          String(entry.status),
          entry.code ?? "",
          entry.model,
          entry.caller,
          entry.endpoint,
          entry.requestId,
          filters(entry.results),
        ];
  return `${[String(seq), entry.at, ...words]
    .filter((word) => word !== "")
    .map(safeText)
    .join("  ")}\n`;
}

function filters(results: readonly { readonly filter: string; readonly part: string; readonly outcome: string }[]): string {
  return results.map(({ filter, part, outcome }) => `${filter}/${part}=${outcome}`).join(",");
}
