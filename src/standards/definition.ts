// The shape of a standard as it stands in rules/standards. Data only: nothing in a file can run.
import type { Availability, ComponentId } from "../core/component.ts";
import type { DataAspect, MeasuredTopic } from "../core/fact.ts";
import type { LicenseKind } from "../core/license.ts";
import type { Outcome, StandardId } from "../core/report.ts";

/** A fact that a document states; `value` is its topic, duty, relation or quantity. */
export interface StatedCondition {
  readonly kind: "stated";
  readonly fact: "usage-info" | "duty" | "relation" | "quantity" | "data-aspect";
  readonly value: string;
  /** Not stated counts as not-met when all of these are absent after a complete search; empty: never. */
  readonly silentWhen: readonly ComponentId[];
  /** Not stated is itself the answer (the release names no base model). */
  readonly closedWorld: boolean;
}

export interface HasCondition {
  readonly kind: "has";
  readonly component: ComponentId;
  /** Ways of being there that count. */
  readonly through: readonly Availability[];
  /** Ways of being there that the standard refuses outright. */
  readonly refuse: readonly Availability[];
  /** A part of it is not enough. */
  readonly whole: boolean;
}

export interface LicensedCondition {
  readonly kind: "licensed";
  readonly component: ComponentId;
  readonly accept: readonly LicenseKind[];
  /** What a restriction in the terms gives. */
  readonly restricted: Outcome;
}

export interface GrantsCondition {
  readonly kind: "grants";
  readonly component: ComponentId;
  /** Restriction terms that the standard names as disqualifying. */
  readonly disqualify: readonly string[];
}

export interface DataInformationCondition {
  readonly kind: "data-information";
  readonly aspects: readonly DataAspect[];
  readonly silentWhen: readonly ComponentId[];
}

export interface MeasuredCondition {
  readonly kind: "measured";
  /** Whose files; null: of none in particular. */
  readonly component: ComponentId | null;
  /** Files that cannot be read leave open whether all of it is there. */
  readonly whole: boolean;
  /** What is told beside the outcome. */
  readonly tell: readonly MeasuredTopic[];
  /** Rules of findings that leave the outcome open. */
  readonly contradictedBy: readonly string[];
}

/** The total condition language. Every condition has an outcome for every release. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | HasCondition
  | LicensedCondition
  | { readonly kind: "terms-seen"; readonly component: ComponentId }
  | GrantsCondition
  | { readonly kind: "free-access"; readonly component: ComponentId }
  | StatedCondition
  | DataInformationCondition
  | MeasuredCondition
  | { readonly kind: "compute"; readonly relation: "under" | "over"; readonly flop: number }
  /** Only a human can say; always unknown. */
  | { readonly kind: "attest"; readonly question: string };

export interface Criterion {
  /** `<standard>/<name>`; also the message id of its statement. */
  readonly id: string;
  /** Where the standard says so. */
  readonly clause: string;
  readonly when: Condition;
  /** False for what is reported beside the verdict and does not change it. */
  readonly counts: boolean;
}

interface StandardBase {
  readonly id: StandardId;
  readonly version: string;
  readonly source: string;
}

/** Met when every counting criterion is. */
export interface AllStandard extends StandardBase {
  readonly scheme: "all";
  readonly criteria: readonly Criterion[];
  readonly headline: HeadlineRule | null;
}

export interface HeadlineRule {
  /** Criteria that must be met before a release may be called open. */
  readonly met: readonly string[];
  /** Distinct aspects of data information that must have been seen. */
  readonly aspects: number;
  /** At least one of them must be among these: they say where the data comes from. */
  readonly including: readonly DataAspect[];
}

export interface Level {
  readonly id: string;
  readonly needs: readonly string[];
}

/** Labels in rising order, each with the criteria it needs. */
export interface LevelStandard extends StandardBase {
  readonly scheme: "levels";
  readonly criteria: readonly Criterion[];
  readonly levels: readonly Level[];
  /** The level that the standard's own name stands for. */
  readonly goal: string;
}

export interface Dimension {
  readonly id: string;
  readonly clause: string;
  readonly category: string;
  /** Field of the index's own records. */
  readonly field: string;
  readonly open: Condition;
  /** At least partly; not-met means closed. */
  readonly some: Condition;
}

/** Dimensions graded open, partial or closed. */
export interface GradedStandard extends StandardBase {
  readonly scheme: "graded";
  readonly dimensions: readonly Dimension[];
  readonly points: Readonly<Record<Grade, number>>;
}

export type Grade = "open" | "partial" | "closed";
export type ContentType = "code" | "data" | "document";

export interface MofComponent {
  readonly id: string;
  readonly clause: string;
  /** Name in the framework's record format. */
  readonly name: string;
  readonly contentType: ContentType;
  readonly class: 1 | 2 | 3;
  readonly required: boolean;
  /** Our component, or null when Ajar has no word for it. */
  readonly component: ComponentId | null;
  readonly when: Condition;
}

export interface MofStandard extends StandardBase {
  readonly scheme: "mof";
  readonly components: readonly MofComponent[];
  readonly classes: readonly { readonly class: 1 | 2 | 3; readonly label: string }[];
  readonly unclassified: string;
}

export type Standard = AllStandard | LevelStandard | GradedStandard | MofStandard;
