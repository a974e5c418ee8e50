import type { Relation } from "./chain.ts";
import type { ComponentId, LicenseScope } from "./component.ts";
import type { Evidence } from "./evidence.ts";
import type { LicenseMatch, LicenseRecord } from "./license.ts";

/** How strongly a component was seen. */
export type Sighting =
  /** The thing is an entry of this source. */
  | "found"
  /** A link leads to it on another host. */
  | "linked"
  /** It exists, behind a form, an approval or a signed URL. */
  | "gated"
  /** Prose says something about it, the thing is not there. */
  | "described"
  /** The publisher says that it is not released. */
  | "withheld";

interface Observed {
  /** Where it was seen; a fact without evidence cannot be built. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** `<detector>@<version>`, e.g. `front-matter@1`. */
  readonly detector: string;
}

export interface ComponentFact extends Observed {
  readonly kind: "component";
  readonly component: ComponentId;
  readonly sighting: Sighting;
  /** Path in the source, or URL. */
  readonly place: string;
  /** True when only a part is there (samples, one stage of several). */
  readonly partial: boolean;
  /** What it stands on, in a few words: `script that trains with the model's own config`. */
  readonly reason: string;
}

/** Where a license statement was made. */
export type StatementKind = "text" | "card" | "header" | "pointer" | "prose" | "metadata";

export interface LicenseFact extends Observed {
  readonly kind: "license";
  readonly statement: StatementKind;
  /** What was recognised. For a card's id this is `identified` by name only, see `byText`. */
  readonly license: LicenseRecord | null;
  /** The words of the statement when no record fits (`license: other`). */
  readonly stated: string;
  /** Present when a text was matched. */
  readonly match?: LicenseMatch;
  /** What it covers; empty when it does not say. */
  readonly covers: readonly LicenseScope[];
  /** The part of `covers` that its own words or name say, where the rest was concluded; absent when all of it was said. */
  readonly said?: readonly LicenseScope[];
  /** True when it speaks of the repository, package or release as one thing. */
  readonly whole?: boolean;
  /** The model, version or file it is about when that is not the release itself, in lower case: `7b chat`. */
  readonly about?: string;
  /** Set on alternatives that a reader may choose from ("MIT or Apache-2.0"): the same words on each of them. */
  readonly choice?: string;
  /** Components it names one by one, narrower than `covers`. */
  readonly components: readonly ComponentId[];
  /** Folder it governs: `""` for the whole source, `vendor/x` for a nested license. */
  readonly folder: string;
  /** True for a license of code that others wrote and that lies in this release (vendored, third party). */
  readonly thirdParty: boolean;
}

/** Aspects of data information, in the order of OSAID 1.0. */
export const DATA_ASPECTS = [
  "description",
  "provenance",
  "scope",
  "collection",
  "selection",
  "labelling",
  "processing",
  "public-list",
  "third-party-list",
] as const;
export type DataAspect = (typeof DATA_ASPECTS)[number];

/** What the release says about its training data, by aspect of OSAID's "Data Information". */
export interface DataAspectFact extends Observed {
  readonly kind: "data-aspect";
  readonly aspect: DataAspect;
}

export type Quantity = "parameters" | "tokens" | "gpu-hours" | "gpu-hours-total" | "flop" | "monthly-users" | "energy" | "emissions";

export interface QuantityFact extends Observed {
  readonly kind: "quantity";
  readonly quantity: Quantity;
  readonly value: number;
  /** `count`, `hours`, `FLOP`, `kWh`, `tCO2eq`. */
  readonly unit: string;
  /** Which model of the family, e.g. `7B`; empty for the release. */
  readonly subject: string;
  /** As written, e.g. `2.0T`. */
  readonly stated: string;
  /** Named hardware for GPU hours, e.g. `A100-80GB`. */
  readonly hardware?: string;
}

export interface RelationFact extends Observed {
  readonly kind: "relation";
  readonly relation: Relation;
  /** Hub id, URL or name as stated. */
  readonly target: string;
  /** Another model of this same release: a family in one repository. */
  readonly sibling?: true;
}

export interface SafetyFact extends Observed {
  readonly kind: "safety";
  readonly topic: "usage-policy" | "red-teaming" | "safety-evaluation" | "guard-model";
}

/** What shows that a model of its own stands behind a source, and not only code or documents about models. */
export interface ModelFact extends Observed {
  readonly kind: "model";
  readonly sign: "host-record" | "model-card" | "config" | "tokenizer" | "statement";
}

/** The publisher calls this release (not another) open source. */
export interface OpennessClaimFact extends Observed {
  readonly kind: "openness-claim";
  readonly claim: string;
}

/** A document answers a public-information duty: modalities, capabilities, limitations, integration. */
export interface UsageInfoFact extends Observed {
  readonly kind: "usage-info";
  readonly topic: "modalities" | "capabilities" | "limitations" | "integration" | "architecture" | "hardware";
}

/** Access conditions outside the license: gate forms, personal data asked, price. */
export interface AccessFact extends Observed {
  readonly kind: "access";
  readonly condition: "form" | "approval" | "contact-data" | "price" | "country-limit" | "commercial-form";
}

/** Documents owed under EU AI Act Art. 53(1)(c) and (d). */
export interface DutyFact extends Observed {
  readonly kind: "duty";
  readonly duty: "copyright-policy" | "training-content-summary";
}

/**
 * What was measured in the data, where rows of it were read. `files`: how many there are, and how many were read; `partly`: some
 * are damaged; `unreadable`: none is what its name says; `notices`: terms that stand in the rows.
 */
export const MEASURED_TOPICS = ["files", "partly", "unreadable", "languages", "domains", "notices", "reservations", "personal"] as const;
export type MeasuredTopic = (typeof MEASURED_TOPICS)[number];

export interface MeasuredFact extends Observed {
  readonly kind: "measured";
  readonly topic: MeasuredTopic;
  /** Whose files; null: all data that was read. */
  readonly component: ComponentId | null;
  /** Arguments of the message `standards.measured.<topic>`. */
  readonly figures: Readonly<Record<string, string | number>>;
}

/** Somebody else's judgement, read from a mot: or osaii: file. Never an observation. */
export interface JudgementFact extends Observed {
  readonly kind: "judgement";
  readonly standard: "mof" | "osaii-2026";
  /** MOF component name or index dimension as written. */
  readonly subject: string;
  /** MOF: license name or null when unlicensed. Index: `open` | `partial` | `closed`. */
  readonly value: string | null;
}

export type Fact =
  | ComponentFact
  | LicenseFact
  | DataAspectFact
  | QuantityFact
  | RelationFact
  | SafetyFact
  | ModelFact
  | OpennessClaimFact
  | UsageInfoFact
  | AccessFact
  | DutyFact
  | MeasuredFact
  | JudgementFact;

export type FactKind = Fact["kind"];

/** Keeps the facts of one kind, typed. */
export function factsOf<K extends FactKind>(facts: readonly Fact[], kind: K): readonly Extract<Fact, { kind: K }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind);
}
