// The answer of `ajar use`: may somebody do this with a release, by which clauses, and what follows. docs/use.md has the rules.
import type { ChainStep, Reach } from "./chain.ts";
import type { ComponentId } from "./component.ts";
import type { Evidence } from "./evidence.ts";
import type { ChainNodeReport, Message, PolicyReport, Report } from "./report.ts";
import type { Condition, DutyKind, Permission, SizeLimit, Use } from "./terms.ts";

/** Version of the contract; schema/use.schema.json mirrors it. */
export const USE_SCHEMA_VERSION = "1.0.0";

/** Widest first. `review`: a person must look, for the reasons given; never to be read as allowed. */
export const ANSWERS = ["allowed", "review", "not-allowed"] as const;
export type Answer = (typeof ANSWERS)[number];

/** What of a release an answer is about. `weights` bears the chain; a release without weights is its data or its code. */
export const USE_PARTS = ["weights", "data", "code"] as const;
export type UsePart = (typeof USE_PARTS)[number];

/** Why a person must look. */
export const REVIEW_REASONS = [
  /** Terms that nobody read, or that do not settle it. */
  "unknown",
  /** Statements of the release contradict each other. */
  "disputed",
  /** Part of the release, or of what it derives from, was not read. */
  "incomplete",
  /** All is known; conditions are left that only a person can answer. */
  "conditions",
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** What was asked. */
export interface Asked {
  readonly uses: readonly Use[];
  /** Monthly active users, counted as each license counts them. */
  readonly users?: number;
  /** US dollars a year. */
  readonly revenue?: number;
  /** ISO 3166-1 alpha-2 code, or `EU`: where it is used and where the user is based. */
  readonly region?: string;
  /** The day that decisions with an end are held against, YYYY-MM-DD. */
  readonly asOf: string;
}

/** A clause with the way it came and where the release states its license. */
export interface Cited {
  /** As in TermOrigin.license. */
  readonly license: string;
  readonly clause: string;
  readonly in?: string;
  readonly summary: string;
  readonly reach: Reach;
  readonly path: readonly ChainStep[];
  /** Ids of evidence: the clause or the statement in the release; for a parent's license, where the release names the parent. */
  readonly evidence: readonly string[];
}

export interface UseGround extends Cited {
  readonly permission: Permission;
  /** Id of the override by which this no longer stands in the way. */
  readonly asserted?: string;
}

/** met: by what was asked. failed: by what was asked. open: a person must say. asserted: a reviewer says that it holds. */
export const CHECK_STATES = ["met", "failed", "open", "asserted"] as const;

export interface UseCheck extends Cited {
  readonly state: (typeof CHECK_STATES)[number];
  readonly condition: Condition;
  /** False where the condition may not reach the release at all. */
  readonly certain: boolean;
  readonly asserted?: string;
}

export interface PartAnswer {
  readonly part: UsePart;
  readonly components: readonly ComponentId[];
  readonly licenses: readonly string[];
  /** Id of the override that says what its license is. */
  readonly asserted?: string;
  readonly answer: Answer;
  /** Empty unless the answer is `review`. */
  readonly reasons: readonly ReviewReason[];
  /** Grounds as narrow as the answer, the narrowest first. */
  readonly because: readonly UseGround[];
  /** Conditions, those that stand in the way first. */
  readonly checks: readonly UseCheck[];
}

export interface UseAnswer {
  readonly use: Use;
  /** The narrowest of its parts. */
  readonly answer: Answer;
  readonly parts: readonly [PartAnswer, ...PartAnswer[]];
}

/** Something that must be done when one of `on` is done. */
export interface UseDuty extends Cited {
  readonly kind: DutyKind;
  readonly part: UsePart;
  /** Of the uses that were asked for. */
  readonly on: readonly Use[];
  readonly words?: string;
  /** The limits above which it binds, where what was asked does not settle it. */
  readonly above?: readonly SizeLimit[];
  readonly certain: boolean;
}

/** A finding of the report by which statements about a part contradict each other. */
export interface Dispute {
  readonly part: UsePart;
  readonly ruleId: string;
  readonly message: Message;
  readonly evidence: readonly string[];
  readonly asserted?: string;
}

/** What a named person asserts, kept apart from what was observed. */
export interface Assertion {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  /** First day on which it no longer holds. */
  readonly until: string;
  readonly says: Claimed;
}

export type Claimed =
  /** The license of a part, or of a node of the chain, is this. */
  | { readonly kind: "license"; readonly part?: UsePart; readonly node?: string; readonly license: string }
  /** A condition of a license was checked and holds. */
  | {
      readonly kind: "checked";
      readonly license: string;
      readonly condition: Condition["kind"];
      readonly clause?: string;
      readonly uses?: readonly Use[];
    }
  /** The licensor agreed to these uses separately. */
  | { readonly kind: "agreement"; readonly license: string; readonly uses: readonly Use[] };

export interface UseReport {
  readonly schemaVersion: string;
  readonly tool: Report["tool"];
  readonly target: Report["target"];
  /** That none of this is legal advice. */
  readonly notice: Message;
  readonly asked: Asked;
  readonly answers: readonly UseAnswer[];
  readonly duties: readonly UseDuty[];
  readonly disputes: readonly Dispute[];
  /** Assertions that were applied. */
  readonly asserted: readonly Assertion[];
  /** Assertions whose day has passed; they were ignored. */
  readonly expired: readonly Assertion[];
  /** As in the report of the audit. */
  readonly chain: { readonly nodes: readonly ChainNodeReport[]; readonly complete: boolean };
  readonly coverage: { readonly complete: boolean };
  readonly policy?: PolicyReport;
  readonly evidence: readonly Evidence[];
}

/** A text of the release that says under which terms it stands, byte for byte. */
export interface FoundText {
  readonly source: string;
  readonly path: string;
  /** `sha256:<hex>` of `bytes`. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface BundleText extends FoundText {
  /** Path in the bundle; made by Ajar, so that no name of a release leads elsewhere. */
  readonly file: string;
  /** Licenses that the text is. */
  readonly licenses: readonly string[];
}

/** Something that must be shipped, and is not in the release. */
export interface Missing {
  readonly what: "license-text" | "policy" | "attribution" | "unknown-terms";
  readonly license: string;
  readonly clause: string;
  /** Where it may be had: an address, the id of a document, a node of the chain; empty where nobody says. */
  readonly source: string;
}

/** What goes along when a release is passed on. */
export interface NoticeBundle {
  readonly texts: readonly BundleText[];
  /** Words that a notice must have, verbatim. */
  readonly words: readonly string[];
  /** Lines of the texts that say whose work it is. */
  readonly credits: readonly string[];
  readonly duties: readonly UseDuty[];
  readonly missing: readonly Missing[];
}
