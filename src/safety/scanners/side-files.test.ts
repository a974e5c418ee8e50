import { describe, expect, test } from "vitest";
import { fixture } from "../../../test/fuzz/fixture.ts";
import { hitNames, scanOf } from "../../../test/safety/scan.ts";

describe("vocabularies", () => {
  test.each([
    ["tokenizer.json", { architecture: "BPE", vocabulary: "60", merges: "44", "added-tokens": "2" }],
    ["tokenizer.model", { architecture: "bpe", vocabulary: "30", "pieces.unknown": "1", "pieces.control": "2" }],
  ])("%s", async (name, facts) => {
    const scan = await scanOf(name, fixture(`tokenizers/${name}`));
    expect(scan).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
    expect(Object.fromEntries(scan.readings[0]?.metadata ?? [])).toMatchObject(facts);
  });

  test("cut short are not called whole", async () => {
    for (const name of ["tokenizer.json", "tokenizer.model"]) {
      const bytes = fixture(`tokenizers/${name}`);
      expect((await scanOf(name, bytes.subarray(0, bytes.length - 5))).coverage.state).not.toBe("full");
    }
  });
});

describe("a configuration of an adapter", () => {
  const scan = (config: object) => scanOf("adapter_config.json", Buffer.from(JSON.stringify({ peft_type: "LORA", ...config })));

  test("names the model it is for", async () => {
    const scanned = await scan({ base_model_name_or_path: "made/up", r: 8, target_modules: ["v_proj", "q_proj"], auto_mapping: null });
    expect(scanned).toMatchObject({ risk: "cannot-execute", coverage: { state: "full" }, hits: [] });
    const facts = Object.fromEntries(scanned.readings[0]?.metadata ?? []);
    expect(facts).toEqual({ architecture: "LORA", "base-model": "made/up", rank: "8", targets: "q_proj v_proj" });
  });

  test.each([
    [{ auto_mapping: { base_model_class: "LlamaModel", parent_library: "transformers.models.llama.modeling_llama" } }, []],
    [{ auto_mapping: { parent_library: "made_up.library" } }, ["PF01 high"]],
    [{ auto_mapping: { parent_library: "subprocess" } }, ["PF01 critical"]],
    [{ megatron_core: "megatron.core" }, []],
    [{ megatron_core: "made_up" }, ["PF01 high"]],
  ])("%j", async (config, hits) => {
    expect(hitNames(await scan(config))).toEqual(hits);
  });
});
