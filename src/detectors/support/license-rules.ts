// The patterns of rules/detectors/licenses.yaml: where a sentence speaks of the license of this release.
import { AjarError } from "../../core/errors.ts";
import { loadRules } from "../../rules/load.ts";
import { Pattern } from "../../rules/pattern.ts";

interface NamePattern {
  readonly match: Pattern;
  readonly id: string;
}

export interface LicenseRules {
  readonly hint: Pattern;
  readonly before: Pattern;
  readonly after: Pattern;
  readonly unless: Pattern;
  /** Before a name: it is denied, given up or compared with. */
  readonly notSo: Pattern;
  readonly changedFrom: Pattern;
  readonly changedTo: Pattern;
  readonly setAgainst: Pattern;
  readonly setAgainstAfter: Pattern;
  readonly notUnder: Pattern;
  readonly repository: Pattern;
  readonly underWeights: Pattern;
  readonly underData: Pattern;
  /** Terms that narrow use, said without the name of a license. */
  readonly narrowing: Pattern;
  /** The same in words that only terms give this meaning, and where such words are terms. */
  readonly narrowingInTerms: Pattern;
  readonly underTerms: Pattern;
  readonly notNarrowing: Pattern;
  /** A license called open source. */
  readonly openSourceName: Pattern;
  readonly notOpenSource: Pattern;
  /** Names that no list has. */
  readonly names: readonly NamePattern[];
  /** A document may hold a whole license text. */
  readonly textHint: Pattern;
  /** Chinese names of Creative Commons licenses; groups `parts` and `version`. */
  readonly commons: Pattern;
  /** A family named in prose. */
  readonly familyName: Pattern;
  /** Names that say nothing, such as `other`. */
  readonly nameless: Pattern;
  /** Names that stand for several licenses, in lower case. */
  readonly families: ReadonlySet<string>;
}

let loaded: LicenseRules | undefined;

/** The patterns of rules/detectors/licenses.yaml. @throws AjarError BAD_RULE_DATA */
export function licenseRules(): LicenseRules {
  loaded ??= readRules();
  return loaded;
}

function bad(problem: string): AjarError {
  return new AjarError("BAD_RULE_DATA", problem, { subject: "rules/detectors/licenses.yaml" });
}

function compiled(value: unknown, key: string): Pattern {
  if (typeof value !== "string") throw bad(`${key} is missing`);
  return new Pattern(value.trim(), "iu");
}

function readRules(): LicenseRules {
  const data = new Map(Object.entries(Object(loadRules("detectors").get("licenses"))));
  const regex = (key: string): Pattern => compiled(data.get(key), key);
  const names = data.get("names");
  return {
    hint: regex("hint"),
    before: regex("before"),
    after: regex("after"),
    unless: regex("unless"),
    notSo: regex("notSo"),
    changedFrom: regex("changedFrom"),
    changedTo: regex("changedTo"),
    setAgainst: regex("setAgainst"),
    setAgainstAfter: regex("setAgainstAfter"),
    notUnder: regex("notUnder"),
    repository: regex("repository"),
    underWeights: regex("underWeights"),
    underData: regex("underData"),
    narrowing: regex("narrowing"),
    narrowingInTerms: regex("narrowingInTerms"),
    underTerms: regex("underTerms"),
    notNarrowing: regex("notNarrowing"),
    openSourceName: regex("openSourceName"),
    notOpenSource: regex("notOpenSource"),
    names: Array.isArray(names) ? names.map(namePattern) : [],
    textHint: regex("textHint"),
    commons: regex("commons"),
    familyName: regex("familyName"),
    nameless: regex("nameless"),
    families: new Set(Object.keys(Object(data.get("families")))),
  };
}

function namePattern(entry: unknown): NamePattern {
  const { match, id } = Object(entry) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string") throw bad("a name has no id");
  return { match: compiled(match, `names: ${id}`), id };
}
