// Terms said without the name of a license, and notices that reserve all rights.
import type { LicenseRecord } from "../../core/license.ts";
import { narrowingTerms, reservation, reservedRecord } from "../../licenses/narrowing.ts";
import { licenseRules } from "./license-rules.ts";

/** A passage longer than this is no sentence of terms. */
const MAX_TERMS_CHARS = 1_000;

export interface Narrowing {
  /** The words that narrow. */
  readonly words: string;
  /** Terms as in Restriction.term; empty when the words are not told apart further. */
  readonly terms: readonly string[];
}

/** "The weights may be used for research only": null for sentences that narrow nothing, or something of others. `under`: headings. */
export function narrowingOf(text: string, under: readonly string[] = []): Narrowing | null {
  const rules = licenseRules();
  if (text.length > MAX_TERMS_CHARS || /[?？]\s*$/u.test(text)) return null;
  const areTerms = [text, ...under].some((words) => rules.underTerms.test(words));
  const found = rules.narrowing.exec(text) ?? (areTerms ? rules.narrowingInTerms.exec(text) : null);
  if (found === null || rules.notNarrowing.test(text)) return null;
  return { words: found[0], terms: narrowingTerms(text) };
}

export interface Notice {
  readonly license: LicenseRecord;
  readonly words: string;
}

/** Longest sentence taken for a notice of rights. */
const MAX_NOTICE_CHARS = 300;

/** "未经许可不得转载": a ban on use without leave. A mere copyright line stands beside any license and is none. */
export function noticeOf(text: string): Notice | null {
  // "No commercial use without permission" leaves the rest allowed: those are terms.
  const isBan = text.length <= MAX_NOTICE_CHARS && reservation(text) === "banned" && !/commercial|商|营利|營利|盈利/iu.test(text);
  const license = isBan ? reservedRecord() : null;
  return license === null ? null : { license, words: text };
}
