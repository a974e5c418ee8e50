import type { Pattern } from "../../rules/pattern.ts";
import { type ScaledNumber, scanNumbers } from "./numbers.ts";
import type { Passage } from "./passages.ts";
import type { StatedQuantity } from "./quantities.ts";
import { type QuantityRule, quantityRules } from "./quantity-rules.ts";
import { namesRelease } from "./release-names.ts";

/** Characters next to a number that may say what it counts. */
const NEAR = 60;

// A size in a model's name: the words before it, up to the number.
const NAME_BEFORE = /([A-Za-z][\w.]*(?:[-_ ][\w.]+){0,4})[-_ ]?$/u;
const SIZE_BEFORE = /(?<![\w.])(\d{1,5}(?:\.\d{1,3})?[BMbm])(?![A-Za-z])(?!\s*(?:[\w-]{1,20}\s+){0,3}tokens?\b)(?!\s*(?:[AHV]\d|GPU))/gu;

// Sizes named only to measure oneself against them.
const OTHERS =
  /\b(?:larger|smaller|bigger|better|more)\s+than|\bsimilar\b|\bbaselines?\b|\boutperform|\bsurpass|\bvs\.?\b|超过|超過|超越|同等|同量级/iu;
const TOTAL =
  /\b(?:total|cumulative|cumulatively|altogether|in\s+all|overall|full\s+training|entire)\b|总计|總計|累计|累計|全部|共计|共計/iu;
const HARDWARE = /\b((?:NVIDIA\s+)?(?:[AHBVL]\d{2,4}|GH200|MI\d{3}X?|TPU\s?v\d\w?)(?:[\s-]?(?:SXM\d?|PCIe))?(?:[\s-]?\d{2,3}\s?GB?)?)\b/u;
const ACTIVE = /\b(?:activ(?:e|ated)|live)\b|激活/iu;

/** Quantities in one sentence. */
export function proseQuantities(passage: Passage, names: ReadonlySet<string>): readonly StatedQuantity[] {
  if (!/\d/u.test(passage.text)) return [];
  const where = `${passage.text} ${passage.under.join(" ")}`;
  return scanNumbers(passage.text).flatMap((number) => {
    const rule = quantityRules().find((candidate) => fits(candidate, number, passage, where, names));
    return rule === undefined ? [] : [stated(rule, number, passage)];
  });
}

function fits(rule: QuantityRule, number: ScaledNumber, passage: Passage, where: string, names: ReadonlySet<string>): boolean {
  const { roles } = passage.artifact;
  if (rule.roles.length > 0 ? !roles.some((role) => rule.roles.includes(role)) : roles.includes("license")) return false;
  if (number.value < rule.min || number.value > rule.max) return false;
  const { text } = passage;
  const after = text.slice(number.end, number.end + NEAR);
  const before = text.slice(Math.max(0, number.start - NEAR), number.start);
  const near =
    rule.after?.test(after) || rule.before?.test(before) || (rule.list !== null && isSize(rule.list, number, before, after, names));
  if (!near) return false;
  return !rule.unless?.test(before + after) && (rule.context === null || rule.context.test(where));
}

/** Whether a bare `7B` is a model's size: in this release's name, or in a list of sizes; never in another model's name. */
function isSize(list: Pattern, number: ScaledNumber, before: string, after: string, names: ReadonlySet<string>): boolean {
  if (number.letter !== "B" && number.letter !== "b" && number.letter !== "M") return false;
  if (/^\s*(?:unique\s+)?tokens?\b|^\s*(?:of|users|images|pairs|conversations|examples|samples|rows|downloads)\b/iu.test(after))
    return false;
  const name = NAME_BEFORE.exec(before);
  const attached = /[-_A-Za-z]$/u.test(before);
  if (name !== null && namesRelease(name[1] ?? "", names)) return true;
  if (attached || number.letter === "b" || OTHERS.test(before)) return false;
  if (/^\s*(?:[\w-]+\s+)?(?:UNet|U-Net|encoder|decoder|backbone|transformer)\b/iu.test(after)) return true;
  return number.letter === "B" ? list.test(before + after) : /param|参数|參數/iu.test(before + after);
}

function stated(rule: QuantityRule, number: ScaledNumber, passage: Passage): StatedQuantity {
  const { text, artifact, startLine, endLine } = passage;
  const after = rule.after?.exec(text.slice(number.end, number.end + NEAR)) ?? null;
  const clause = text.slice(Math.max(0, number.start - NEAR), Math.min(text.length, number.end + NEAR));
  const scale = unitScale(after?.groups?.["scale"]);
  const hardware =
    rule.quantity === "gpu-hours" ? (after?.groups?.["hardware"] ?? after?.groups?.["hardware2"] ?? HARDWARE.exec(text)?.[1]) : undefined;
  const isTotal = rule.quantity === "gpu-hours" && TOTAL.test(clause);
  return {
    quantity: isTotal ? "gpu-hours-total" : rule.quantity,
    value: Number((number.value * scale).toPrecision(12)),
    unit: rule.unit,
    subject: subjectOf(rule, number, text),
    stated: number.stated.trim(),
    slack: (number.step * scale) / 2,
    ...(hardware === undefined ? {} : { hardware: hardware.replace(/\s+/gu, " ").trim() }),
    artifact,
    startLine,
    endLine,
    quote: text,
    table: 0,
    active: rule.quantity === "parameters" && ACTIVE.test(text.slice(Math.max(0, number.start - 12), number.end + 24)),
  };
}

function subjectOf(rule: QuantityRule, number: ScaledNumber, text: string): string {
  if (rule.quantity === "parameters") return number.stated.trim();
  let last = "";
  // The nearest size before the number, within its clause.
  const clause =
    text
      .slice(Math.max(0, number.start - 2 * NEAR), number.start)
      .split(/[.;。；]\s/u)
      .at(-1) ?? "";
  for (const match of clause.matchAll(SIZE_BEFORE)) last = match[1] ?? last;
  return last;
}

/** Factor from a written unit to the unit of the fact (kWh, tonnes). */
export function unitScale(unit: string | undefined): number {
  switch (unit?.toLowerCase().replace(/\s+/gu, " ")) {
    case "wh":
      return 1e-3;
    case "mwh":
    case "兆瓦时":
      return 1e3;
    case "gwh":
      return 1e6;
    case "kg":
      return 1e-3;
    case "g":
      return 1e-6;
    default:
      return 1;
  }
}
