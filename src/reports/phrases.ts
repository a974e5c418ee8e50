// The parts of a report as phrases in the reader's language; every output for people is made of these.
import type { Evidence } from "../core/evidence.ts";
import type { Message, SetAside, Verdict } from "../core/report.ts";
import { failureText } from "./failure-text.ts";
import type { Language } from "./language.ts";
import { lookup, nameOf, text, word } from "./messages.ts";
import { safeText } from "./safe-text.ts";
import { numberText } from "./sentence.ts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export class Phrases {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  word(id: string): string {
    return word(id, this.language);
  }

  say(id: string, args: Record<string, string | number>): string {
    return text({ id, args }, this.language);
  }

  /** The sentence of a message, without its evidence. */
  tell(message: Message): string {
    return text(message, this.language);
  }

  /** The name of a thing (`component`, `weights`), or its bare id where nobody named it. */
  name(kind: string, id: string): string {
    return nameOf(kind, id, this.language);
  }

  /** `name: value`, in the reader's punctuation. */
  pair(first: string, second: string): string {
    return second === "" ? first : this.say("report.pair", { first, second });
  }

  /** `text (note)`. */
  note(first: string, second: string): string {
    return second === "" ? first : this.say("report.note", { first, second });
  }

  /** A detail that code gave in English, such as why a file could not be read. */
  detail(english: string | undefined): string {
    return safeText(failureText(english ?? "", this.language));
  }

  /** Items of one list. */
  join(items: readonly string[]): string {
    return items.filter((item) => item !== "").join(this.word("report.separator"));
  }

  /** Statements side by side. */
  clauses(items: readonly string[]): string {
    return items.filter((item) => item !== "").join(this.word("report.clauses"));
  }

  /** Name of a standard with its profile. */
  verdictName(verdict: { readonly standard: string; readonly profile?: string }): string {
    return this.join([this.name("standard", verdict.standard), safeText(verdict.profile ?? "")]);
  }

  /** A criterion's id is also the id of its statement. */
  criterionName(id: string): string {
    return lookup(id, this.language) ?? safeText(id);
  }

  /** Class or label of a verdict and its scores, to two decimals; a `-low` and a `-high` of one name are a range. */
  verdictDetail(verdict: Verdict): string {
    return this.join([this.#levelName(verdict), ...this.#scores(verdict)]);
  }

  /** Why a finding counts for nothing. */
  setAside(aside: SetAside): string {
    if (aside.by === "baseline") return this.word("review.baseline");
    const { who, reason, until } = aside;
    return this.say("review.suppressed", { who: safeText(who), reason: safeText(reason), until });
  }

  /** Where a gap leads: a label, a level or an outcome. */
  aim(to: string): string {
    const label = this.name("label", to);
    return label === to ? this.name(to === "met" ? "outcome" : "level", to) : label;
  }

  /** Path with lines, bytes or pointer. */
  place({ path, span }: Pick<Evidence, "path" | "span">): string {
    const place = path === "" ? this.word("report.no-line") : safeText(path);
    if (span === undefined) return place;
    switch (span.kind) {
      case "lines":
        return span.start === span.end ? `${place}:${span.start}` : `${place}:${span.start}-${span.end}`;
      case "bytes":
        return `${place}, ${this.say("report.bytes-span", { start: span.start, end: span.end })}`;
      case "pointer":
        return `${place}#${safeText(span.pointer)}`;
    }
  }

  #levelName({ level }: Verdict): string {
    if (level === undefined) return "";
    const label = this.name("label", level);
    return label === level ? this.name("level", level) : label;
  }

  #scores(verdict: Verdict): readonly string[] {
    return Object.entries(verdict.score ?? {}).flatMap(([name, value]) => {
      const base = name.replace(/-(?:low|high)$/u, "");
      if (base === name) return [this.say("score.value", { score: name, value: decimals(value) })];
      const high = verdict.score?.[`${base}-high`];
      if (name.endsWith("-high") || high === undefined) return [];
      if (high === value) return [this.say("score.value", { score: base, value: decimals(value) })];
      return [this.say("score.range", { score: base, low: decimals(value), high: decimals(high) })];
    });
  }
}

function decimals(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/u, "");
}

/** Bytes in the largest unit that keeps a whole digit, to one decimal. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? numberText(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
