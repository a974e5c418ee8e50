import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identityOf, isVaguer, wordsOf } from "./identity.ts";

const model = (target: string, isField = true): string => identityOf(target, { isData: false, isField }).id;
const data = (target: string): string => identityOf(target, { isData: true, isField: true }).id;

describe("identityOf", () => {
  it.each([
    "meta-llama/Llama-2-7b-hf",
    "Meta-Llama/llama-2-7B-HF",
    "hf:meta-llama/Llama-2-7b-hf@main",
    "https://huggingface.co/meta-llama/Llama-2-7b-hf",
    "http://www.huggingface.co/meta-llama/Llama-2-7b-hf/tree/main?x=1#top",
    "hf.co/meta-llama/Llama-2-7b-hf",
    "/root/.cache/huggingface/hub/models--meta-llama--Llama-2-7b-hf/snapshots/0123abc",
  ])("takes %s for one model", (target) => {
    expect(model(target)).toBe("hf:meta-llama/llama-2-7b-hf");
  });

  it("tells data from models, and hub names from words of a sentence", () => {
    expect(data("squad")).toBe("hf:datasets/squad");
    expect(data("https://huggingface.co/datasets/a/B")).toBe("hf:datasets/a/b");
    expect(model("gpt2")).toBe("hf:gpt2");
    expect(model("GPT-2", false)).toBe("name:gpt 2");
    expect(model("Llama 2 7B")).toBe("name:llama 2 7b");
  });

  it("gives repositories elsewhere one spelling, and paths their own kind", () => {
    expect(model("http://github.com/A/B.git")).toBe("https://github.com/a/b");
    expect(model("https://github.com/a/b/tree/main")).toBe("https://github.com/a/b");
    for (const path of ["./out", "../x", "/data/llama", "C:\\models\\x", "a/b/c", "model.safetensors"])
      expect(identityOf(path, { isData: false, isField: true }).kind).toBe("path");
  });

  it("never throws, and its ids are their own identity", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.boolean(), fc.boolean(), (target, isData, isField) => {
        const identity = identityOf(target, { isData, isField });
        expect(identity.id.length).toBeGreaterThan(0);
        if (identity.kind === "hub") expect(identityOf(identity.id, { isData, isField }).id).toBe(identity.id);
      }),
    );
  });
});

describe("words of names", () => {
  it("are the same in every spelling", () => {
    for (const name of ["Llama-2-7b-hf", "LLaMA 2 7B HF", "llama_2_7b_hf", "llama2-7b-hf"])
      expect(wordsOf(name)).toEqual(["llama", "2", "7b", "hf"]);
    expect(wordsOf("Qwen2.5-0.5B")).toEqual(["qwen", "2.5", "0.5b"]);
    expect(wordsOf("OpenLLaMA")).toEqual(["openllama"]);
    expect(wordsOf("文心一言")).toEqual(["文心一言"]);
  });

  it("show which name says less", () => {
    expect(isVaguer(wordsOf("Llama 2"), wordsOf("meta-llama/Llama-2-7b-hf"))).toBe(true);
    expect(isVaguer(wordsOf("Llama 3"), wordsOf("Llama-2-7b"))).toBe(false);
    expect(isVaguer([], wordsOf("x"))).toBe(false);
  });
});
