// Measures by the names that rules use.
import { AjarError } from "../../core/errors.ts";
import { pinyinAnnotation } from "./annotation.ts";
import { annotationCut, gbkShift, questionBang } from "./byte-replace.ts";
import { doubleByteMojibake } from "./double-byte.ts";
import { nbspPadding, punctuationMix } from "./layout.ts";
import { keywordStuffing, linkStuffing, pipeList } from "./lists.ts";
import type { Measure } from "./measure.ts";
import { mojibake } from "./mojibake.ts";
import { repeatedRuns } from "./repetition.ts";
import { bidiControls, homoglyphs, legacyBytes, privateUse, splitCharacters, zeroWidth } from "./scripts.ts";
import { hashedTerms } from "./terms.ts";

export type { Measure } from "./measure.ts";

const MEASURES: Readonly<Record<string, Measure>> = {
  "annotation-cut": annotationCut,
  "bidi-controls": bidiControls,
  "double-byte-mojibake": doubleByteMojibake,
  "gbk-shift": gbkShift,
  "hashed-terms": hashedTerms,
  homoglyphs,
  "keyword-stuffing": keywordStuffing,
  "legacy-bytes": legacyBytes,
  "link-stuffing": linkStuffing,
  mojibake,
  "nbsp-padding": nbspPadding,
  "pinyin-annotation": pinyinAnnotation,
  "pipe-list": pipeList,
  "private-use": privateUse,
  "punctuation-mix": punctuationMix,
  "question-bang": questionBang,
  "repeated-runs": repeatedRuns,
  "split-characters": splitCharacters,
  "zero-width": zeroWidth,
};

/** @throws AjarError BAD_RULE_DATA */
export function measureNamed(name: string): Measure {
  const found = Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined;
  if (found === undefined) throw new AjarError("BAD_RULE_DATA", `there is no measure ${name}`, { subject: "rules/patterns" });
  return found;
}
