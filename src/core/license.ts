import type { Span } from "./evidence.ts";

/** What kind of terms a license carries; one word per license, from its record in rules/licenses. */
export const LICENSE_KINDS = [
  /** On OSI's list. */
  "osi-approved",
  /** An open data license (open definition conformant or CDLA style). */
  "open-data",
  /** An open content license, e.g. CC-BY-4.0. */
  "open-content",
  /** Permissive or copyleft without use limits, but not on OSI's list, e.g. WTFPL, OpenMDW-1.0. */
  "unapproved-permissive",
  /** Forbids uses, binds by size, territory or purpose. */
  "use-restricted",
  "non-commercial",
  "no-derivatives",
  /** Grants nothing beyond looking. */
  "proprietary",
  "unknown",
] as const;
export type LicenseKind = (typeof LICENSE_KINDS)[number];

/** A term that narrows the four freedoms, with where to find it in the license's own text. */
export interface Restriction {
  /** Machine word: `user-threshold`, `non-commercial`, `field-of-use`, `acceptable-use-policy`, `no-training-other-models`, `no-redistribution`, `geographic`, `revenue-threshold`, `display-duty`, `separate-commercial-license`, `no-derivatives`, `research-only`, `revocable`, `gated`. */
  readonly term: string;
  /** Clause label as the license numbers it, e.g. `2`, `1.b.v`. */
  readonly clause: string;
  /** Short description in our own words. */
  readonly summary: string;
}

/** A license as Ajar knows it. */
export interface LicenseRecord {
  /** SPDX id where SPDX has one, else `LicenseRef-<name>`. */
  readonly id: string;
  readonly name: string;
  readonly kind: LicenseKind;
  readonly osiApproved: boolean;
  readonly fsfLibre: boolean;
  readonly restrictions: readonly Restriction[];
  /** Hub ids and other names this license goes by (lower case). */
  readonly aliases: readonly string[];
  readonly source: string;
}

/** Where in the identified text a restriction's clause stands. */
export interface LocatedRestriction extends Restriction {
  readonly span: Span;
  readonly quote: string;
}

/** A sentence that differs between a text and the license it resembles. */
export interface TextDifference {
  readonly kind: "inserted" | "deleted";
  /** Inserted: verbatim from the audited text. Deleted: from the reference text when Ajar may hold it, else a count of words. */
  readonly text: string;
  /** Lines in the audited text: of the insertion, or where the deletion is. */
  readonly span: Span;
  /** True when the sentence binds: shall, must, may not, provided that, except, unless … or the Chinese equivalents. */
  readonly normative: boolean;
}

/** One license (or pointer) recognised in a text. */
export type LicenseMatch =
  | {
      readonly outcome: "identified";
      readonly license: LicenseRecord;
      /** 0..1, share of the license's text found in order. */
      readonly coverage: number;
      readonly span: Span;
      readonly restrictions: readonly LocatedRestriction[];
    }
  | {
      /** Close to a known license but with binding sentences added or removed: never to be read as that license. */
      readonly outcome: "modified";
      readonly base: LicenseRecord;
      readonly coverage: number;
      readonly span: Span;
      readonly differences: readonly TextDifference[];
    }
  | {
      /** The text has no terms of its own: a URL, "see LICENSE-MODEL", an SPDX tag, a notice header. */
      readonly outcome: "pointer";
      /** License named by the pointer when it can be told, else null. */
      readonly license: LicenseRecord | null;
      /** URL, path or SPDX expression pointed to. */
      readonly to: string;
      readonly span: Span;
    }
  | {
      /** Reads like a license (grants, conditions) but is none Ajar knows. */
      readonly outcome: "unknown-license";
      /** Nearest known license and how much of it was found, for the reader; no verdict rests on it. */
      readonly nearest: { readonly id: string; readonly coverage: number } | null;
      readonly span: Span;
      /** `text`: reads like license terms. `sentence`: terms said in passing. `words`: a license file whose words nobody can place. */
      readonly form: "text" | "sentence" | "words";
      /** Sentences in it that narrow use, found by their wording; the text as a whole was not understood. */
      readonly restrictions: readonly LocatedRestriction[];
    };
