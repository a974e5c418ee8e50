// What a license allows, asks and forbids, as data. Records live in rules/terms, one file a license; docs/terms.md describes them.

/** What somebody wants to do with a release. */
export const USES = ["commercial", "internal", "research", "redistribute", "fine-tune", "train-on-outputs"] as const;
export type Use = (typeof USES)[number];

/** `conditional`: allowed while every condition of the term holds. `unknown`: the text was not read, or does not settle it. */
export type Permission = "allowed" | "conditional" | "forbidden" | "unknown";

/** Where a term stands: the license's own numbering, and the term in our own words. */
export interface Clause {
  /** As the license numbers it, e.g. `1.b.v`; empty where it numbers nothing or the text was not read. */
  readonly clause: string;
  readonly summary: string;
}

/** What happens when a limit is passed. */
export type Effect = "forbidden" | "separate-license" | "duty";

export type Condition = Clause &
  (
    | {
        readonly kind: "size";
        readonly measure: "monthly-active-users" | "monthly-visits" | "revenue-per-year" | "revenue-per-month" | "employees";
        /** The term binds above this number (of users, visits, US dollars, people). */
        readonly above: number;
        readonly effect: Effect;
      }
    /** ISO 3166-1 alpha-2 codes, `EU` for the Union. The use is barred in them. */
    | { readonly kind: "region"; readonly regions: readonly string[]; readonly effect: Effect }
    /** A list of forbidden fields; whether a use falls under it a person must say. `policy`: where the list is, if not in the text. */
    | { readonly kind: "field-of-use"; readonly policy?: string }
    /** Outputs may train only models of this family, e.g. `Llama 2`. */
    | { readonly kind: "own-family"; readonly family: string }
    /** Anything else that a person has to check: a registration, a form, a purpose. */
    | { readonly kind: "review" }
  );

export interface UseTerm extends Clause {
  readonly permission: Permission;
  readonly conditions: readonly Condition[];
}

export type DutyKind =
  | "license-text"
  | "notice"
  | "attribution"
  | "display"
  | "name-prefix"
  | "state-changes"
  | "share-alike"
  | "disclose-source"
  | "pass-on-restrictions"
  | "guardrails"
  | "update"
  | "report"
  | "no-endorsement"
  | "no-warranty-notice";

/** Something that must be done when one of `on` is done. */
export interface Duty extends Clause {
  readonly kind: DutyKind;
  readonly on: readonly Use[];
  /** Words to show or to begin a name with, verbatim and short, e.g. `Built with Llama`. */
  readonly words?: string;
  /** The duty binds only when this condition is passed. */
  readonly above?: Extract<Condition, { kind: "size" }>;
}

/** How terms reach what is made from the licensed thing. */
export type Flow =
  /** Derivatives must carry this same license. */
  | "same-license"
  /** Any license, but the use restrictions must be passed on. */
  | "restrictions"
  /** Any license, but text and notices must be kept for the parts taken over. */
  | "notices"
  | "none"
  | "unknown";

export interface FlowTerm extends Clause {
  readonly flow: Flow;
  /** Licenses that a derivative may carry beside this one under a `same-license` flow. */
  readonly compatible?: readonly string[];
}

export interface StandingTerm extends Clause {
  /** `yes`, `no`, `unknown`, or a word of the topic (docs/terms.md). */
  readonly answer: string;
}

/** Terms of one license. A topic that was not read is `unknown`, never left out. */
export interface TermsRecord {
  /** As in LicenseRecord.id. */
  readonly id: string;
  readonly source: string;
  /** Digest of the text that was read, `sha256:<hex>`; absent when no text was in hand. */
  readonly textDigest?: string;
  readonly reviewed: string;
  /** `text`: read in the text. `secondary`: taken from others. `standard`: well-known standard license. `none`: not established. */
  readonly basis: "text" | "secondary" | "standard" | "none";
  readonly uses: Readonly<Record<Use, UseTerm>>;
  readonly duties: readonly Duty[];
  readonly flow: {
    /** Fine-tuned, merged, quantised or converted weights; for code and data, modified versions. */
    readonly derivatives: FlowTerm;
    /** A model trained on this model's outputs (distilled). */
    readonly outputs: FlowTerm;
    /** A model trained on this data. */
    readonly training: FlowTerm;
  };
  readonly standing: {
    readonly revocability: StandingTerm;
    readonly termination: StandingTerm;
    readonly patent: StandingTerm;
    readonly jurisdiction: StandingTerm;
    readonly remoteRestriction: StandingTerm;
    readonly osi: StandingTerm;
    readonly openData: StandingTerm;
    readonly openContent: StandingTerm;
  };
}
