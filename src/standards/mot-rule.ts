// The Model Openness Tool's own rule, bug for bug (lfai/model_openness_tool at 8b5d30e). Two-valued: a record lists a
// component or it does not. What the framework's paper says instead is the profile mof-paper.
import type { ContentType, MofComponent, MofStandard } from "./definition.ts";

export const UNLICENSED = "unlicensed";
const REPORT = "mof/technical-report";
const PAPER = "mof/research-paper";

export interface MotComponent {
  readonly name: string;
  /** As written; null when the record names none for it. */
  readonly license: string | null;
}

export interface MotRecord {
  readonly components: readonly MotComponent[];
  readonly distribution: string | null;
  readonly global: Readonly<Record<ContentType, string | null>>;
}

/** License ids that the tool counts as open, and the content types it tags them for; rules/standards/mot-licenses.yaml. */
export interface MotLicenses {
  readonly open: ReadonlySet<string>;
  readonly tags: ReadonlyMap<string, readonly ContentType[]>;
  /** Ids open under the paper, lower case: the same, with the list's slips mended. */
  readonly paper: ReadonlySet<string>;
}

export interface MotStatus {
  readonly component: MofComponent;
  readonly listed: boolean;
  /** After inheritance from the record's global licenses. */
  readonly license: string;
  readonly open: boolean;
  /** Open, but not tagged for this type of content: counted, with a warning. */
  readonly conditional: boolean;
  /** The research paper speaks for this component, the technical report. */
  readonly standsIn: boolean;
}

export interface MotResult {
  /** 0 when unclassified; lower is more open. */
  readonly class: 0 | 1 | 2 | 3;
  readonly label: string;
  /** Percent. */
  readonly progress: { readonly class3: number; readonly class2: number; readonly class1: number };
  readonly statuses: readonly MotStatus[];
}

/** Applies the tool's rule to one record. */
export function applyMotRule(record: MotRecord, standard: MofStandard, licenses: MotLicenses): MotResult {
  const statuses = standard.components.map((component) => statusOf(component, record, licenses));
  const report = statuses.find((status) => status.component.id === REPORT);
  const paper = statuses.find((status) => status.component.id === PAPER);
  const substituted = paper?.listed === true && report?.open !== true;
  const count = (lowest: number): { readonly open: number; readonly needed: number } => {
    const required = statuses.filter(({ component }) => component.required && component.class >= lowest);
    const open = required.filter((status) => status.open).length;
    if (!substituted) return { open, needed: required.length };
    // The paper stands in for the report below Class I; in Class I it is asked for itself, so one place is gone.
    return lowest === 1 ? { open, needed: required.length - 1 } : { open: open + (paper.open ? 1 : 0), needed: required.length };
  };
  const class3 = percent(count(3));
  const class2 = class3 < 100 ? 0 : percent(count(2));
  const class1 = class2 < 100 ? 0 : percent(count(1));
  const best = class1 === 100 ? 1 : class2 === 100 ? 2 : class3 === 100 ? 3 : 0;
  const label = standard.classes.find((one) => one.class === best)?.label ?? standard.unclassified;
  return { class: best, label, progress: { class3, class2, class1 }, statuses };
}

function percent({ open, needed }: { readonly open: number; readonly needed: number }): number {
  return Math.min(100, (open / needed) * 100);
}

function statusOf(component: MofComponent, record: MotRecord, licenses: MotLicenses): MotStatus {
  // The tool keeps entries by component: where a record lists one twice, the license stated last stays.
  const entries = record.components.filter((candidate) => candidate.name === component.name);
  const entry = entries.findLast((candidate) => candidate.license !== null) ?? entries[0];
  const license = effectiveLicense(entry, component.contentType, record);
  const open = entry !== undefined && licenses.open.has(license);
  const conditional = open && licenses.tags.get(license)?.includes(component.contentType) !== true;
  return { component, listed: entry !== undefined, license, open, conditional, standsIn: false };
}

/** Own license, else the global one of its type, else the one for the distribution; `unlicensed` blocks inheritance. */
function effectiveLicense(entry: MotComponent | undefined, type: ContentType, record: MotRecord): string {
  return entry?.license || record.global[type] || record.distribution || UNLICENSED;
}
