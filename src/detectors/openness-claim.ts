import { quoteOf } from "../core/evidence.ts";
import type { OpennessClaimFact } from "../core/fact.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { detectorName, passageEvidence } from "./support/observe.ts";
import { artifactsWith, type Passage, passagesOf } from "./support/passages.ts";
import { namesRelease, releaseNames } from "./support/release-names.ts";
import { loadStatementRules, matchStatements } from "./support/statements.ts";

// Words with which a publisher speaks of its own release without naming it.
const OWN =
  /\b(?:we|our|ours|this|it|these|the\s+following|all\s+(?:of\s+)?(?:the|our)|the)\s*(?:[\w-]+\s+){0,3}(?:models?|llms?|weights|checkpoints?|series|family)?\s*$|\b(?:we|our|this|it)\b|我们|我們|本次|此次|现已|現已|正式|首批|本模型|该模型|該模型|代码|代碼|权重|權重/iu;

/** Claims kept per document: the first ones settle it. */
const MAX_CLAIMS = 5;

/** The publisher calls this release open source, in its own words about its own release. */
export const detector: Detector = {
  id: "openness-claim",
  version: 1,
  async detect(context) {
    const rules = loadStatementRules("openness-claim");
    const names = releaseNames(context);
    const facts = artifactsWith(context, ["readme", "model-card"]).flatMap((artifact) =>
      claimsIn(
        context,
        passagesOf(context, artifact),
        (passage) => matchStatements(rules, passage, ({ groups }) => isOwn(groups?.["subject"] ?? "", passage, names)).length > 0,
      ),
    );
    // Sentences that name the release speak of it for certain; others may mean a newer one.
    const naming = facts.filter(({ claim }) => namesRelease(claim, names));
    return { facts: [...naming, ...facts.filter((fact) => !naming.includes(fact))], findings: [] };
  },
};

function claimsIn(
  context: DetectorContext,
  passages: readonly Passage[],
  isClaim: (passage: Passage) => boolean,
): readonly OpennessClaimFact[] {
  const facts: OpennessClaimFact[] = [];
  for (const passage of passages) {
    if (facts.length >= MAX_CLAIMS) break;
    if (isQuoted(passage) || !isClaim(passage)) continue;
    facts.push({
      kind: "openness-claim",
      claim: quoteOf(passage.text),
      evidence: [passageEvidence(context, passage)],
      detector: detectorName(detector),
    });
  }
  return facts;
}

/** Prompts and transcripts are shown, not said. */
function isQuoted({ text }: Passage): boolean {
  return /<\|[\w ]+\|>|^(?:system|user|assistant|human|bot|q|a)\s*[:：]|\bsystem[ _]prompt\b|\byou are (?:a|an)\b/iu.test(text);
}

/** What was opened is a tool or a data set, not the model. */
const OTHER_THING =
  /\b(?:tools?|tool\s?kits?|librar(?:y|ies)|frameworks?|datasets?|data|benchmarks?|scripts?|codes?|papers?|blogs?|platforms?|evaluations?|demos?|repositor(?:y|ies))\W*$/iu;

function isOwn(subject: string, passage: Passage, names: ReadonlySet<string>): boolean {
  if (OTHER_THING.test(subject)) return false;
  if (namesRelease(subject, names)) return true;
  // A list of related work names other people's models with other people's words.
  if (passage.under.some((heading) => /related|acknowledg|credits?|community|ecosystem|友情|致谢|致謝|生态|生態|相关/iu.test(heading)))
    return false;
  return OWN.test(subject.trim());
}
