// ReleaseView -> verdicts, headline, gaps. Pure but for reading the rules once.
import type { ReleaseView } from "../core/release.ts";
import type { CriterionResult, Gap, Headline, Message, Verdict } from "../core/report.ts";
import { headlineOf } from "./headline.ts";
import { evaluateCriteria, judgeAll, judgeLevels } from "./judge-criteria.ts";
import { judgeGrades } from "./judge-grades.ts";
import { judgePaper } from "./judge-mof.ts";
import { judgeMot } from "./judge-mot.ts";
import { loadStandards } from "./load-standards.ts";

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly headline: Headline;
  readonly gaps: readonly Gap[];
}

/** Judges a release by every standard. @throws AjarError BAD_RULE_DATA when a standard's file is wrong */
export function judge(view: ReleaseView): Judgement {
  const standards = loadStandards();
  const openSource = evaluateCriteria(standards.osaid.criteria, view);
  const osaid = judgeAll(standards.osaid, openSource);
  const g7 = judgeLevels(standards.g7, evaluateCriteria(standards.g7.criteria, view));
  const judged = [
    g7,
    osaid,
    judgePaper(standards.mof, standards.motLicenses, view),
    judgeMot(standards.mof, standards.motLicenses, view),
    judgeGrades(standards.osaii, view),
    judgeAll(standards.euAiAct, evaluateCriteria(standards.euAiAct.criteria, view)),
  ];
  const headline = headlineOf({ view, g7: g7.verdict, osaid: osaid.verdict, results: openSource, standard: standards.osaid });
  return {
    verdicts: judged.map(({ verdict }) => ({ ...verdict, criteria: verdict.criteria.map(tidyCriterion) })),
    headline: { ...headline, because: headline.because.map(tidy) },
    gaps: judged.flatMap(({ gap }) => (gap === null ? [] : [{ ...gap, do: gap.do.map(tidy) }])),
  };
}

function tidyCriterion(criterion: CriterionResult): CriterionResult {
  const { missing, ...rest } = criterion;
  return { ...rest, because: criterion.because.map(tidy), ...(missing === undefined ? {} : { missing: missing.map(tidy) }) };
}

/** An empty list of evidence says nothing. */
function tidy(message: Message): Message {
  if (message.evidence === undefined || message.evidence.length > 0) return message;
  const { evidence: _, ...rest } = message;
  return rest;
}
