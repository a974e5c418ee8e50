import { describe, expect, it } from "vitest";
import { type EvidenceMethod, evidence } from "../core/evidence.ts";
import { ChainDraft, type StatedRelation } from "./draft.ts";
import { identityOf } from "./identity.ts";

const stated = (relation: StatedRelation["relation"], target: string, method: EvidenceMethod = "front-matter"): StatedRelation => ({
  relation,
  target,
  evidence: [evidence({ source: "s", path: "README.md", digest: "sha256:00", quote: `${relation} ${target}`, method })],
});
const KNOWN = { resolution: "release", licenses: ["MIT"], source: "s", evidence: [] } as const;
const draftOf = (...relations: readonly StatedRelation[]): ChainDraft => {
  const draft = new ChainDraft(identityOf("me/nimbus", { isData: false, isField: true }), "me/nimbus", KNOWN);
  draft.relate(draft.release, relations);
  return draft;
};
const edgesOf = (draft: ChainDraft): readonly string[] =>
  draft.edges.map(({ child, relation, parent, evidence: of }) => `${child} ${relation} ${parent} ${of.length}`);

describe("ChainDraft", () => {
  it("joins statements about one parent, with all their places", () => {
    const draft = draftOf(
      stated("base-model", "a/Base", "config"),
      stated("quantized", "https://huggingface.co/a/base"),
      stated("dataset", "c/one"),
    );
    expect(edgesOf(draft)).toEqual(["hf:me/nimbus quantized hf:a/base 2", "hf:me/nimbus dataset hf:datasets/c/one 1"]);
    expect(draft.nodes.map(({ id, name }) => `${id} ${name}`)).toEqual([
      "hf:me/nimbus me/nimbus",
      "hf:a/base a/Base",
      "hf:datasets/c/one c/one",
    ]);
  });

  it("keeps what was taken over apart from what was distilled from the same parent", () => {
    expect(edgesOf(draftOf(stated("base-model", "a/base"), stated("distilled", "a/base")))).toEqual([
      "hf:me/nimbus base-model hf:a/base 1",
      "hf:me/nimbus distilled hf:a/base 1",
    ]);
  });

  it("takes a bare name for the parent that is named in full", () => {
    const full = stated("finetune", "meta-llama/Llama-2-7b-hf");
    expect(edgesOf(draftOf(full, stated("finetune", "Llama 2", "text"), stated("finetune", "LLaMA", "text")))).toEqual([
      "hf:me/nimbus finetune hf:meta-llama/llama-2-7b-hf 3",
    ]);
    expect(edgesOf(draftOf(stated("finetune", "7B LLaMA", "text"), stated("finetune", "LLaMA", "text")))).toEqual([
      "hf:me/nimbus finetune name:7b llama 2",
    ]);
  });

  it("does not let somebody's own model stand for the known one that it is named after", () => {
    expect(edgesOf(draftOf(stated("finetune", "x/llama-2-7b-tuned"), stated("finetune", "Llama 2", "text")))).toEqual([
      "hf:me/nimbus finetune hf:x/llama-2-7b-tuned 1",
      "hf:me/nimbus finetune name:llama 2 1",
    ]);
  });

  it("drops traces on a disk, unless they end in the name of a known release", () => {
    const draft = draftOf(stated("base-model", "./checkpoints/step-100", "config"), stated("base-model", "/data/Llama-2-7b-hf", "config"));
    expect(edgesOf(draft)).toEqual(["hf:me/nimbus base-model path:/data/Llama-2-7b-hf 1"]);
  });

  it("notes a release that names itself, and goes on without it", () => {
    const draft = draftOf(stated("base-model", "Me/Nimbus"));
    expect(edgesOf(draft)).toEqual([]);
    expect(draft.selves).toHaveLength(1);
  });

  it("keeps a bound of parents and says that it did", () => {
    const many = Array.from({ length: 100 }, (_, at) => stated("merge", `a/m${at}`));
    expect(draftOf(...many).nodes).toHaveLength(65);
    const repeated = Array.from({ length: 200 }, () => stated("merge", "a/m1"));
    expect([draftOf(...repeated).nodes.length, draftOf(...repeated).isCut]).toEqual([2, false]);
    expect([draftOf(...many).isCut, draftOf(...many.slice(0, 64)).isCut]).toEqual([true, false]);
  });
});
