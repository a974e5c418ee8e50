import { describe, expect, it } from "vitest";
import { licenseById } from "../licenses/records.ts";
import { loadRules } from "../rules/load.ts";
import { knownRelease } from "./catalogue.ts";
import { identityOf } from "./identity.ts";

const licensesOf = (target: string, isField = true, isData = false): string =>
  knownRelease(identityOf(target, { isData, isField }))?.licenses.join() ?? "";

/** Known of, not read: its text was never published as a file. */
const UNREAD = ["LicenseRef-LLaMA-2023"];

describe("the catalogue", () => {
  it("knows releases by hub id of their owner and by name", () => {
    for (const target of ["meta-llama/Llama-2-7b-hf", "meta-llama/Llama-2-13b-chat-hf", "NousResearch/Llama-2-7b-hf"])
      expect(licensesOf(target), target).toBe("LicenseRef-Llama-2-Community");
    expect(licensesOf("Llama 2 7B Chat", false)).toBe("LicenseRef-Llama-2-Community");
    expect(licensesOf("meta-llama/Meta-Llama-3-8B-Instruct")).toBe("LicenseRef-Llama-3-Community");
    expect(licensesOf("Llama 3.1", false)).toBe("LicenseRef-Llama-3.1-Community");
    expect(licensesOf("mistralai/Mistral-7B-Instruct-v0.2")).toBe("Apache-2.0");
    expect(licensesOf("Qwen/Qwen2.5-3B-Instruct")).toBe("LicenseRef-Qwen-Research");
    expect(licensesOf("Qwen/Qwen2.5-7B-Instruct")).toBe("Apache-2.0");
    expect(licensesOf("gpt2")).toBe("LicenseRef-MIT-modified-OpenAI-GPT-2");
    expect(licensesOf("7B LLaMA", false)).toBe("LicenseRef-LLaMA-2023");
    expect(licensesOf("sd_xl_base_1.0", false)).toBe("LicenseRef-OpenRAIL-PlusPlus-M");
    expect(licensesOf("tatsu-lab/alpaca", true, true)).toBe("CC-BY-NC-4.0");
  });

  it.each([
    "somebody/Llama-2-7b-hf",
    "somebody/llama-2-7b-finetuned",
    "meta-llama/Llama-Guard-3-8B",
    "meta-llama/Llama-5-7B",
    "google/gemma-4-9b",
    "Qwen/Qwen2.5",
    "a/b",
  ])("does not take %s for a known release", (target) => {
    expect(licensesOf(target)).toBe("");
  });

  it.each(["Llama-like", "MyLlama 2", "Alpaca", "Qwen2.5", "Llama 2 Whatever", "Guanaco LLaMA"])("does not know the name %s", (name) => {
    expect(licensesOf(name, false)).toBe("");
  });

  it("keeps OpenLLaMA and TinyLlama apart from Llama", () => {
    expect(licensesOf("OpenLLaMA 7B", false)).toBe("Apache-2.0");
    expect(licensesOf("openlm-research/open_llama_7b")).toBe("Apache-2.0");
    expect(licensesOf("TinyLlama/TinyLlama-1.1B-Chat-v1.0")).toBe("Apache-2.0");
  });

  it("names licenses that Ajar has records of, with source, day and basis", () => {
    for (const [family, file] of loadRules("catalogue")) {
      const { releases, ...head } = Object(file);
      expect(releases.length, family).toBeGreaterThan(0);
      for (const release of releases) {
        const { licenses, source, reviewed, basis, names, hub } = { ...head, ...release };
        for (const id of licenses) expect(UNREAD.includes(id) || licenseById(id) !== null, `${family}: ${id}`).toBe(true);
        expect(source, family).toMatch(/^https:\/\//u);
        expect(reviewed, family).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
        expect(["text", "label"], family).toContain(basis);
        expect((names ?? hub).length, family).toBeGreaterThan(0);
      }
    }
  });
});
