import type { ComponentReport, Report } from "../../core/report.ts";
import { nameOf } from "../messages.ts";
import type { Tone } from "../paint.ts";
import { safeText } from "../safe-text.ts";
import { pad, textWidth, wrap } from "../width.ts";
import { AVAILABILITY_MARKS, OPENNESS_MARKS } from "./marks.ts";
import type { Sheet } from "./sheet.ts";

/** Places shown per component before --verbose is needed. */
const PLACES = 2;
const GAP = 2;
/** Cells that licenses and places need beside the other columns. */
const LEAST_ROOM = 20;

interface Row {
  readonly name: string;
  readonly availability: string;
  readonly openness: string;
  readonly component: ComponentReport;
}

/** One row per component: can it be had, what do its terms allow, under which license, where. */
export function components(sheet: Sheet, report: Report): void {
  sheet.heading("report.components");
  const rows = report.components.map(
    (component): Row => ({
      name: nameOf("component", component.id, sheet.options.language),
      availability: `${AVAILABILITY_MARKS[component.availability].symbol} ${sheet.word(`availability.${component.availability}`)}`,
      openness:
        component.availability === "absent"
          ? ""
          : `${OPENNESS_MARKS[component.openness].symbol} ${sheet.word(`openness.${component.openness}`)}`,
      component,
    }),
  );
  const head = {
    name: sheet.word("report.column-component"),
    availability: sheet.word("report.column-availability"),
    openness: sheet.word("report.column-openness"),
  };
  const widths = {
    name: columnWidth([head, ...rows].map((row) => row.name)),
    availability: columnWidth([head, ...rows].map((row) => row.availability)),
    openness: columnWidth([head, ...rows].map((row) => row.openness)),
  };
  const indent = 2 + widths.name + widths.availability + widths.openness;
  if (sheet.options.width - indent < LEAST_ROOM) {
    stacked(sheet, rows);
    return;
  }
  const titles = pad(head.name, widths.name) + pad(head.availability, widths.availability) + pad(head.openness, widths.openness);
  sheet.line(sheet.paint("faint", `  ${titles}${sheet.word("report.column-license")}`));
  for (const { name, availability, openness, component } of rows) {
    const cells = [
      pad(name, widths.name),
      paintedPad(sheet, AVAILABILITY_MARKS[component.availability].tone, availability, widths.availability),
      paintedPad(sheet, OPENNESS_MARKS[component.openness].tone, openness, widths.openness),
    ].join("");
    const details = detailLines(sheet, component, sheet.options.width - indent);
    sheet.line(`  ${cells}${details[0] ?? ""}`);
    for (const detail of details.slice(1)) sheet.line(" ".repeat(indent) + detail);
  }
}

/** On a narrow screen each component has lines of its own, with the rest below its name. */
function stacked(sheet: Sheet, rows: readonly Row[]): void {
  for (const { name, availability, openness, component } of rows) {
    sheet.line(`  ${name}`);
    const states = [
      sheet.paint(AVAILABILITY_MARKS[component.availability].tone, availability),
      ...(openness === "" ? [] : [sheet.paint(OPENNESS_MARKS[component.openness].tone, openness)]),
    ];
    sheet.line(`    ${states.join("  ")}`);
    for (const detail of detailLines(sheet, component, sheet.options.width - 4)) sheet.line(`    ${detail}`);
  }
}

/** Colour on the words only, so that spaces at a line's end can be dropped. */
function paintedPad(sheet: Sheet, tone: Tone, text: string, width: number): string {
  return sheet.paint(tone, text) + " ".repeat(Math.max(0, width - textWidth(text)));
}

function columnWidth(cells: readonly string[]): number {
  return Math.max(...cells.map(textWidth)) + GAP;
}

function detailLines(sheet: Sheet, component: ComponentReport, room: number): readonly string[] {
  const partial = component.partial ? [sheet.word("report.partial")] : [];
  const first = sheet.join([...partial, ...component.licenses.map(safeText)]);
  const places = sheet.options.verbose ? component.places : component.places.slice(0, PLACES);
  const left = component.places.length - places.length;
  const lines = first === "" ? [] : [...wrap(first, room)];
  for (const place of places) lines.push(...wrap(safeText(place), room).map((line) => sheet.paint("faint", line)));
  if (left > 0) lines.push(sheet.paint("faint", `+${left}`));
  return lines;
}
