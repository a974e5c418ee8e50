// What a license allows, asks and forbids, as data. Records live in rules/terms, one file a license; docs/terms.md describes them.

/**
 * What somebody wants to do. `internal`: inside an organization, nothing leaves it. `fine-tune`: build on it (fine-tune, merge,
 * quantize or convert weights; change code; train on data). `redistribute`: pass it on, changed or not, or offer it as a service.
 */
export const USES = ["commercial", "internal", "research", "redistribute", "fine-tune", "train-on-outputs"] as const;
export type Use = (typeof USES)[number];

/** `conditional`: allowed while every condition of the term holds. `unknown`: the text was not read, or does not settle it. */
export const PERMISSIONS = ["allowed", "conditional", "forbidden", "unknown"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Where a term stands: the license's own numbering, and the term in our own words. */
export interface Clause {
  /** As the license numbers it, e.g. `1.b.v`; empty where it numbers nothing, says nothing or was not read. */
  readonly clause: string;
  /** Id of the document the clause is in, where that is not the license itself but one it incorporates: an annex of the record. */
  readonly in?: string;
  readonly summary: string;
}

/** Models of one license that a term is limited to. Whether a model is one, its card or a person must say. */
export const SCOPES = ["multimodal", "nvidia-cosmos"] as const;
export type Scope = (typeof SCOPES)[number];

/** What happens when a limit is passed. `separate-license`: no rights under this one, another can be asked for. */
export const EFFECTS = ["forbidden", "separate-license", "duty"] as const;
export type Effect = (typeof EFFECTS)[number];

export const MEASURES = ["monthly-active-users", "monthly-visits", "revenue-per-year", "revenue-per-month"] as const;
export type Measure = (typeof MEASURES)[number];

/** Purposes that a grant is limited to. `computational`: reading by machines, such as training. */
export const PURPOSES = ["research", "non-commercial", "evaluation", "non-production", "personal", "computational"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Models that outputs may not train. Whether a model is one, a person must say. */
export const MODEL_KINDS = ["competing", "general-purpose", "foundational-generative", "structure-prediction"] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

export interface SizeLimit extends Clause {
  readonly kind: "size";
  readonly measure: Measure;
  /** The term binds above this number (of users, visits, US dollars). */
  readonly above: number;
  /** It binds at the number itself too. */
  readonly inclusive?: true;
  /** `release-date`: only the number on the day that the version came out counts, later growth does not. `always`: at any time. */
  readonly counted: "release-date" | "always";
  /** The day that `release-date` means, where the text names it. */
  readonly date?: string;
  readonly effect: Effect;
}

/** In the order in which terms are shown. */
export const CONDITION_KINDS = [
  "size",
  "region",
  "purpose",
  "non-commercial-party",
  "field-of-use",
  "own-family",
  "model-kind",
  "registration",
  "review",
] as const satisfies readonly Condition["kind"][];

/** Something that has to hold for the use to be allowed. */
export type Condition =
  | SizeLimit
  | (Clause & {
      readonly kind: "region";
      /** ISO 3166-1 alpha-2 codes, `EU` for the Union. Barred in them. */
      readonly regions: readonly string[];
      /** `use`: where it is used. `domicile`: where the person lives or the company has its main place of business. */
      readonly by: "use" | "domicile";
      readonly scope?: Scope;
    })
  /** The grant covers these purposes only; any one of them will do. */
  | (Clause & { readonly kind: "purpose"; readonly only: readonly [Purpose, ...Purpose[]] })
  /** The grant covers organizations that are not commercial, and those who act for them. */
  | (Clause & { readonly kind: "non-commercial-party" })
  /** A list of forbidden fields; whether a use falls under it a person must say. `policy`: id or address of the list, if it is not in the text. */
  | (Clause & { readonly kind: "field-of-use"; readonly policy?: string })
  /** Outputs, and the thing itself, may improve only models of this family, e.g. `Llama 2`. */
  | (Clause & { readonly kind: "own-family"; readonly family: string })
  /** Outputs may not train models of this kind. */
  | (Clause & { readonly kind: "model-kind"; readonly barred: ModelKind })
  /** The user must register with the licensor or ask for access first. */
  | (Clause & { readonly kind: "registration"; readonly url?: string })
  /** Anything else that a person has to check. */
  | (Clause & { readonly kind: "review" });

export interface UseTerm extends Clause {
  readonly permission: Permission;
  readonly conditions: readonly Condition[];
  /** The text says that a separate license for this use can be asked for. */
  readonly separateLicense?: true;
}

export const DUTY_KINDS = [
  "license-text",
  "notice",
  "attribution",
  "citation",
  "display",
  "name-prefix",
  "state-changes",
  "share-alike",
  "disclose-source",
  "pass-on-restrictions",
  "guardrails",
  "disclose-ai",
  "documentation",
  "update",
  "report",
  "no-endorsement",
  "no-added-limits",
  "no-reverse-engineering",
  "rename",
  "indemnify",
] as const;
export type DutyKind = (typeof DUTY_KINDS)[number];

/** Something that must be done, or left, when one of `on` is done. */
export interface Duty extends Clause {
  readonly kind: DutyKind;
  readonly on: readonly [Use, ...Use[]];
  /** Words to show or to begin a name with, verbatim and short, e.g. `Built with Llama`. */
  readonly words?: string;
  /** The duty binds only when one of these limits is passed. */
  readonly above?: readonly [SizeLimit, ...SizeLimit[]];
  readonly scope?: Scope;
}

/** How terms reach what is made from the licensed thing. */
export const FLOWS = [
  /** Must carry this same license. */
  "same-license",
  /** Any license, but the use restrictions must be passed on as binding terms. */
  "restrictions",
  /** Own terms for own parts; this license with all its limits goes on binding everybody who uses the licensed part inside. */
  "underlying",
  /** Any license, but text and notices must be kept for the parts taken over. */
  "notices",
  /** May be made, may not be passed on. */
  "no-sharing",
  /** Nothing has to be passed on; duties of the maker are among `duties`. */
  "none",
  "unknown",
] as const;
export type Flow = (typeof FLOWS)[number];

export interface FlowTerm extends Clause {
  readonly flow: Flow;
  /** Licenses that a derivative may carry instead of this one under a `same-license` flow. */
  readonly compatible?: readonly string[];
}

/** What can end the rights. */
export const TRIGGERS = [
  "breach-automatic",
  "breach-cure",
  "breach-notice",
  "ip-litigation",
  /** Ends the patent license only. */
  "patent-litigation",
  "patent-litigation-all",
  "at-will",
  "size",
  "guardrail-bypass",
  "expiry",
  "silent",
  "unknown",
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const REVOCABILITY = ["irrevocable", "revocable", "silent", "unknown"] as const;
export const PATENT = ["granted", "silent", "excluded", "unknown"] as const;
export const YES_NO = ["yes", "no", "unknown"] as const;
/** Who owns outputs, as the text has it. `no-claim`: the licensor claims nothing in them. */
export const OUTPUT_RIGHTS = ["licensee", "no-claim", "licensor", "silent", "unknown"] as const;

export interface StandingTerm<Answer extends string> extends Clause {
  readonly answer: Answer;
  /** Where the answer was taken from, if not from the text: a list that somebody keeps. */
  readonly source?: string;
}

type YesNo = (typeof YES_NO)[number];

/** Terms of one license. A topic that was not read is `unknown`, never left out. */
export interface TermsRecord {
  /** As in LicenseRecord.id. */
  readonly id: string;
  /** Where the text, or what is said of it, was found. */
  readonly source: string;
  /** Digest of the text that was read, `sha256:<hex>`. */
  readonly textDigest?: string;
  /** Documents the license incorporates that were read too. */
  readonly annexes: readonly { readonly id: string; readonly digest: string }[];
  /** Day of the last reading, `YYYY-MM-DD`. */
  readonly reviewed: string;
  /** `text`: read in the text, which `textDigest` names. `secondary`: taken from others. `none`: not established. */
  readonly basis: "text" | "secondary" | "none";
  /** What is odd about the text, or was left open on purpose. */
  readonly notes?: string;
  readonly uses: Readonly<Record<Use, UseTerm>>;
  readonly duties: readonly Duty[];
  readonly flow: {
    /** Fine-tuned, merged, quantized or converted weights; for code and data, modified versions. */
    readonly derivatives: FlowTerm;
    /** A model trained on this model's outputs (distilled). */
    readonly outputs: FlowTerm;
    /** A model trained on this data. */
    readonly training: FlowTerm;
  };
  readonly standing: {
    readonly revocability: StandingTerm<(typeof REVOCABILITY)[number]>;
    /** Each thing that ends the rights; a single `silent` or `unknown` where none is known. */
    readonly termination: readonly [StandingTerm<Trigger>, ...StandingTerm<Trigger>[]];
    /** An explicit grant; what ends it is among `termination`. */
    readonly patent: StandingTerm<(typeof PATENT)[number]>;
    /** Law that governs: ISO 3166 code (`US-CA`, `HK`), whose place it is (`licensor`, `defendant`, `enforcement`), `silent` or `unknown`. */
    readonly jurisdiction: StandingTerm<string>;
    /** The licensor keeps a right to restrict use remotely. */
    readonly remoteRestriction: StandingTerm<YesNo>;
    /** The licensor may change the terms for copies already given. */
    readonly changes: StandingTerm<YesNo>;
    readonly outputs: StandingTerm<(typeof OUTPUT_RIGHTS)[number]>;
    readonly osi: StandingTerm<YesNo>;
    readonly openData: StandingTerm<YesNo>;
    readonly openContent: StandingTerm<YesNo>;
  };
}

/** What one license says on a topic: nothing, one thing or several. */
export type TermSaid = UseTerm | Condition | Duty | FlowTerm | StandingTerm<string>;

/** One topic in two licenses. */
export interface TermsDifference {
  /** Id of the topic's name: `use.commercial`, `license-condition.size`, `license-duty.display`, `channel.outputs`, `standing.patent`. */
  readonly topic: string;
  /** `alike`: the same kind of term, whose content only the clauses tell. `unknown`: not known of at least one of them. */
  readonly verdict: "same" | "alike" | "different" | "unknown";
  readonly a: readonly TermSaid[];
  readonly b: readonly TermSaid[];
}
