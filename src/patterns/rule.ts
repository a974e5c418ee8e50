// A pattern as its file under rules/patterns/<area>/<name>.yaml says it. docs/patterns.md describes the format.
import { AjarError } from "../core/errors.ts";
import { loadRules } from "../rules/load.ts";
import type { FoldStep } from "../text/folded.ts";
import type { PatternArea } from "./hit.ts";

type PatternLevel = "high" | "medium" | "low" | "info";

/** Sentences about the rule: what it finds, why that matters, what to do. Ids of messages. */
interface PatternMessages {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
}

/** Where a match can begin; nothing else of a text is looked at by the rule's regular expression. */
type Prefilter = (
  | /** At one of these words, case ignored. */ { readonly kind: "words"; readonly words: readonly string[] }
  | /** At a group of digits from which on so many digits, and dots, stand close together. */ {
      readonly kind: "digits";
      readonly least: number;
      readonly dots: number;
    }
) & {
  /** Or earlier, over at most `most` characters of a class. */
  readonly back: { readonly class: string; readonly most: number } | null;
};

export interface ContextWords {
  readonly words: readonly string[];
  /** `always`: no hit without one of the words; `among-digits`: none without it where most of what is around are digits; `never`: it only makes sure. */
  readonly demand: "always" | "among-digits" | "never";
  /** UTF-16 units looked at before and after. */
  readonly before: number;
  readonly after: number;
}

/** What stands around or in a match of a rule and makes it none. Sources of regular expressions, in RE2's syntax. */
interface Exclusions {
  /** Looked for at the end of the 24 units before. */
  readonly before: string | null;
  /** Looked for at the beginning of the 24 units after. */
  readonly after: string | null;
  readonly match: string | null;
  /** Looked for in both together, with U+0000 in the match's place. */
  readonly around: string | null;
}

interface RuleHead {
  /** `<area>/<file name>` */
  readonly id: string;
  readonly area: PatternArea;
  readonly level: PatternLevel;
  readonly version: number;
  readonly source: string;
  /** Day on which somebody last read the source, ISO 8601. */
  readonly reviewed: string;
  readonly messages: PatternMessages;
  /** UTF-16 units; what is longer is no hit. */
  readonly longest: number;
}

/** Found by a regular expression. Its first group, where it has one, is what is hit, and ends the match. */
export interface MatchRule extends RuleHead {
  readonly kind: "match";
  readonly prefilter: Prefilter;
  /** RE2's syntax without anything that JavaScript reads otherwise. */
  readonly regex: string;
  readonly ignoreCase: boolean;
  /** Classes of characters that may not stand right before and right after. */
  readonly edge: { readonly before: string | null; readonly after: string | null };
  readonly exclude: Exclusions;
  readonly validator: string | null;
  readonly context: ContextWords | null;
  /** In a column of this name a cell that is nothing but this is a hit: the name stands for the word that begins other matches. */
  readonly column: { readonly name: string; readonly cell: string } | null;
  /** Steps after which it is looked for, besides the text as written. */
  readonly fold: readonly FoldStep[];
}

/** Found by counting over a whole text; `measure` names code in src/patterns/measures. */
export interface MeasureRule extends RuleHead {
  readonly kind: "measure";
  readonly measure: string;
  /** Numbers that the measure asks for. */
  readonly limits: Readonly<Record<string, number>>;
  /** Hashes of words that it looks for. */
  readonly terms: readonly string[];
}

export type PatternRule = MatchRule | MeasureRule;

const AREAS: readonly PatternArea[] = ["personal", "secret", "copyright", "reservation", "spam", "damage", "disguise"];
const LEVELS: readonly string[] = ["high", "medium", "low", "info"] satisfies readonly PatternLevel[];
const DEMANDS: readonly string[] = ["always", "among-digits", "never"] satisfies readonly ContextWords["demand"][];

let known: readonly PatternRule[] | undefined;

/** All rules, sorted by id. @throws AjarError BAD_RULE_DATA */
export function patternRules(): readonly PatternRule[] {
  known ??= AREAS.flatMap((area) => [...loadRules(`patterns/${area}`)].map(([name, entry]) => readPattern(area, name, entry))).sort(
    (a, b) => (a.id < b.id ? -1 : 1),
  );
  return known;
}

/** Reads one rule. @throws AjarError BAD_RULE_DATA for what is missing or is of another type */
export function readPattern(area: PatternArea, name: string, entry: unknown): PatternRule {
  const fields = new Fields(`rules/patterns/${area}/${name}.yaml`, Object(entry));
  const messages = fields.inner("messages");
  const head: RuleHead = {
    id: `${area}/${name}`,
    area,
    level: fields.oneOf("level", LEVELS) as PatternLevel,
    version: fields.count("version"),
    source: fields.text("source"),
    reviewed: fields.text("reviewed"),
    messages: { title: messages.text("title"), why: messages.text("why"), remedy: messages.text("remedy") },
    longest: fields.count("longest"),
  };
  return fields.has("measure") ? readMeasure(head, fields) : readMatch(head, fields);
}

function readMeasure(head: RuleHead, fields: Fields): MeasureRule {
  const limits = fields.has("limits") ? fields.inner("limits").numbers() : {};
  return { ...head, kind: "measure", measure: fields.text("measure"), limits, terms: fields.has("terms") ? fields.texts("terms") : [] };
}

function readMatch(head: RuleHead, fields: Fields): MatchRule {
  const edge = fields.innerOrEmpty("edge");
  const exclude = fields.innerOrEmpty("exclude");
  return {
    ...head,
    kind: "match",
    prefilter: readPrefilter(fields.inner("prefilter")),
    regex: fields.text("regex"),
    ignoreCase: fields.flag("ignoreCase"),
    edge: { before: edge.textOrNull("before"), after: edge.textOrNull("after") },
    exclude: {
      before: exclude.textOrNull("before"),
      after: exclude.textOrNull("after"),
      match: exclude.textOrNull("match"),
      around: exclude.textOrNull("around"),
    },
    validator: fields.textOrNull("validator"),
    context: fields.has("context") ? readContext(fields.inner("context")) : null,
    column: fields.has("column") ? { name: fields.inner("column").text("name"), cell: fields.inner("column").text("cell") } : null,
    fold: fields.has("fold") ? (fields.texts("fold") as readonly FoldStep[]) : [],
  };
}

function readPrefilter(fields: Fields): Prefilter {
  const inner = fields.has("back") ? fields.inner("back") : null;
  const back = inner && { class: inner.text("class"), most: inner.count("most") };
  if (!fields.has("digits")) return { kind: "words", words: fields.texts("words"), back };
  return { kind: "digits", least: fields.count("digits"), dots: fields.has("dots") ? fields.count("dots") : 0, back };
}

function readContext(fields: Fields): ContextWords {
  return {
    words: fields.texts("words"),
    demand: fields.oneOf("demand", DEMANDS) as ContextWords["demand"],
    before: fields.has("before") ? fields.count("before") : CONTEXT_UNITS,
    after: fields.has("after") ? fields.count("after") : CONTEXT_UNITS,
  };
}

/** A sentence's worth: where a word that says what a number is stands, if it stands anywhere. */
const CONTEXT_UNITS = 40;

/** Fields of a rule's file, each read as what it has to be. */
class Fields {
  readonly #subject: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(subject: string, fields: Readonly<Record<string, unknown>>) {
    this.#subject = subject;
    this.#fields = fields;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === "string" && value !== "" ? value : this.#fail(name, "a text");
  }

  textOrNull(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name];
    const isList = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item !== "");
    return isList ? value : this.#fail(name, "a list of texts");
  }

  oneOf(name: string, allowed: readonly string[]): string {
    const value = this.text(name);
    return allowed.includes(value) ? value : this.#fail(name, `one of ${allowed.join(", ")}`);
  }

  count(name: string): number {
    const value = this.#fields[name];
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : this.#fail(name, "a number above 0");
  }

  flag(name: string): boolean {
    const value = this.#fields[name] ?? false;
    return typeof value === "boolean" ? value : this.#fail(name, "true or false");
  }

  numbers(): Readonly<Record<string, number>> {
    for (const [name, value] of Object.entries(this.#fields)) if (typeof value !== "number") this.#fail(name, "a number");
    return this.#fields as Readonly<Record<string, number>>;
  }

  inner(name: string): Fields {
    const value = this.#fields[name];
    return typeof value === "object" && value !== null ? new Fields(this.#subject, Object(value)) : this.#fail(name, "a map");
  }

  innerOrEmpty(name: string): Fields {
    return this.has(name) ? this.inner(name) : new Fields(this.#subject, {});
  }

  #fail(name: string, wanted: string): never {
    throw new AjarError("BAD_RULE_DATA", `${name} is not ${wanted}`, { subject: this.#subject });
  }
}
