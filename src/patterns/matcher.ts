// One rule made ready to be tried at a place of a text.
import { Around, ContextPattern } from "./around.ts";
import { sharedClass } from "./character-class.ts";
import type { FindContext, Hit } from "./hit.ts";
import type { MatchRule } from "./rule.ts";
import { type Validator, validatorNamed } from "./validators/index.ts";

/** UTF-16 units on either side of a match that its exclusions look at. */
const EXCLUSION_UNITS = 24;

/** Names of fields are hostile too. */
const FIELD_UNITS = 200;

export class Matcher {
  readonly rule: MatchRule;
  /** Sticky: it is tried at one place, and as no repetition is unbounded, for a bounded number of steps. */
  readonly #regex: RegExp;
  readonly #back: Uint8Array | null;
  readonly #edgeBefore: Uint8Array | null;
  readonly #edgeAfter: Uint8Array | null;
  readonly #excludeBefore: RegExp | null;
  readonly #excludeAfter: RegExp | null;
  readonly #excludeMatch: RegExp | null;
  readonly #excludeAround: RegExp | null;
  readonly #validator: Validator | null;
  readonly #words: ContextPattern | null;
  readonly #column: { readonly name: RegExp; readonly cell: RegExp } | null;
  /** Where the last try was and where the last hit ended: nothing is tried twice, and a rule's hits do not overlap. */
  #tried = -1;
  #ended = 0;

  constructor(rule: MatchRule) {
    this.rule = rule;
    this.#regex = new RegExp(rule.regex, rule.ignoreCase ? "iy" : "y");
    this.#back = rule.prefilter.back !== null ? sharedClass(rule.prefilter.back.class) : null;
    this.#edgeBefore = rule.edge.before === null ? null : sharedClass(rule.edge.before);
    this.#edgeAfter = rule.edge.after === null ? null : sharedClass(rule.edge.after);
    this.#excludeBefore = rule.exclude.before === null ? null : new RegExp(`(?:${rule.exclude.before})$`, "i");
    this.#excludeAfter = rule.exclude.after === null ? null : new RegExp(`^(?:${rule.exclude.after})`, "i");
    this.#excludeMatch = rule.exclude.match === null ? null : new RegExp(rule.exclude.match, "i");
    this.#excludeAround = rule.exclude.around === null ? null : new RegExp(rule.exclude.around, "i");
    this.#validator = rule.validator === null ? null : validatorNamed(rule.validator);
    this.#words = rule.context === null ? null : new ContextPattern(rule.context);
    this.#column = rule.column && { name: new RegExp(rule.column.name, "i"), cell: new RegExp(`^(?:${rule.column.cell})$`, "i") };
  }

  /** Forgets the last text. */
  begin(): void {
    this.#tried = -1;
    this.#ended = 0;
  }

  /** Tries the rule where one of its words, or a number, stands. */
  tryAt(text: string, anchor: number, context: FindContext, hits: Hit[]): void {
    const start = Math.max(this.#ended, this.#back === null ? anchor : this.#walkBack(text, anchor, this.#back));
    if (start <= this.#tried || start > anchor) return;
    this.#tried = start;
    if (this.#edgeBefore !== null && start > 0 && this.#edgeBefore[text.charCodeAt(start - 1)] === 1) return;
    this.#regex.lastIndex = start;
    const found = this.#regex.exec(text);
    if (found === null) return;
    const end = start + found[0].length;
    if (this.#edgeAfter !== null && end < text.length && this.#edgeAfter[text.charCodeAt(end)] === 1) return;
    const value = found[1] ?? found[0];
    this.#judge(new Around(text, end - value.length, end, context, this.#words), value, hits);
  }

  /** Tries the whole text, where its field has the name of the rule's columns. */
  tryCell(text: string, field: string, hits: Hit[]): void {
    if (this.#column === null || text.length > this.rule.longest || !this.#column.cell.test(text)) return;
    if (this.#column.name.test(field.slice(-FIELD_UNITS)))
      hits.push({ pattern: this.rule.id, start: 0, end: text.length, certainty: "checked" });
  }

  #judge(around: Around, value: string, hits: Hit[]): void {
    const { start, end } = around;
    if (value === "" || value.length > this.rule.longest || this.#isExcluded(around, value)) return;
    const demand = this.rule.context?.demand ?? "never";
    if (demand === "always" && !around.isTold) return;
    const certainty = this.#validator === null ? "shaped" : this.#validator(value, around);
    if (certainty === null) return;
    if (demand === "among-digits" && around.isAmongDigits && !around.isTold) return;
    this.#ended = end;
    const isSure = certainty === "checked" || (this.#words !== null && around.isTold);
    hits.push({ pattern: this.rule.id, start, end, certainty: isSure ? "checked" : "shaped" });
  }

  #isExcluded(around: Around, value: string): boolean {
    return (
      this.#excludeMatch?.test(value) === true ||
      this.#excludeBefore?.test(around.before(EXCLUSION_UNITS)) === true ||
      this.#excludeAfter?.test(around.after(EXCLUSION_UNITS)) === true ||
      this.#excludeAround?.test(`${around.before(EXCLUSION_UNITS)}\0${around.after(EXCLUSION_UNITS)}`) === true
    );
  }

  #walkBack(text: string, anchor: number, members: Uint8Array): number {
    const last = Math.max(0, anchor - (this.rule.prefilter.back?.most ?? 0));
    let start = anchor;
    while (start > last && members[text.charCodeAt(start - 1)] === 1) start -= 1;
    return start;
  }
}
