import type { ChainStep, Reach, Relation, Resolution, UnresolvedReason } from "./chain.ts";
import type { Availability, ComponentId, LicenseScope, Openness } from "./component.ts";
import type { DataReport } from "./dataset.ts";
import type { Evidence } from "./evidence.ts";
import type { StatementKind } from "./fact.ts";
import type { ReleaseIdentity } from "./identity.ts";
import type { SkipReason } from "./inventory.ts";
import type { LicenseKind } from "./license.ts";
import type { ReportedFile } from "./scan.ts";
import type { Condition, DutyKind, Permission, Use } from "./terms.ts";

// The published contract. Every output is made from this and nothing else; schema/report.schema.json mirrors it.

export const SCHEMA_VERSION = "1.1.0";

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

/** One release of the chain. */
export interface ChainNodeReport {
  /** `hf:owner/name`, `hf:datasets/owner/name`, an address, `name:…`, `path:…`; `release` for an audited release without an address. */
  readonly id: string;
  /** As stated. */
  readonly name: string;
  /** License ids; empty where none is known. */
  readonly licenses: readonly string[];
  readonly resolution: Resolution;
  /** Why nothing is known of it. */
  readonly reason?: UnresolvedReason;
  /** Where its license was learnt: a reference, or an address. */
  readonly source?: string;
  readonly evidence: readonly string[];
}

export interface ChainEdgeReport {
  readonly child: string;
  readonly parent: string;
  readonly relation: Relation;
  readonly evidence: readonly string[];
}

/** Where a term comes from: which license, clause and node, and the way there. */
export interface ChainOriginReport {
  readonly license: string;
  readonly clause: string;
  /** Document that the clause is in, where the license incorporates it. */
  readonly in?: string;
  readonly reach: Reach;
  readonly path: readonly ChainStep[];
}

export interface ChainUseReport {
  readonly use: Use;
  readonly permission: Permission;
  /** The grounds that decide: those as narrow as the permission. */
  readonly because: readonly ChainOriginReport[];
  readonly conditions: readonly (ChainOriginReport & { readonly kind: Condition["kind"]; readonly certain: boolean })[];
}

interface ChainDutyReport extends ChainOriginReport {
  readonly kind: DutyKind;
  readonly on: readonly Use[];
  readonly words?: string;
  /** False where it may not reach the release at all. */
  readonly certain: boolean;
}

/** What the release derives from and the terms that come down to it; empty where no relation was found. */
export interface ChainReport {
  /** The release first. */
  readonly nodes: readonly ChainNodeReport[];
  readonly edges: readonly ChainEdgeReport[];
  readonly uses: readonly ChainUseReport[];
  readonly duties: readonly ChainDutyReport[];
  /** A license is known for every node, and nothing was left out. */
  readonly complete: boolean;
}

/** The chain of a release of which no relation was found. */
export const EMPTY_CHAIN: ChainReport = { nodes: [], edges: [], uses: [], duties: [], complete: true };

/** Narrowest last; a policy that several rules speak to has the narrowest of their effects. */

export const POLICY_EFFECTS = ["allow", "review", "deny"] as const;
export type PolicyEffect = (typeof POLICY_EFFECTS)[number];

/** What one rule of a policy came to. */
export interface PolicyRuleReport {
  readonly id: string;
  readonly effect: PolicyEffect;
  /** error: the expression could not be evaluated over this release; it then counts as `review`. excepted: it holds, and somebody made an exception. */
  readonly outcome: "holds" | "does-not-hold" | "error" | "excepted";
  readonly reason: string;
  /** What went wrong in evaluating it. */
  readonly detail?: string;
  readonly exception?: { readonly by: string; readonly reason: string; readonly until: string };
}

/** What a policy given by the reader says of the release. */
export interface PolicyReport {
  /** As it was named on the command line. */
  readonly file: string;
  /** `sha256:<hex>` of the policy's text. */
  readonly digest: string;
  readonly result: PolicyEffect;
  /** In the order of the file. */
  readonly rules: readonly PolicyRuleReport[];
  /** What holds where no rule does. */
  readonly otherwise: PolicyEffect;
  /** The report holds more than rules are shown; the result is then `review` at best. */
  readonly partial: boolean;
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
  /** Files that a loader may open, and what loading them can do. */
  readonly files: readonly ReportedFile[];
  readonly gaps: readonly Gap[];
  readonly chain: ChainReport;
  readonly coverage: Coverage;
  /** What each source is by its bytes; only where that was asked for, as all of them are read then. */
  readonly identity?: readonly ReleaseIdentity[];
  /** Only where a policy was given. */
  readonly policy?: PolicyReport;
  /** What is in the data; only where that was asked for. */
  readonly data?: DataReport;
  readonly evidence: readonly Evidence[];
}
