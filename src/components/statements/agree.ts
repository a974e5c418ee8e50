// Whether two statements say the same license, different ones, or cannot be told apart.
import type { LicenseKind, LicenseRecord } from "../../core/license.ts";
import { hasKnownText, isSameFamily, isSameLicense } from "../../licenses/records.ts";
import type { Said } from "./claim.ts";

export type Agreement = "same" | "different" | "unclear";

const OPEN: readonly LicenseKind[] = ["osi-approved", "open-data", "open-content", "unapproved-permissive"];

/** How open terms are that a statement names: `limited` covers use limits, reservations and added conditions. */
export function opennessSaid(says: Said): "open" | "limited" | "unclear" {
  switch (says.kind) {
    case "license":
      return OPEN.includes(says.license.kind) ? "open" : says.license.kind === "unknown" ? "unclear" : "limited";
    case "terms":
    case "modified":
      return "limited";
    default:
      return "unclear";
  }
}

/** Compares what two statements say; the order does not matter. */
export function agreement(a: Said, b: Said): Agreement {
  return withLicense(a, b) ?? withLicense(b, a) ?? others(a, b);
}

/** `a` names a license; null when it does not. */
function withLicense(a: Said, b: Said): Agreement | null {
  if (a.kind !== "license") return null;
  switch (b.kind) {
    case "license":
      return betweenLicenses(a.license, b.license);
    case "modified":
      // Which of several twins a changed copy was made from nobody can tell: BSD with a clause changed is close to all of them.
      return a.id !== b.base.id && isSameFamily(a.id, b.base.id) ? "unclear" : "different";
    case "unknown-text":
      // A license of which Ajar has no text may be this very text.
      return hasKnownText(a.id) || a.license.kind === "proprietary" ? "different" : "unclear";
    case "terms":
      return OPEN.includes(a.license.kind) ? "different" : "unclear";
    case "titled":
      return isOtherTitle(a.license, b.title) ? "different" : "unclear";
    case "elsewhere":
      return "unclear";
    case "family":
      return b.members.test(a.id) ? "same" : "different";
  }
}

/** `BSD-2-Clause` beside `BSD-2-Clause-Views`: the label is short of a suffix, and nobody is misled about what is allowed. */
function betweenLicenses(a: LicenseRecord, b: LicenseRecord): Agreement {
  if (isSameLicense(a.id, b.id)) return "same";
  const [short, long] = a.id.length < b.id.length ? [a, b] : [b, a];
  const isVariant = long.id.startsWith(`${short.id}-`) && OPEN.includes(short.kind) && OPEN.includes(long.kind);
  return isVariant ? "unclear" : "different";
}

function others(a: Said, b: Said): Agreement {
  if (a.kind === "modified" && b.kind === "modified") return a.base.id === b.base.id ? "same" : "different";
  if (a.kind === "family" && b.kind === "family") return a.name.toLowerCase() === b.name.toLowerCase() ? "same" : "unclear";
  return a.kind === b.kind && (a.kind === "unknown-text" || a.kind === "terms") ? "same" : "unclear";
}

/** A title that promises terms of its own; the name of a public license is never part of it. */
const OWN_TERMS =
  /\b(?:community|model|research|non-?commercial|commercial|responsible|RAIL|proprietary)\b|社区|社區|模型|商用|商业|商業|研究/iu;

function isOtherTitle({ id }: LicenseRecord, title: string): boolean {
  return !/^LicenseRef-/u.test(id) && promisesOwnTerms(title);
}

/** Whether a title without a record (`Petrel Community License`) is the name of terms that nobody has read. */
export function promisesOwnTerms(title: string): boolean {
  return OWN_TERMS.test(title) && /licen[sc]e|agreement|许可|許可|授权|授權|协议|協議/iu.test(title);
}
