import type { Report } from "../../core/report.ts";
import { bytesText } from "../phrases.ts";
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
    sheet.block(sheet.pair(place, sheet.note(sheet.word(`reason.${reason}`), sheet.detail(detail))), 4, "- ");
  });
  if (others > 0) sheet.block(sheet.say("report.skipped-others", { count: others }), 2, "", "faint");
}

interface Cited {
  readonly evidence: Report["evidence"];
  readonly target: { readonly sources: readonly unknown[] };
}

/** Characters of a digest that tell two files apart for a reader; --verbose has it whole. */
const DIGEST_SHOWN = 12;

/** The places behind the numbers: those cited above, or all with --verbose. `digests`: each with what the file was read as. */
export function evidenceList(sheet: Sheet, report: Cited, { digests = false }: { readonly digests?: boolean } = {}): void {
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
    const place = `${many ? `${safeText(piece.source)} ` : ""}${sheet.place(piece)}`;
    sheet.block(digests ? sheet.join([place, digestOf(sheet, piece.digest)]) : place, width + 1, lead);
    if (piece.quote === undefined || piece.quote === "") return;
    const quote = safeText(piece.quote);
    sheet.block(sheet.say("report.quote", { words: sheet.options.verbose ? quote : cut(quote, QUOTE_CELLS) }), width + 1, "", "faint");
  });
}

function digestOf({ options }: Sheet, digest: string): string {
  return safeText(options.verbose ? digest : digest.slice(0, digest.indexOf(":") + 1 + DIGEST_SHOWN));
}
