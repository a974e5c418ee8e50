import type { Evidence } from "../../core/evidence.ts";
import type { Report } from "../../core/report.ts";
import { numberText } from "../messages.ts";
import { safeText } from "../safe-text.ts";
import { cut } from "../width.ts";
import type { Sheet } from "./sheet.ts";

/** Unread parts shown before --verbose is needed. */
const SKIPPED = 8;
/** Cells of a quote before --verbose is needed: two lines. */
const QUOTE_CELLS = 140;

/** How much of the target the verdicts rest on, and what could not be read. */
export function coverage(sheet: Sheet, report: Report): void {
  const { filesListed, filesRead, bytesRead, targetBytes, requests, transfer, skipped, complete } = report.coverage;
  sheet.heading("report.coverage");
  const counts = { listed: filesListed, read: filesRead, bytes: bytesText(bytesRead) };
  const files =
    targetBytes === undefined
      ? sheet.say("report.coverage-files", counts)
      : sheet.say("report.coverage-files-of", { ...counts, target: bytesText(targetBytes) });
  const asked = requests === 0 ? "" : ` ${sheet.say("report.coverage-requests", { requests })}`;
  sheet.block(files + asked, 2);
  if (transfer !== undefined && targetBytes !== undefined) sheet.block(sheet.word(`network.transfer-${transfer}`), 2, "", "faint");
  const partial = skipped.filter((skip) => skip.partial);
  const others = skipped.length - partial.length;
  if (complete) sheet.block(sheet.word("report.complete"), 2);
  else sheet.block(sheet.word("report.incomplete"), 4, "  ! ", "bad");
  sheet.some(partial, SKIPPED, 4, ({ path, reason, detail }) => {
    const place = path === "" ? sheet.word("report.no-line") : safeText(path);
    sheet.block(sheet.pair(place, sheet.note(sheet.word(`reason.${reason}`), safeText(detail ?? ""))), 4, "- ");
  });
  if (others > 0) sheet.block(sheet.say("report.skipped-others", { count: others }), 2, "", "faint");
}

/** The places behind the numbers: those cited above, or all with --verbose. */
export function evidenceList(sheet: Sheet, report: Report): void {
  const byId = new Map(report.evidence.map((piece) => [piece.id, piece]));
  if (sheet.options.verbose) sheet.numbers(report.evidence.map(({ id }) => id));
  const cited = sheet.cited;
  if (cited.length === 0) return;
  sheet.heading("report.evidence");
  const width = String(cited.length).length + 4;
  const many = report.target.sources.length > 1;
  cited.forEach((id, index) => {
    const piece = byId.get(id);
    const lead = `[${index + 1}] `;
    if (piece === undefined) return;
    sheet.block(`${many ? `${safeText(piece.source)} ` : ""}${placeText(sheet, piece)}`, width + 1, lead);
    if (piece.quote === undefined || piece.quote === "") return;
    const quote = safeText(piece.quote);
    sheet.block(sheet.say("report.quote", { words: sheet.options.verbose ? quote : cut(quote, QUOTE_CELLS) }), width + 1, "", "faint");
  });
}

function placeText(sheet: Sheet, { path, span }: Evidence): string {
  const place = path === "" ? sheet.word("report.no-line") : safeText(path);
  if (span === undefined) return place;
  switch (span.kind) {
    case "lines":
      return span.start === span.end ? `${place}:${span.start}` : `${place}:${span.start}-${span.end}`;
    case "bytes":
      return `${place}, ${sheet.say("report.bytes-span", { start: span.start, end: span.end })}`;
    case "pointer":
      return `${place}#${safeText(span.pointer)}`;
  }
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes in the largest unit that keeps a whole digit, to one decimal. */
function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? numberText(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
