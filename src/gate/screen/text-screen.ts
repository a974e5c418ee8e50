// One text of one message under one policy, as it comes: what may leave, what is changed, and whether it must end.
import type { Sieve } from "../../patterns/sieve.ts";
import type { FilterResult } from "../contract.ts";
import { type Action, type Decision, type Part, stricter } from "./actions.ts";
import { type Finder, Finding } from "./finder.ts";
import { HazardScanner } from "./hazards/hazard-scanner.ts";
import type { Lexicons } from "./hazards/lexicons.ts";

/** Filters of a policy for one direction. */
export interface TextFilters {
  readonly lexicons: Lexicons | null;
  /** Filter ids for the log of what the lexicon holds, with the categories of each. */
  readonly lexical: readonly { readonly filter: string; has(category: string): boolean }[];
  /** All filter ids, as the log has them. */
  readonly ids: readonly string[];
  /** What is done about a category of hazards or a list of terms. */
  readonly actionOf: (category: string) => Action;
  readonly finders: readonly Finder[];
  /** Of the finders. */
  readonly sieve: Sieve;
  /** What stands for a text that is taken out. */
  readonly redaction: string;
}

export interface StreamLimits {
  /** UTF-16 units of one text that may be held back. */
  readonly hold: number;
  readonly encodedRun: number;
  readonly ignorableRun: number;
}

/** Why a text ends. */
export type Ending =
  | { readonly kind: "block" | "replace"; readonly at: number }
  | { readonly kind: "overflow" }
  | { readonly kind: "failed"; readonly filter: string };

/**
 * Whether all of these texts, each for itself, are seen at once to hold nothing. False may mean that only a screen can tell.
 * @param joined the texts as one, with enough between them that no word is found across
 */
export function areClear({ lexicons, finders, sieve }: TextFilters, texts: readonly { readonly text: string }[], joined: string): boolean {
  try {
    if (lexicons !== null) for (const { text } of texts) if (!lexicons.clearance.isClear(text)) return false;
    const may = sieve.which(texts);
    for (const [at, finder] of finders.entries()) if (may[at] === 1 && finder.find(joined).length > 0) return false;
    return true;
  } catch {
    // The screen says which filter it is that fails.
    return false;
  }
}

/** What the filters say of so many units in which they found nothing. */
export function passed({ ids }: TextFilters, part: Part, scanned: number): readonly FilterResult[] {
  return ids.map((filter) => ({ filter, outcome: "passed", rules: NO_RULES, scanned, part }));
}

const NO_RULES: readonly string[] = [];
const UNBOUNDED = { encodedRun: Number.POSITIVE_INFINITY, ignorableRun: Number.POSITIVE_INFINITY };

export class TextScreen {
  readonly part: Part;
  readonly #filters: TextFilters;
  readonly #limits: StreamLimits | null;
  #hazards: HazardScanner | null = null;
  /** The end of what came of a stream. */
  #recent = "";
  /** What came of a text that is read once it is whole. */
  #whole = "";
  #findings: readonly Finding[] = [];
  readonly #redactions: Decision[] = [];
  /** Everything found that ends a text; a whole text of several parts has to know each. */
  readonly stops: { readonly start: number; readonly action: "block" | "replace" }[] = [];
  readonly #noted = new Map<string, { action: Action; rules: Set<string> }>();
  #length = 0;
  #released = 0;
  #ending: Ending | null = null;

  /** @param limits of a stream; null for a text that is whole, of which nothing leaves before its end */
  constructor(filters: TextFilters, part: Part, limits: StreamLimits | null) {
    this.part = part;
    this.#filters = filters;
    this.#limits = limits;
    if (filters.lexicons !== null && limits !== null) this.#hazards = new HazardScanner(filters.lexicons, limits);
    if (limits !== null) this.#findings = filters.finders.map((finder) => new Finding(finder, part));
  }

  /** UTF-16 units that came. */
  get length(): number {
    return this.#length;
  }

  /** Place up to which the text may leave, as `render` gives it. */
  get released(): number {
    return this.#released;
  }

  get ending(): Ending | null {
    return this.#ending;
  }

  push(text: string): void {
    if (this.#ending !== null || text === "") return;
    this.#length += text.length;
    if (this.#limits === null) {
      this.#whole += text;
      return;
    }
    this.#guard("hazards", () => this.#hazards?.push(text));
    if (this.#findings.length > 0) this.#find(text);
    this.#decide(false);
  }

  end(): void {
    if (this.#ending !== null) return;
    if (this.#limits === null) this.#readWhole(this.#whole);
    this.#guard("hazards", () => this.#hazards?.end());
    for (const finding of this.#findings) this.#guard(finding.filter, () => finding.end());
    this.#decide(true);
  }

  /** Most texts are clear at first sight, and read no further. */
  #readWhole(text: string): void {
    const { lexicons, finders, sieve } = this.#filters;
    this.#guard("hazards", () => {
      if (lexicons === null || lexicons.clearance.isClear(text)) return;
      this.#hazards = new HazardScanner(lexicons, UNBOUNDED);
      this.#hazards.push(text);
    });
    const may = sieve.which([{ text }]);
    this.#findings = finders.filter((_, at) => may[at] === 1).map((finder) => new Finding(finder, this.part));
    for (const finding of this.#findings) this.#guard(finding.filter, () => finding.push(text, true));
  }

  #find(text: string): void {
    const { sieve } = this.#filters;
    const recent = this.#recent + text;
    this.#recent = recent.slice(-sieve.overlap);
    const may = sieve.which([{ text: recent }]);
    for (const [at, finding] of this.#findings.entries()) this.#guard(finding.filter, () => finding.push(text, may[at] === 1));
  }

  /** The text from one place to another, given as `text`, with what is taken out replaced. */
  render(text: string, start: number, end: number): string {
    if (this.#redactions.length === 0) return text;
    let out = "";
    let at = start;
    for (const { start: from, end: to } of this.#redactions) {
      if (to <= at || from >= end) continue;
      if (from >= at) out += text.slice(at - start, from - start) + this.#filters.redaction;
      at = Math.min(to, end);
    }
    return out + text.slice(at - start);
  }

  get isChanged(): boolean {
    return this.#redactions.length > 0;
  }

  /** What each filter did, for the log. */
  results(): readonly FilterResult[] {
    return this.#filters.ids.map((filter) => {
      const noted = this.#noted.get(filter);
      const rules = noted === undefined ? NO_RULES : [...noted.rules].sort();
      return { filter, outcome: this.#outcome(filter, noted?.action ?? "allow"), rules, scanned: this.#length, part: this.part };
    });
  }

  #outcome(filter: string, action: Action): FilterResult["outcome"] {
    if (this.#ending?.kind === "failed" && (this.#ending.filter === filter || this.#ending.filter === "hazards")) return "failed";
    if (this.#ending?.kind === "overflow" && this.#filters.lexical.some((one) => one.filter === filter)) return "overflowed";
    return OUTCOMES[action];
  }

  #guard(filter: string, run: () => void): void {
    try {
      run();
    } catch {
      this.#ending = { kind: "failed", filter };
    }
  }

  #decide(isEnd: boolean): void {
    const decisions = this.#take();
    if (this.#ending !== null) return;
    let limit = this.#length;
    if (!isEnd) {
      limit = Math.min(this.#hazards?.pending() ?? limit, ...this.#findings.map((finding) => finding.pending()));
      if (this.#overflows(limit)) {
        this.#ending = { kind: "overflow" };
        return;
      }
    }
    for (const decision of decisions) this.#apply(decision);
    const stop: Ending | null = this.#ending;
    if (stop !== null && "at" in stop) limit = Math.min(limit, (stop as { at: number }).at);
    this.#released = Math.max(this.#released, limit);
  }

  #overflows(pending: number): boolean {
    return (this.#hazards?.overflowed ?? false) || this.#length - pending > (this.#limits?.hold ?? 0);
  }

  #take(): Decision[] {
    const decisions: Decision[] = [];
    for (const { category, rule, start, end } of this.#hazards?.spans.splice(0) ?? []) {
      const action = this.#filters.actionOf(category);
      const filter = this.#filters.lexical.find((one) => one.has(category))?.filter ?? "hazards";
      if (action !== "allow") decisions.push({ filter, rule, action, start, end });
    }
    for (const finding of this.#findings) decisions.push(...finding.decisions.splice(0));
    return decisions.sort((one, other) => one.start - other.start);
  }

  #apply({ filter, rule, action, start, end }: Decision): void {
    const noted = this.#noted.get(filter) ?? { action: "allow" as Action, rules: new Set<string>() };
    noted.action = stricter(noted.action, action);
    noted.rules.add(rule);
    this.#noted.set(filter, noted);
    if (action === "redact") this.#redact({ filter, rule, action, start, end });
    else if (action === "block" || action === "replace") this.#stop(action, start);
  }

  #stop(kind: "block" | "replace", at: number): void {
    this.stops.push({ start: at, action: kind });
    const known = this.#ending;
    const isStricter = known?.kind === "replace" && kind === "block";
    if (known === null || isStricter) this.#ending = { kind, at: known !== null && "at" in known ? Math.min(known.at, at) : at };
    else if ("at" in known) this.#ending = { kind: known.kind, at: Math.min(known.at, at) };
  }

  /** Spans that touch become one, so that what is rendered does not depend on how many filters found it. */
  #redact(decision: Decision): void {
    const touching = this.#redactions.filter(({ start, end }) => start < decision.end && decision.start < end);
    const start = Math.min(decision.start, ...touching.map((one) => one.start));
    const end = Math.max(decision.end, ...touching.map((one) => one.end));
    const apart = this.#redactions.filter((one) => !touching.includes(one));
    this.#redactions.length = 0;
    this.#redactions.push(...[...apart, { ...decision, start, end }].sort((one, other) => one.start - other.start));
  }
}

const OUTCOMES: Readonly<Record<Action, FilterResult["outcome"]>> = {
  allow: "passed",
  flag: "flagged",
  redact: "redacted",
  replace: "replaced",
  block: "blocked",
};
