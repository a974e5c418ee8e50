import type { ComponentId } from "./component.ts";
import type { Evidence } from "./evidence.ts";
import type { Fact } from "./fact.ts";
import type { LicenseRecord } from "./license.ts";
import type { ComponentReport, Message, Severity } from "./report.ts";

/** A license that covers a component, with the statement it comes from. */
export interface CoveringLicense {
  /** Null when the text is modified or unknown; `id` still names it. */
  readonly record: LicenseRecord | null;
  /** As in LicenseReport.id. */
  readonly id: string;
  readonly evidence: readonly Evidence[];
  /** Restriction terms with the evidence of their clauses. */
  readonly restrictions: readonly {
    readonly term: string;
    readonly clause: string;
    readonly summary: string;
    readonly evidence: readonly Evidence[];
  }[];
}

/** A component after all facts about it were weighed; what standards judge. */
export interface ComponentState extends Omit<ComponentReport, "evidence" | "licenses"> {
  readonly id: ComponentId;
  readonly licenses: readonly CoveringLicense[];
  readonly evidence: readonly Evidence[];
}

/** Something wrong with the release that no standard asks about by itself. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly path?: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** All that standards may look at. No I/O behind it. */
export interface ReleaseView {
  readonly components: ReadonlyMap<ComponentId, ComponentState>;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Every source's listing is complete and every wanted document was read. */
  readonly searchComplete: boolean;
  /** Judgement facts count as observations (`--accept-claims`). */
  readonly acceptClaims: boolean;
}
