import type { Availability, ComponentId, LicenseScope, Openness } from "./component.ts";
import type { Evidence } from "./evidence.ts";
import type { StatementKind } from "./fact.ts";
import type { SkipReason } from "./inventory.ts";
import type { LicenseKind } from "./license.ts";

// The published contract. Every output is made from this and nothing else; schema/report.schema.json mirrors it.

export const SCHEMA_VERSION = "1.0.0";

export const STANDARD_IDS = ["g7-2026", "osaid-1.0", "mof", "osaii-2026", "eu-ai-act-53-2"] as const;
export type StandardId = (typeof STANDARD_IDS)[number];

export type Outcome = "met" | "not-met" | "unknown";

/** A sentence as data: a message id of rules/messages and its arguments. Text is made at the edge, in the reader's language. */
export interface Message {
  readonly id: string;
  readonly args?: Readonly<Record<string, string | number>>;
  /** Evidence ids that this sentence rests on. */
  readonly evidence?: readonly string[];
}

export interface CriterionResult {
  /** Stable: `<standard>/<criterion>`, e.g. `osaid-1.0/data-information`. */
  readonly id: string;
  readonly result: Outcome;
  readonly because: readonly Message[];
  /** What would have to be seen for `met`. */
  readonly missing?: readonly Message[];
  /** Graded standards: the level given to this criterion, e.g. `open`, `partial`, `closed`. */
  readonly level?: string;
  /** Graded standards, where the level is not settled: the lowest and the highest it may be. */
  readonly range?: { readonly low: string; readonly high: string };
}

export interface Verdict {
  readonly standard: StandardId;
  readonly profile?: string;
  readonly result: Outcome;
  /** Class or label under the standard, e.g. `Class III - Open Model`, `weights-available`. */
  readonly level?: string;
  /** Only where the standard itself defines one (index mean 0..1, MOF progress). */
  readonly score?: Readonly<Record<string, number>>;
  readonly criteria: readonly CriterionResult[];
}

export type HeadlineWord = "open" | "ajar" | "shut" | "unknown";

export interface Headline {
  readonly word: HeadlineWord;
  /** G7 label id: `open-source-ai-with-open-data`, `open-source-ai`, `open-weights-ai`, `weights-available-ai`, `none`, `unknown`. */
  readonly label: string;
  readonly because: readonly Message[];
}

export interface ComponentReport {
  readonly id: ComponentId;
  readonly availability: Availability;
  readonly openness: Openness;
  /** License ids that cover it. */
  readonly licenses: readonly string[];
  readonly evidence: readonly string[];
  /** Paths and URLs where it is. */
  readonly places: readonly string[];
  readonly partial: boolean;
}

export interface LicenseReport {
  /** SPDX id, `LicenseRef-…`, or `modified <id>`, `unknown`, `none`. */
  readonly id: string;
  readonly kind: LicenseKind;
  readonly scope: readonly LicenseScope[];
  readonly statement: StatementKind;
  readonly evidence: readonly string[];
  /** Folder it governs; absent for the whole release. */
  readonly folder?: string;
  /** Model, version or file that the statement is about; absent when it speaks of the release. */
  readonly about?: string;
  readonly thirdParty?: boolean;
  /** Differing sentences of a modified license. */
  readonly differences?: readonly {
    readonly kind: "inserted" | "deleted";
    readonly text: string;
    readonly normative: boolean;
    readonly evidence: string;
  }[];
  /** Restrictions with the clause that makes them and the evidence where the clause was seen. */
  readonly restrictions?: readonly { readonly term: string; readonly clause: string; readonly evidence: readonly string[] }[];
}

export type Severity = "critical" | "high" | "medium" | "low" | "info";

export interface FindingReport {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly path?: string;
  readonly evidence: readonly string[];
  /** Set aside by somebody; it still stands in the report and counts for no threshold. */
  readonly setAside?: SetAside;
}

export type SetAside =
  /** The baseline has it: known before. */
  | { readonly by: "baseline" }
  /** An entry of the ignore file: whose decision, why, and until when. */
  | { readonly by: "suppression"; readonly who: string; readonly reason: string; readonly until: string };

export interface Gap {
  readonly standard: StandardId;
  readonly profile?: string;
  /** Level or result that the steps lead to. */
  readonly to: string;
  /** Steps in order of effect. */
  readonly do: readonly Message[];
}

export interface Coverage {
  readonly filesListed: number;
  readonly filesRead: number;
  readonly bytesRead: number;
  readonly requests: number;
  /** Size of the package or repository where its host states it. */
  readonly targetBytes?: number;
  /** Whether the target was read in parts or had to be transferred whole; absent where nothing was transferred or its sources differ. */
  readonly transfer?: "ranges" | "whole";
  readonly skipped: readonly {
    readonly path: string;
    readonly reason: SkipReason;
    readonly source: string;
    readonly partial: boolean;
    readonly detail?: string;
  }[];
  readonly complete: boolean;
}

/** Facts a reader wants beside the verdicts: what the release says of itself. */
export interface Statements {
  readonly quantities: readonly {
    readonly quantity: string;
    readonly value: number;
    readonly unit: string;
    readonly subject: string;
    readonly stated: string;
    readonly evidence: readonly string[];
  }[];
  readonly relations: readonly { readonly relation: string; readonly target: string; readonly evidence: readonly string[] }[];
  readonly safety: readonly { readonly topic: string; readonly evidence: readonly string[] }[];
  readonly claims: readonly { readonly claim: string; readonly evidence: readonly string[] }[];
}

export interface Report {
  readonly schemaVersion: string;
  readonly tool: { readonly version: string; readonly rules: string };
  readonly target: {
    readonly ref: string;
    readonly sources: readonly { readonly ref: string; readonly kind: string; readonly revision: string | null; readonly digest: string }[];
    /** `sha256:<hex>` over the sources' digests: the identity of what was audited. */
    readonly digest: string;
  };
  readonly headline: Headline;
  readonly verdicts: readonly Verdict[];
  readonly components: readonly ComponentReport[];
  readonly licenses: readonly LicenseReport[];
  readonly statements: Statements;
  readonly findings: readonly FindingReport[];
  readonly gaps: readonly Gap[];
  readonly coverage: Coverage;
  readonly evidence: readonly Evidence[];
}
