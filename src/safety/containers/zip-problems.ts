import type { SafetyHit } from "../../core/scan.ts";
import type { FormatProblem } from "../../formats/problem.ts";
import { type ProblemRules, problemHits } from "../problems.ts";

/** What the zip reader finds odd, by rule. */
const RULES: ProblemRules = {
  "local-name-differs": ["ZP01"],
  "local-sizes-differ": ["ZP01"],
  "local-method-differs": ["ZP01"],
  "duplicate-name": ["ZP01"],
  "holds-less": ["ZP01", "medium"],
  "inflates-to-more": ["ZP01"],
  "stored-sizes-differ": ["ZP01"],
  "offset-outside": ["ZP01"],
  "entry-cut": ["ZP01"],
  "extra-broken": ["ZP01", "medium"],
  "false-encrypted-flag": ["ZP02"],
  "strong-encryption-flag": ["ZP02"],
  "crc-differs": ["ZP03"],
  "trailing-bytes": ["ZP05"],
  "leading-bytes": ["ZP05"],
  "directory-misplaced": ["ZP05"],
  "count-differs": ["ZP05"],
  "several-disks": ["ZP05"],
  overlap: ["ZP06"],
  "name-with-nul": ["ZP07"],
  "name-not-utf8": ["ZP07", "low"],
};

export function zipProblemHits(problems: readonly FormatProblem[], sizeBytes: number): readonly SafetyHit[] {
  return problemHits(problems, RULES, sizeBytes);
}
