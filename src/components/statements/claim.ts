// A license statement as something that can be held against another: what it says, about what, and where.
import type { LicenseScope } from "../../core/component.ts";
import type { LicenseFact } from "../../core/fact.ts";
import type { LicenseRecord } from "../../core/license.ts";
import { compareText } from "../../core/text.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";

/** What a statement says. */
export type Said =
  | { readonly kind: "license"; readonly id: string; readonly license: LicenseRecord }
  /** A known text with binding sentences added or removed. */
  | { readonly kind: "modified"; readonly id: string; readonly base: LicenseRecord }
  /** A license text that Ajar does not know. */
  | { readonly kind: "unknown-text" }
  /** Limits on use in the publisher's own words. */
  | { readonly kind: "terms"; readonly words: string }
  /** A license with a title of its own that Ajar has no record of. */
  | { readonly kind: "titled"; readonly title: string }
  /** Terms behind an address that was not read. */
  | { readonly kind: "elsewhere"; readonly to: string }
  /** A name that stands for several licenses. */
  | { readonly kind: "family"; readonly name: string; readonly members: Pattern };

export interface Claim {
  readonly fact: LicenseFact;
  readonly says: Said;
  /** Parts that the statement itself names. */
  readonly scopes: readonly LicenseScope[];
  readonly whole: boolean;
  readonly about: string;
  readonly source: string;
  readonly folder: string;
  /** Statements of one place are one statement: the ids of a list, the licenses of one file. */
  readonly place: string;
}

/** Texts that say what users may not do; they come with a license and are none. */
const POLICY = /-(?:Use-Policy|Prohibited-Use|Output)$/u;

/** Statements of the release about itself that can be compared; tags in single code files speak of those files. */
export function claimsOf(facts: readonly LicenseFact[]): readonly Claim[] {
  return facts.flatMap((fact): readonly Claim[] => {
    const says = fact.thirdParty || isCodeHeader(fact) ? null : saidBy(fact);
    if (says === null) return [];
    const [first] = fact.evidence;
    return [
      {
        fact,
        says,
        scopes: (fact.said ?? fact.covers).filter((scope) => scope !== "documents"),
        whole: fact.whole ?? (fact.covers.length === 0 && fact.statement !== "prose" && fact.statement !== "pointer"),
        about: fact.about ?? "",
        source: first.source,
        folder: fact.folder,
        place: placeOf(fact),
      },
    ];
  });
}

/** A license file, the fields of a card, one sentence: what stands in one of these is said together. */
function placeOf({ statement, evidence: [first] }: LicenseFact): string {
  if (statement === "text") return `${first.source}\0${first.path}\0${first.method}`;
  return statement === "card" ? `${first.source}\0${first.path}\0card` : first.id;
}

function isCodeHeader({ statement, covers }: LicenseFact): boolean {
  return statement === "header" && covers.includes("code");
}

function saidBy({ match, license, stated, statement }: LicenseFact): Said | null {
  if (match?.outcome === "modified") {
    const { base, differences } = match;
    if (!differences.some(({ normative }) => normative)) return { kind: "license", id: base.id, license: base };
    return { kind: "modified", id: `modified ${base.id}`, base };
  }
  if (match?.outcome === "unknown-license") return unknownSaid(match.form, statement, stated);
  if (license !== null) return POLICY.test(license.id) ? null : { kind: "license", id: license.id, license };
  if (statement === "pointer") return /^https?:/iu.test(stated) ? { kind: "elsewhere", to: stated } : null;
  return nameSaid(stated);
}

function unknownSaid(form: "text" | "sentence" | "words", statement: LicenseFact["statement"], stated: string): Said | null {
  if (form === "text") return { kind: "unknown-text" };
  return form === "sentence" && statement === "prose" ? { kind: "terms", words: stated } : null;
}

/** A name without a record: of a family, of somebody's own license, or of nothing. */
function nameSaid(stated: string): Said | null {
  const name = stated
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/gu, " ");
  const members = families().get(name);
  if (members !== undefined) return { kind: "family", name: stated.trim(), members };
  const isTitle =
    /licen[sc]e|agreement|terms|许可|許可|协议|協議|授权|授權|条款|條款/iu.test(stated) && /\s|\p{Script=Han}/u.test(stated.trim());
  return isTitle ? { kind: "titled", title: stated.trim() } : null;
}

let known: ReadonlyMap<string, Pattern> | undefined;

/** Family names (spaces for dashes, lower case) and the ids that belong to each. */
function families(): ReadonlyMap<string, Pattern> {
  if (known === undefined) {
    const data: Readonly<Record<string, unknown>> = Object(Object(loadRules("detectors").get("licenses"))["families"]);
    known = new Map(Object.entries(data).map(([name, pattern]) => [name.replaceAll("-", " "), new Pattern(String(pattern), "u")]));
  }
  return known;
}

/** As reports name it. */
export function nameOf(says: Said): string {
  switch (says.kind) {
    case "license":
    case "modified":
      return says.id;
    case "titled":
      return says.title;
    case "elsewhere":
      return says.to;
    case "family":
      return says.name;
    default:
      return "unknown";
  }
}

/** License texts first, then cards, since these are what a reader looks at; then by place. */
export function inOrder(claims: readonly Claim[]): readonly Claim[] {
  return [...claims].sort(
    (a, b) =>
      RANK[a.fact.statement] - RANK[b.fact.statement] ||
      compareText(a.fact.evidence[0].path, b.fact.evidence[0].path) ||
      startOf(a) - startOf(b),
  );
}

const RANK: Readonly<Record<LicenseFact["statement"], number>> = { text: 0, card: 1, metadata: 2, header: 3, pointer: 4, prose: 5 };

function startOf({ fact }: Claim): number {
  const { span } = fact.evidence[0];
  return span?.kind === "lines" || span?.kind === "bytes" ? span.start : 0;
}
