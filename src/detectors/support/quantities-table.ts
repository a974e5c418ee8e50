import type { Artifact } from "../../core/inventory.ts";
import type { Block } from "../../documents/document.ts";
import { type ScaledNumber, scanNumbers } from "./numbers.ts";
import { MAX_PASSAGE_CHARS, type Passage } from "./passages.ts";
import type { StatedQuantity } from "./quantities.ts";
import { proseQuantities, unitScale } from "./quantities-prose.ts";
import { type QuantityRule, quantityRules } from "./quantity-rules.ts";
import { namesRelease } from "./release-names.ts";

type Table = Extract<Block, { kind: "table" }>;

const TOTAL = /^\W*(?:grand\s+)?(?:total|sum|overall|总计|總計|合计|合計|总和|總和)\b|^\W*(?:总计|總計|合计|合計)/iu;
const HARDWARE = /\b((?:[AHBVL]\d{2,4}|MI\d{3}X?|TPU\s?v\d\w?)(?:[\s-]?\d{2,3}\s?GB?)?)\b/u;
const RESULTS = /\b(?:evaluations?|benchmarks?|results?|performance|comparison|speed|profiling)\b|评测|評測|结果|結果|性能|效果/iu;
const SIZE = /(?<![\w.])\d+(?:\.\d+)?\s?[BM](?![A-Za-z])/u;
const SCALE_WORDS: readonly (readonly [RegExp, number])[] = [
  [/\(\s*(?:in\s+)?(?:trillions?|T)\s*\)/iu, 1e12],
  [/\(\s*(?:in\s+)?(?:billions?|B)\s*\)/iu, 1e9],
  [/\(\s*(?:in\s+)?(?:millions?|M)\s*\)/iu, 1e6],
  [/\(\s*(?:in\s+)?(?:thousands?|K)\s*\)/iu, 1e3],
];

/** Widest table read for quantities. */
const MAX_COLUMNS = 64;

/** Quantities in a table: by column title, by row title where models are columns, and in cells that hold sentences. */
export function tableQuantities(table: Table, artifact: Artifact, names: ReadonlySet<string>): readonly StatedQuantity[] {
  const titles = table.header.slice(0, MAX_COLUMNS);
  const columns = titles.map((title) => ruleFor(title));
  const found: StatedQuantity[] = titles.flatMap((title) => namedSize(title, table.startLine, artifact, table, names));
  for (const { line, cells } of table.rows) {
    const label = cells[0] ?? "";
    const rowRule = cells.length > 1 ? ruleFor(label) : undefined;
    found.push(...namedSize(label, line, artifact, table, names));
    cells.slice(0, MAX_COLUMNS).forEach((cell, column) => {
      const at = { artifact, table, names, line, row: cells };
      const across = columns[column];
      const title = titles[column] ?? "";
      if (across !== undefined) found.push(...cellQuantity(across, cell, { ...at, title, subject: labelOf(cells, column), named: label }));
      else if (rowRule !== undefined && column > 0)
        found.push(...cellQuantity(rowRule, cell, { ...at, title: label, subject: title, named: title }));
      else if (cell.length > SENTENCE_CHARS) found.push(...proseQuantities(sentence(cell, line, artifact, table), names));
    });
  }
  return found;
}

/** Longest name kept for a row. */
const MAX_SUBJECT_CHARS = 80;

/** A cell longer than this is read as a sentence. */
const SENTENCE_CHARS = 40;

function sentence(text: string, line: number, artifact: Artifact, table: Table): Passage {
  return { artifact, kind: "row", text: text.slice(0, MAX_PASSAGE_CHARS), startLine: line, endLine: line, under: table.under, before: "" };
}

/** A title that is a size, or this release's name with a size, states a model of that size. */
function namedSize(title: string, line: number, artifact: Artifact, table: Table, names: ReadonlySet<string>): readonly StatedQuantity[] {
  if (title.length > SENTENCE_CHARS || !SIZE.test(title)) return [];
  const bare = /^\W*\d+(?:\.\d+)?\s?[BM]\W*$/u.test(title);
  if (!bare) return proseQuantities(sentence(title, line, artifact, table), names).filter(({ quantity }) => quantity === "parameters");
  return proseQuantities(sentence(`${title} parameters`, line, artifact, table), names).map((stated) => ({ ...stated, quote: title }));
}

function ruleFor(title: string): QuantityRule | undefined {
  if (title === "" || title.length > 120) return undefined;
  return quantityRules().find((rule) => rule.column?.test(title) && !rule.columnUnless?.test(title));
}

interface Cell {
  readonly artifact: Artifact;
  readonly table: Table;
  readonly names: ReadonlySet<string>;
  readonly title: string;
  readonly subject: string;
  /** The words that name the row's or column's model. */
  readonly named: string;
  readonly line: number;
  readonly row: readonly string[];
}

function cellQuantity(rule: QuantityRule, cell: string, at: Cell): readonly StatedQuantity[] {
  if (/^[^\d]*[A-Za-z]{2}/u.test(cell)) return worded(rule, cell, at);
  const number = scanNumbers(cell)[0];
  if (number === undefined || !isValue(rule, number)) return [];
  const scale = titleScale(at.title, number);
  const value = Number((number.value * scale).toPrecision(12));
  const total = TOTAL.test(at.named);
  if (value < rule.min || value > rule.max || isOthers(rule, at)) return [];
  if (total && rule.quantity !== "gpu-hours" && rule.quantity !== "tokens" && rule.quantity !== "emissions") return [];
  const hardware = rule.quantity === "gpu-hours" ? (HARDWARE.exec(at.title)?.[1] ?? HARDWARE.exec(at.row.join(" | "))?.[1]) : undefined;
  const stated: StatedQuantity = {
    quantity: total && rule.quantity === "gpu-hours" ? "gpu-hours-total" : rule.quantity,
    value,
    unit: rule.unit,
    subject: total
      ? ""
      : rule.quantity === "parameters"
        ? number.stated.trim()
        : (SIZE.exec(at.subject)?.[0] ?? at.subject).slice(0, MAX_SUBJECT_CHARS),
    stated: number.stated.trim(),
    slack: (number.step * scale) / 2,
    ...(hardware === undefined ? {} : { hardware }),
    artifact: at.artifact,
    startLine: at.line,
    endLine: at.line,
    quote: `${at.title}: ${at.row.join(" | ")}`,
    table: at.table.startLine,
    active: rule.quantity === "parameters" && /activ|激活/iu.test(at.title),
  };
  return [stated];
}

/** A cell that opens with words may state several amounts, e.g. one for each stage: each must say itself what it counts. */
function worded(rule: QuantityRule, cell: string, { artifact, table, names, line, subject }: Cell): readonly StatedQuantity[] {
  const found = proseQuantities(sentence(cell, line, artifact, table), names).filter(({ quantity }) => quantity === rule.quantity);
  return found.map((stated) => ({
    ...stated,
    subject: (SIZE.exec(subject)?.[0] ?? subject).slice(0, MAX_SUBJECT_CHARS),
    table: table.startLine,
  }));
}

/** A cell is a value when it is little more than its number; sizes need a scale, or they would be counts of something else. */
function isValue(rule: QuantityRule, number: ScaledNumber): boolean {
  if (number.start > 24) return false;
  if (rule.quantity === "parameters") return number.letter !== "" || number.value >= 1e6;
  return true;
}

/** Cards compare with other people's models; their numbers are not this release's. */
function isOthers(rule: QuantityRule, { named, names, table, row }: Cell): boolean {
  if (rule.quantity !== "parameters" && rule.quantity !== "tokens") return false;
  // Results are tables of comparison, whatever their rows are called.
  if (rule.quantity === "parameters" && table.under.some((heading) => RESULTS.test(heading))) return true;
  if (TOTAL.test(named) || !/[A-Za-z]{3}/u.test(named)) return false;
  if (namesRelease(named, names)) return false;
  // A table in which some rows name the release and some do not is a comparison.
  return [...table.rows.map((other) => other.cells[0] ?? ""), ...table.header].some(
    (label) => label !== row[0] && namesRelease(label, names),
  );
}

function titleScale(title: string, number: ScaledNumber): number {
  if (number.letter === "" && number.value < 1e6) {
    for (const [pattern, scale] of SCALE_WORDS) if (pattern.test(title)) return scale;
  }
  return unitScale(/\b([kMG]Wh)\b/u.exec(title)?.[1]);
}

function labelOf(cells: readonly string[], column: number): string {
  const labels = cells.filter((cell, at) => at !== column && (at === 0 || SIZE.test(cell)));
  return labels.find((cell) => SIZE.test(cell)) ?? labels[0] ?? "";
}
