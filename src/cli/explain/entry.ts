import type { TermsRecord } from "../../core/terms.ts";
import type { Language } from "../../reports/language.ts";

/** One thing that has an id, explained. The JSON form of `ajar explain`. */
export interface Entry {
  readonly kind: "standard" | "criterion" | "license" | "component" | "error" | "rule" | "hazard" | "message";
  readonly id: string;
  readonly title: string;
  /** Paragraphs and lists, one line each; a line that begins with a space is a list item or an outline. */
  readonly lines: readonly string[];
  /** What a license allows, asks and forbids, as data. */
  readonly terms?: TermsRecord;
  /** Where the rule or text was taken from. */
  readonly source?: string;
}

/** Finds what an id stands for, in one place where ids are kept. */
export interface Finder {
  /** All ids it knows, for suggestions. */
  readonly ids: (language: Language) => readonly string[];
  readonly find: (id: string, language: Language) => Entry | undefined;
}

/** A value of rule data as a record; rule files are checked by their own loaders, here they are only shown. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
