// What the rules of a policy can see: a plain, bounded picture of the report. docs/policy.md lists its keys.
import type { TermsSource } from "../chain/terms-table.ts";
import { COMPONENT_IDS } from "../core/component.ts";
import type { LicenseReport, Report } from "../core/report.ts";
import type { TermsRecord, Use } from "../core/terms.ts";
import { compareText } from "../core/text.ts";
import type { UseAnswer, UseReport } from "../core/use.ts";

/** Items of one list that rules see; what a rule costs at most is counted with this (language.ts). */
export const MAX_ITEMS = 1000;
/** Characters of one text that rules see. */
const MAX_TEXT = 1000;

/** A value that expressions can be given: numbers are bigint, which CEL calls `int`. */
type Seen = string | boolean | bigint | readonly Seen[] | { readonly [key: string]: Seen };

export interface View {
  readonly variables: Readonly<Record<Variable, Seen>>;
  /** The report holds more than rules see: that none of it is allowed cannot be said. */
  readonly isCut: boolean;
}

/** Names that expressions can use, with their CEL types. */
export const VARIABLES = {
  target: "map",
  headline: "map",
  standards: "map",
  components: "map",
  licenses: "list",
  terms: "list",
  uses: "map",
  duties: "list",
  chain: "map",
  findings: "list",
  coverage: "map",
  asked: "map",
} as const;
type Variable = keyof typeof VARIABLES;

/** The picture of a report and of the answers to all uses. */
export function viewOf(report: Report, use: UseReport, termsOf: TermsSource): View {
  const cutter = new Cutter();
  const { target, headline, coverage } = report;
  const licenses = licensesOf(report, use);
  const picture: Readonly<Record<Variable, Seen>> = {
    target: { ref: target.ref, digest: target.digest, kinds: target.sources.map(({ kind }) => kind) },
    headline: { word: headline.word, label: headline.label },
    standards: standardsOf(report),
    components: componentsOf(report),
    licenses: distinct(report.licenses.map(licenseOf)),
    terms: licenses.map((license) => standingOf(license, termsOf(license))),
    uses: Object.fromEntries(use.answers.map((answer) => [answer.use, useOf(answer)])),
    duties: distinct(use.duties.map(({ kind, license, part, on, words = "", certain }) => ({ kind, license, part, on, words, certain }))),
    chain: chainOf(report, licenses),
    findings: report.findings.map(({ ruleId, severity, path = "", setAside }) => ({
      rule: ruleId,
      severity,
      path,
      setAside: setAside !== undefined,
    })),
    coverage: { complete: coverage.complete, files: BigInt(coverage.filesListed) },
    asked: askedOf(use),
  };
  const variables = Object.fromEntries(Object.entries(picture).map(([name, value]) => [name, cutter.cut(value)]));
  return { variables: variables as Record<Variable, Seen>, isCut: cutter.hasCut };
}

/** Every license that bears on the release: its parts', and those of all nodes of its chain. */
function licensesOf(report: Report, use: UseReport): readonly string[] {
  const ofParts = use.answers.flatMap(({ parts }) => parts.flatMap(({ licenses }) => (licenses.length === 0 ? ["unknown"] : licenses)));
  const ofNodes = report.chain.nodes.slice(1).flatMap(({ licenses }) => (licenses.length === 0 ? ["unknown"] : licenses));
  return [...new Set([...ofParts, ...ofNodes])].sort(compareText);
}

function standardsOf({ verdicts }: Report): Seen {
  return Object.fromEntries(
    verdicts.map(({ standard, profile, result, level = "", criteria }) => [
      profile ?? standard,
      { result, level, criteria: Object.fromEntries(criteria.map(({ id, result: outcome }) => [id.slice(id.indexOf("/") + 1), outcome])) },
    ]),
  );
}

/** Every component is there, so that a rule never fails for want of one. */
function componentsOf({ components }: Report): Seen {
  return Object.fromEntries(
    COMPONENT_IDS.map((id) => {
      const found = components.find((component) => component.id === id);
      const { availability = "unknown", openness = "unknown", licenses = [], partial = false } = found ?? {};
      return [id, { availability, openness, licenses, partial }];
    }),
  );
}

function licenseOf({ id, kind, statement, scope, folder = "", about = "", thirdParty, restrictions = [] }: LicenseReport): Seen {
  const restricts = [...new Set(restrictions.map(({ term }) => term))];
  return { id, kind, statement, scope, folder, about, thirdParty: thirdParty === true, restrictions: restricts };
}

/** Answers of a record of terms; `unknown` where nobody read it. */
function standingOf(license: string, record: TermsRecord | null): Seen {
  const { revocability, termination, patent, jurisdiction, remoteRestriction, changes, outputs, osi, openData, openContent } =
    record?.standing ?? UNREAD;
  return {
    license,
    revocability: revocability.answer,
    termination: termination.map(({ answer }) => answer),
    patent: patent.answer,
    jurisdiction: jurisdiction.answer,
    remoteRestriction: remoteRestriction.answer,
    changes: changes.answer,
    outputs: outputs.answer,
    osi: osi.answer,
    openData: openData.answer,
    openContent: openContent.answer,
  };
}

const UNKNOWN = { answer: "unknown" } as const;
const UNREAD = {
  revocability: UNKNOWN,
  termination: [UNKNOWN],
  patent: UNKNOWN,
  jurisdiction: UNKNOWN,
  remoteRestriction: UNKNOWN,
  changes: UNKNOWN,
  outputs: UNKNOWN,
  osi: UNKNOWN,
  openData: UNKNOWN,
  openContent: UNKNOWN,
} as const;

function useOf({ answer, parts }: UseAnswer): Seen {
  const checks = parts.flatMap((part) => part.checks);
  const standing = checks.filter(({ state }) => state === "open" || state === "failed");
  return {
    answer,
    reasons: [...new Set(parts.flatMap(({ reasons }) => reasons))],
    conditions: [...new Set(standing.map(({ condition }) => condition.kind))],
    parts: Object.fromEntries(parts.map((part) => [part.part, part.answer])),
  };
}

function chainOf({ chain }: Report, licenses: readonly string[]): Seen {
  const direct = new Set(chain.edges.filter(({ child }) => child === chain.nodes[0]?.id).map(({ parent }) => parent));
  const nodes = chain.nodes.slice(1).map(({ id, name, licenses: own, resolution }) => ({
    id,
    name,
    licenses: own,
    resolution,
    direct: direct.has(id),
    relations: [...new Set(chain.edges.filter(({ parent }) => parent === id).map(({ relation }) => relation))],
  }));
  return { nodes, licenses, complete: chain.complete };
}

/** Numbers that were not given are -1, so that comparing them is no error. */
function askedOf({ asked }: UseReport): Seen {
  const { uses, users = -1, revenue = -1, region = "" } = asked;
  return { uses: uses satisfies readonly Use[], users: BigInt(users), revenue: BigInt(revenue), region };
}

function distinct<T extends Seen>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** Cuts lists and texts to what rules may cost, and remembers that it did. */
class Cutter {
  hasCut = false;

  cut(value: Seen): Seen {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object") return value;
    if (isList(value)) {
      this.hasCut ||= value.length > MAX_ITEMS;
      return value.slice(0, MAX_ITEMS).map((item) => this.cut(item));
    }
    const entries = Object.entries(value);
    this.hasCut ||= entries.length > MAX_ITEMS;
    return Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [key, this.cut(item)]));
  }

  #text(value: string): string {
    if (value.length <= MAX_TEXT) return value;
    this.hasCut = true;
    return value.slice(0, MAX_TEXT);
  }
}

function isList(value: readonly Seen[] | { readonly [key: string]: Seen }): value is readonly Seen[] {
  return Array.isArray(value);
}
