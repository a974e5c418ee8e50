import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { briefOf, contradictionsIn } from "./contradictions.ts";

const folder = new URL("../../../shared/corpus/releases", import.meta.url).pathname;

/** Each is argued in docs/contradictions.md; a new one must be argued there before it is listed here. */
const EXPECTED: readonly string[] = [
  "01-ai__Yi licenses/conflict MODEL_LICENSE_AGREEMENT.txt:1 HUGGINGFACE_README.md:94",
  "01-ai__Yi licenses/link-contradicts-text README.md:200 MODEL_LICENSE_AGREEMENT.txt:1",
  "01-ai__Yi licenses/link-contradicts-text README_CN.md:202 MODEL_LICENSE_AGREEMENT.txt:1",
  "01-ai__Yi licenses/name-contradicts-text MODEL_LICENSE_AGREEMENT.txt:1",
  "CompVis__stable-diffusion licenses/link-contradicts-text Stable_Diffusion_v1_Model_Card.md:8 LICENSE:1",
  "QwenLM__Qwen claims/open-source-not-osi README.md:34 Tongyi Qianwen LICENSE AGREEMENT:1",
  "Stability-AI__StableLM claims/open-source-not-osi README.md:152 README.md:20",
  "THUDM__ChatGLM-6B claims/open-source-not-osi README.md:34 MODEL_LICENSE:1",
  "THUDM__ChatGLM-6B licenses/called-open-source README.md:43 MODEL_LICENSE:1",
  "allenai__open-instruct licenses/name-contradicts-text assets/model_licenses/llama_license.txt:1",
  "bigscience-workshop__model_card claims/open-source-not-osi README.md:97 README.md:2",
  "bigscience-workshop__model_card licenses/conflict LICENSE:1 README.md:2",
  "databricks__dbrx claims/open-source-not-osi README.md:17 LICENSE:1",
  "databricks__dbrx licenses/called-open-source README.md:110 LICENSE:1",
  "deepseek-ai__DeepSeek-LLM claims/open-source-not-osi README.md:65 LICENSE-MODEL:1",
  "deepseek-ai__DeepSeek-V3 claims/open-source-not-osi README.md:76 LICENSE-MODEL:1",
  "lm-sys__FastChat claims/open-source-not-osi README.md:25 README.md:70",
  "meta-llama__llama-models licenses/pointer-only LICENSE:1",
  "meta-llama__llama-models licenses/pointer-only docs/license_header.txt:1",
  "openai__gpt-2 licenses/modified LICENSE:8",
  "tatsu-lab__stanford_alpaca licenses/conflict DATA_LICENSE:1 datasheet.md:85",
  "tatsu-lab__stanford_alpaca licenses/conflict DATA_LICENSE:1 model_card.md:23",
  "tatsu-lab__stanford_alpaca licenses/conflict datasheet.md:85 model_card.md:23",
];

/** Different licenses for parts and models, which the release explains. */
const TOLD: readonly string[] = [
  "MiniMax-AI__MiniMax-01 licenses/split LICENSE-CODE:2 LICENSE-MODEL:2",
  "QwenLM__Qwen licenses/by-model README.md:1398 README.md:1396",
  "QwenLM__Qwen licenses/split LICENSE:1 Tongyi Qianwen LICENSE AGREEMENT:1 Tongyi Qianwen RESEARCH LICENSE AGREEMENT:1",
  "Stability-AI__StableLM licenses/by-model README.md:12 README.md:24 README.md:444 README.md:20 README.md:154 README.md:446",
  "Stability-AI__StableLM licenses/split LICENSE:1 README.md:20 README.md:12",
  "THUDM__ChatGLM-6B licenses/split LICENSE:1 MODEL_LICENSE:1",
  "allenai__open-instruct licenses/by-model README.md:159 README.md:161",
  "allenai__open-instruct licenses/split LICENSE:1 LICENSE:207 README.md:161 README.md:159",
  "deepseek-ai__DeepSeek-LLM licenses/split LICENSE-CODE:1 LICENSE-MODEL:1",
  "deepseek-ai__DeepSeek-V3 licenses/split LICENSE-CODE:1 LICENSE-MODEL:1",
  "lm-sys__FastChat licenses/split LICENSE:1 README.md:70",
  "meta-llama__llama-models licenses/by-model models/llama2/LICENSE:1 models/llama3/LICENSE:1 models/llama3_1/LICENSE:1 models/llama3_2/LICENSE:1 models/llama3_3/LICENSE:1 models/llama4/LICENSE:1",
  "mistralai__mistral-inference licenses/by-model README.md:64 README.md:65",
  "mistralai__mistral-inference licenses/split LICENSE:1 README.md:64 README.md:65",
  "tatsu-lab__stanford_alpaca licenses/split LICENSE:1 WEIGHT_DIFF_LICENSE:1",
];

// Skipped, and shown as skipped, where the recorded releases are not beside the repository.
describe.skipIf(!existsSync(folder))("recorded releases", () => {
  it("contradict themselves where a person found that they do, and nowhere else", async () => {
    const found = (await contradictionsIn(folder)) ?? [];
    expect(found.filter(({ finding }) => finding.severity !== "info").map(briefOf)).toEqual(EXPECTED);
    expect(found.filter(({ finding }) => finding.severity === "info").map(briefOf)).toEqual(TOLD);
    for (const { finding } of found) {
      expect(finding.evidence.every(({ digest, quote }) => /^sha256:[\da-f]{64}$/u.test(digest) && quote !== "")).toBe(true);
      if (finding.ruleId === "licenses/conflict") expect(finding.evidence).toHaveLength(2);
    }
  }, 60_000);
});
