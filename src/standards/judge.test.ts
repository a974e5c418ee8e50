import { describe, expect, it } from "vitest";
import { aspect, DESCRIBED, LLAMA2, license, open, quantity, release, seen, state, WHOLE } from "../../test/standards/release-view.ts";
import type { Fact } from "../core/fact.ts";
import type { ReleaseView } from "../core/release.ts";
import type { CriterionResult, Verdict } from "../core/report.ts";
import { judge } from "./judge.ts";

function verdict(view: ReleaseView, standard: string, profile?: string): Verdict {
  const found = judge(view).verdicts.find((one) => one.standard === standard && one.profile === profile);
  if (found === undefined) throw new Error(`no verdict for ${standard}`);
  return found;
}

function criterion(view: ReleaseView, id: string): CriterionResult {
  const found = judge(view)
    .verdicts.flatMap((one) => one.criteria)
    .find((one) => one.id === id);
  if (found === undefined) throw new Error(`no criterion ${id}`);
  return found;
}

const llama2 = release(
  [
    state("weights", "gated", "restricted", [LLAMA2]),
    state("architecture-code", "found", "restricted", [LLAMA2]),
    state("inference-code", "found", "restricted", [LLAMA2]),
    state("model-card", "found", "restricted", [LLAMA2]),
    state("paper", "elsewhere"),
    state("training-data", "claimed"),
  ],
  [aspect("description"), quantity("parameters", 7e10, "70B"), quantity("tokens", 2e12, "")],
);

const grok1 = release([
  state("weights", "gated", "open", [license("Apache-2.0", "osi-approved")]),
  open("architecture-code"),
  open("inference-code"),
]);

describe("Llama 2", () => {
  it("bears the label Weights Available and the word ajar", () => {
    expect(judge(llama2).headline).toMatchObject({ word: "ajar", label: "weights-available-ai" });
  });

  it("does not meet OSAID, and the clauses of its license are cited with their evidence", () => {
    expect(verdict(llama2, "osaid-1.0").result).toBe("not-met");
    const clauses = criterion(llama2, "osaid-1.0/parameters-terms").because;
    expect(clauses.map((message) => message.args?.["clause"])).toEqual(["1.b.v", "2"]);
    expect(clauses.map((message) => message.evidence)).toEqual([[seen("LICENSE", 10).id], [seen("LICENSE", 11).id]]);
  });

  it("does not meet the AI Act's license condition, by the clause on the number of users alone", () => {
    const rights = criterion(llama2, "eu-ai-act-53-2/license-rights");
    expect(rights.result).toBe("not-met");
    expect(rights.because.map((message) => message.args?.["term"])).toEqual(["user-threshold"]);
    expect(verdict(llama2, "eu-ai-act-53-2").result).toBe("not-met");
  });

  it("lacks training code", () => {
    expect(criterion(llama2, "osaid-1.0/training-code").result).toBe("not-met");
  });

  it("says in its headline what the word rests on", () => {
    const ids = judge(llama2).headline.because.map((message) => message.id);
    expect(ids[0]).toBe("standards.headline.weights-gated");
    expect(ids).toContain("standards.headline.not-met");
    expect(ids).toContain("standards.terms.restriction");
  });
});

describe("Grok-1", () => {
  it("has open weights and meets no standard: no training code, no word on the data", () => {
    const { verdicts, headline } = judge(grok1);
    expect(verdicts.filter((one) => one.result === "met")).toEqual([]);
    expect(verdict(grok1, "osaid-1.0").result).toBe("not-met");
    expect(criterion(grok1, "osaid-1.0/data-information").result).toBe("not-met");
    expect(headline).toMatchObject({ word: "ajar", label: "open-weights-ai" });
  });
});

describe("a release that shows all it can", () => {
  const view = release(WHOLE, DESCRIBED);

  it("is called open, and the headline says what is left to a human", () => {
    const { headline } = judge(view);
    expect(headline.word).toBe("open");
    expect(headline.because.find((message) => message.id === "standards.headline.for-a-human")?.args?.["criteria"]).toBe(
      "osaid-1.0/data-information",
    );
  });

  it("is not given OSAID by itself: data information stays unknown, with each aspect seen and each not seen", () => {
    expect(verdict(view, "osaid-1.0").result).toBe("unknown");
    const data = criterion(view, "osaid-1.0/data-information");
    expect(data.result).toBe("unknown");
    expect(data.because.filter((message) => message.id === "standards.data.seen").map((message) => message.args?.["aspect"])).toEqual([
      "description",
      "provenance",
      "collection",
      "processing",
    ]);
    expect(data.missing?.length).toBe(6);
  });

  it("is not called open when its documents hardly speak of the data", () => {
    expect(judge(release(WHOLE, [aspect("description")])).headline.word).toBe("ajar");
  });

  it("is not called open when a piece of code is only linked and its terms were not read", () => {
    const linked = release([...WHOLE, state("training-code", "elsewhere")], DESCRIBED);
    expect(judge(linked).headline.word).toBe("ajar");
    expect(criterion(linked, "osaid-1.0/training-code").result).toBe("unknown");
  });

  it("is not called open when the license of its weights is modified", () => {
    const modified = release([...WHOLE, state("weights", "found", "unknown", [license("modified MIT", null)])], DESCRIBED);
    expect(judge(modified).headline.word).toBe("ajar");
    expect(criterion(modified, "osaid-1.0/parameters-terms").result).toBe("unknown");
  });
});

describe("releases like Pythia, OLMo, Amber and T5, whose parts lie behind links", () => {
  const view = release([
    state("weights", "elsewhere", "open", [license("Apache-2.0", "osi-approved")]),
    state("architecture-code", "elsewhere"),
    state("inference-code", "elsewhere"),
    state("training-code", "elsewhere"),
    state("training-data", "elsewhere"),
    open("data-processing-code"),
    state("paper", "elsewhere"),
  ]);

  it("are never not-met on OSAID", () => {
    expect(verdict(view, "osaid-1.0").result).toBe("unknown");
    expect(judge(view).headline.word).toBe("ajar");
  });
});

describe("absence", () => {
  it("counts only after a complete search", () => {
    const view = release(WHOLE.slice(0, 3), [], { searchComplete: false });
    expect(criterion(view, "osaid-1.0/training-code").result).toBe("unknown");
    expect(verdict(view, "osaid-1.0").result).toBe("unknown");
  });

  it("of weights gives shut where there is a model, unknown where nothing shows one, and of the search itself gives unknown", () => {
    const card: Fact = { kind: "model", sign: "model-card", evidence: [seen("README.md")], detector: "test@1" };
    expect(judge(release([open("inference-code")], [card])).headline.word).toBe("shut");
    const code = judge(release([open("inference-code")])).headline;
    expect(code.word).toBe("unknown");
    expect(code.because.map(({ id }) => id)).toContain("standards.headline.no-model");
    expect(judge(release([open("inference-code")], [], { searchComplete: false })).headline.word).toBe("unknown");
  });

  it("is not concluded from prose", () => {
    expect(judge(release([state("weights", "claimed")])).headline.word).toBe("unknown");
    expect(criterion(release([state("training-code", "claimed")]), "osaid-1.0/training-code").result).toBe("unknown");
  });
});

describe("terms", () => {
  it("that grant nothing give shut even where files lie open", () => {
    expect(judge(release([state("weights", "found", "closed", [license("LicenseRef-x", "proprietary")])])).headline.word).toBe("shut");
  });

  it("of the RAIL kind need legal review under the AI Act and fail OSAID", () => {
    const rail = license("LicenseRef-OpenRAIL-M", "use-restricted", [{ term: "field-of-use", clause: "Attachment A" }]);
    const view = release([state("weights", "found", "restricted", [rail])]);
    expect(criterion(view, "eu-ai-act-53-2/license-rights")).toMatchObject({ result: "unknown" });
    expect(criterion(view, "eu-ai-act-53-2/license-rights").because[0]?.id).toBe("standards.terms.legal-review");
    expect(criterion(view, "osaid-1.0/parameters-terms").result).toBe("not-met");
  });

  it("that are open but unknown to OSI are left to a human", () => {
    const wtfpl = license("WTFPL", "unapproved-permissive");
    expect(criterion(release([state("training-code", "found", "open", [wtfpl])]), "osaid-1.0/training-code").result).toBe("unknown");
  });

  it("on the data description never fail a release by themselves", () => {
    const nc = license("CC-BY-NC-4.0", "non-commercial", [{ term: "non-commercial", clause: "2" }]);
    const view = release(
      [...WHOLE, state("data-card", "found", "restricted", [nc]), state("model-card", "found", "restricted", [nc])],
      DESCRIBED,
    );
    expect(criterion(view, "osaid-1.0/data-information-terms").result).toBe("unknown");
  });
});

describe("data information", () => {
  it("fails when the publisher withholds it", () => {
    const withheld: Fact = {
      kind: "component",
      component: "training-data",
      sighting: "withheld",
      place: "README.md",
      partial: false,
      reason: "says so",
      evidence: [seen("README.md", 7)],
      detector: "made-up@1",
    };
    const view = release([open("weights"), state("paper", "elsewhere")], [withheld]);
    expect(criterion(view, "osaid-1.0/data-information")).toMatchObject({
      result: "not-met",
      because: [{ id: "standards.data.withheld", evidence: [seen("README.md", 7).id] }],
    });
  });

  it("does not fail for silence while a paper might speak", () => {
    expect(criterion(release([state("paper", "elsewhere")]), "osaid-1.0/data-information").result).toBe("unknown");
  });
});

describe("EU AI Act", () => {
  const document = (topic: "modalities" | "capabilities" | "limitations" | "integration"): Fact => ({
    kind: "usage-info",
    topic,
    evidence: [seen("README.md")],
    detector: "made-up@1",
  });
  const facts = [document("modalities"), document("capabilities"), document("limitations"), document("integration")];

  it("is met by a small open release whose documents say what they must; duties still owed do not change it", () => {
    const view = release(WHOLE, [...facts, quantity("parameters", 7e9), quantity("tokens", 2e12)]);
    expect(verdict(view, "eu-ai-act-53-2").result).toBe("met");
    expect(criterion(view, "eu-ai-act-53-2/owed-copyright-policy").result).toBe("unknown");
  });

  it("leaves systemic risk unknown without figures, and fails it above 10^25 FLOP", () => {
    expect(criterion(release(WHOLE, facts), "eu-ai-act-53-2/no-systemic-risk").result).toBe("unknown");
    const huge = release(WHOLE, [...facts, quantity("parameters", 4.05e11, "405B"), quantity("tokens", 1.5e13, "405B")]);
    expect(criterion(huge, "eu-ai-act-53-2/no-systemic-risk").result).toBe("not-met");
  });

  it("flags a form that asks for contact data, and fails a price", () => {
    const access = (condition: "contact-data" | "price"): Fact => ({
      kind: "access",
      condition,
      evidence: [seen("README.md")],
      detector: "made-up@1",
    });
    expect(criterion(release(WHOLE, [access("contact-data")]), "eu-ai-act-53-2/no-monetisation").result).toBe("unknown");
    expect(criterion(release(WHOLE, [access("price")]), "eu-ai-act-53-2/no-monetisation").result).toBe("not-met");
  });
});

describe("European index", () => {
  it("gives a range, not a guess, where a human must grade", () => {
    const score = verdict(release(WHOLE, DESCRIBED), "osaii-2026").score ?? {};
    expect(score["total"]).toBeUndefined();
    expect(score["total-low"]).toBeLessThan(score["total-high"] ?? 0);
  });

  it("grades gated weights partial", () => {
    expect(criterion(llama2, "osaii-2026/weights_endmodel")).toMatchObject({ result: "not-met", level: "partial" });
  });

  it("scores an empty complete listing zero", () => {
    expect(verdict(release([]), "osaii-2026").score).toMatchObject({ total: 0 });
  });
});

describe("Model Openness Framework", () => {
  const classThree = [
    open("architecture-code"),
    open("weights"),
    open("paper"),
    open("evaluation-results"),
    open("model-card"),
    open("data-card"),
  ];

  it("reaches Class III in both profiles when its six are open, the paper standing in for the report", () => {
    for (const profile of ["mof-paper", "mof-mot"]) {
      expect(verdict(release(classThree), "mof", profile)).toMatchObject({ result: "met", level: "Class III - Open Model" });
    }
  });

  it("takes data sets without a license on paper only", () => {
    const view = release([state("training-data", "found", "unknown")]);
    expect(verdict(view, "mof", "mof-paper").criteria.find(({ id }) => id === "mof/datasets")?.result).toBe("met");
    expect(verdict(view, "mof", "mof-mot").criteria.find(({ id }) => id === "mof/datasets")?.result).not.toBe("met");
  });
});

describe("gaps", () => {
  it("put the step that helps most criteria first", () => {
    const view = release([
      ...WHOLE,
      state("training-code", "found", "unknown"),
      state("data-processing-code", "found", "unknown"),
      state("inference-code", "found", "unknown"),
    ]);
    const gap = judge(view).gaps.find(({ standard }) => standard === "osaid-1.0");
    expect(gap?.do[0]).toMatchObject({ id: "standards.do.license.code" });
  });

  it("name what is to be done, and where", () => {
    const steps = (of: ReleaseView, standard: string): readonly unknown[] =>
      judge(of).gaps.find((gap) => gap.standard === standard)?.do ?? [];
    expect(steps(llama2, "g7-2026")[0]).toMatchObject({
      id: "standards.do.license.weights.narrow",
      args: { components: "weights", licenses: "LicenseRef-Llama-2-Community", place: "LICENSE" },
      evidence: [expect.any(String)],
    });
    const spoken = release([...WHOLE, state("training-code", "claimed")]);
    expect(steps(spoken, "osaid-1.0")).toContainEqual(expect.objectContaining({ id: "standards.do.publish-openly" }));
  });

  it("ask for one thing once: what is absent is published openly, and aspects of the data are described together", () => {
    const gap = judge(release([open("weights")])).gaps.find(({ standard }) => standard === "osaid-1.0");
    const ids = gap?.do.map(({ id, args }) => `${id} ${args?.["component"] ?? args?.["components"] ?? ""}`) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.includes("training-code"))).toEqual(["standards.do.publish-openly training-code"]);
    expect(ids.filter((id) => id.startsWith("standards.do.describe-data"))).toHaveLength(1);
  });

  it("put what only a human can say last", () => {
    for (const { do: steps } of judge(release([open("weights")])).gaps) {
      const isHuman = steps.map(({ id }) => id.includes(".attest.") || id.endsWith(".sufficient"));
      expect(isHuman).toEqual([...isHuman].sort((a, b) => Number(a) - Number(b)));
    }
  });

  it("lead to the next label, not to the last", () => {
    expect(judge(grok1).gaps.find(({ standard }) => standard === "g7-2026")).toMatchObject({ to: "open-source-ai" });
    expect(judge(llama2).gaps.find(({ standard }) => standard === "g7-2026")).toMatchObject({ to: "open-weights-ai" });
  });
});
