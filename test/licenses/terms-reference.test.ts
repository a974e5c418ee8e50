// The records against facts that others gathered about the same licenses. A disagreement is argued here or is a mistake.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TermsRecord } from "../../src/core/terms.ts";
import { conditionsOf } from "../../src/licenses/terms/compare.ts";
import { termsOf } from "../../src/licenses/terms/terms.ts";

const FILE = join(import.meta.dirname, "../../../shared/reference/ai-licences.json");

interface Fact {
  readonly id: string;
  readonly commercialUse: string;
  readonly threshold: { readonly value: number | string } | null | "unknown";
  readonly patentGrant: string;
  readonly osiApproved: boolean | string;
  readonly revocable: string | null;
  readonly remoteRestrictionClause: string | null;
  readonly shareAlike: boolean | string;
}

/** Id of the reference -> ids of ours. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  llama2: ["LicenseRef-Llama-2-Community"],
  llama3: ["LicenseRef-Llama-3-Community"],
  "llama3.1": ["LicenseRef-Llama-3.1-Community"],
  "llama3.2": ["LicenseRef-Llama-3.2-Community"],
  "llama3.3": ["LicenseRef-Llama-3.3-Community"],
  llama4: ["LicenseRef-Llama-4-Community"],
  gemma: ["LicenseRef-Gemma"],
  "deepseek-license-agreement-1.0": ["LicenseRef-DeepSeek-Model-1.0"],
  "tongyi-qianwen": ["LicenseRef-Tongyi-Qianwen"],
  "tongyi-qianwen-research": ["LicenseRef-Tongyi-Qianwen-Research"],
  qwen: ["LicenseRef-Qwen"],
  "qwen-research": ["LicenseRef-Qwen-Research"],
  mrl: ["LicenseRef-MRL-0.1"],
  mnpl: ["LicenseRef-MNPL-0.1"],
  "creativeml-openrail-m": ["LicenseRef-CreativeML-OpenRAIL-M"],
  "openrail++": ["LicenseRef-OpenRAIL-PlusPlus-M", "LicenseRef-OpenRAIL-PlusPlus-M-2022"],
  "bigscience-bloom-rail-1.0": ["LicenseRef-BigScience-BLOOM-RAIL-1.0"],
  "bigscience-openrail-m": ["LicenseRef-BigScience-OpenRAIL-M"],
  "bigcode-openrail-m": ["LicenseRef-BigCode-OpenRAIL-M"],
  // A family: which text it is must be found in the release, so there is nothing to record.
  openrail: [],
  "openmdw-1.0": ["OpenMDW-1.0"],
  "openmdw-1.1": ["LicenseRef-OpenMDW-1.1"],
  "nvidia-open-model-license": ["LicenseRef-NVIDIA-Open-Model"],
  "flux-1-dev-non-commercial-license": ["LicenseRef-FLUX.1-dev-NC"],
  "stabilityai-community-license": ["LicenseRef-StabilityAI-Community"],
  "sai-nc-community": ["LicenseRef-StabilityAI-NC-Research-Community"],
  "stable-video-diffusion-nc": ["LicenseRef-Stable-Video-Diffusion-NC-Community"],
  "sdxl-0.9-research": ["LicenseRef-SDXL-0.9-Research"],
  "deepfloyd-if-license": ["LicenseRef-DeepFloyd-IF"],
  "kimi-k2-modified-mit": ["LicenseRef-Kimi-K2-Modified-MIT"],
  "grok2-community": ["LicenseRef-Grok-2-Community"],
  "falcon-llm-license": ["LicenseRef-Falcon-TII"],
  "falcon-180b": ["LicenseRef-Falcon-180B-TII"],
  "yi-license-2.1": ["LicenseRef-Yi-Series-2.1"],
  "jamba-open-model-license": ["LicenseRef-Jamba-Open-Model"],
  "cc-by-nc-4.0": ["CC-BY-NC-4.0"],
  "apple-amlr": ["LicenseRef-Apple-AMLR"],
  "apple-ascl": ["LicenseRef-Apple-CoreNet", "AML", "LicenseRef-Apple-Ferret-2023"],
  "fair-noncommercial-research-license": ["LicenseRef-FAIR-Noncommercial-Research"],
  "sam-license": ["LicenseRef-SAM"],
  "dinov3-license": ["LicenseRef-DINOv3"],
  "opt-175b": ["LicenseRef-OPT-175B"],
  "ai2-tulu-ai-model-license": ["LicenseRef-AI2-Model-License-Tulu-v1"],
  "ai2-impact-mr": ["LicenseRef-AI2-ImpACT-Medium-Risk", "LicenseRef-AI2-ImpACT-Low-Risk"],
  "tencent-hunyuan": [
    "LicenseRef-Tencent-Hunyuan-Large-Community",
    "LicenseRef-Tencent-Hunyuan-Video-Community",
    "LicenseRef-Tencent-Hunyuan-3D-2.0-Community",
  ],
  "minimax-model-license": ["LicenseRef-MiniMax-Model"],
  "databricks-open-model-license": ["LicenseRef-Databricks-Open-Model"],
  exaone: ["LicenseRef-EXAONE-1.1-NC"],
  "chatglm-6b-model-license": ["LicenseRef-ChatGLM-6B"],
  "cogvideox-license": ["LicenseRef-CogVideoX"],
  "skywork-community": ["LicenseRef-Skywork-Community"],
  "lfm1.0": ["LicenseRef-LFM-1.0"],
  "alphafold3-weights": ["LicenseRef-AlphaFold3-Weights"],
  "h-research": ["LicenseRef-H-Research"],
  "intel-research": ["LicenseRef-Intel-Research"],
  "openai-gpt-2-modified-mit": ["LicenseRef-MIT-modified-OpenAI-GPT-2"],
  mit: ["MIT"],
  "apache-2.0": ["Apache-2.0"],
  "bsd-3-clause": ["BSD-3-Clause"],
  "gpl-3.0": ["GPL-3.0", "GPL-3.0-only", "GPL-3.0-or-later"],
  "cdla-permissive-2.0": ["CDLA-Permissive-2.0"],
  "odc-by": ["ODC-By-1.0"],
};

/** Where the record says otherwise than the reference, and why. */
const ARGUED: Readonly<Record<string, string>> = {
  "LicenseRef-AI2-Model-License-Tulu-v1 patent": "1.3: the grant is under copyright interests, and no other license is granted: excluded",
  "LicenseRef-OPT-175B patent": "1.c: the grant is under copyright interests, and no other license is granted: excluded",
  "LicenseRef-SDXL-0.9-Research patent": "1.c: the grant is under copyright interests, and no other license is granted: excluded",
  "LicenseRef-DeepFloyd-IF patent": "1.c: the grant is under copyright interests, and no other license is granted: excluded",
  "CDLA-Permissive-2.0 patent": "the text does not name patents: silent, which the reference allows for (excluded or silent)",
  "ODC-By-1.0 share-alike": "4.2.a asks that derivative databases be conveyed only under the license",
  "LicenseRef-StabilityAI-NC-Research-Community share-alike":
    "1.c: products, derivative works and any portion stay subject to the agreement",
  "LicenseRef-Stable-Video-Diffusion-NC-Community share-alike":
    "b: products, derivative works and any portion stay subject to the agreement",
};

const facts: readonly Fact[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")).licences : [];

function commercialFits(said: string, { permission }: TermsRecord["uses"]["commercial"]): boolean {
  if (said.startsWith("prohibited")) return permission === "forbidden";
  if (said === "allowed") return permission === "allowed" || permission === "conditional";
  if (said.startsWith("allowed-")) return permission === "conditional";
  return permission === "unknown" || permission === "conditional";
}

function numbersIn(value: number | string): number[] {
  return [...String(value).matchAll(/\d{5,}/gu)].map(([digits]) => Number(digits));
}

function limitsFit({ threshold }: Fact, record: TermsRecord): boolean {
  const limits = conditionsOf(record).flatMap((condition) => (condition.kind === "size" ? [condition.above] : []));
  if (threshold === "unknown") return true;
  const said = threshold === null ? [] : numbersIn(threshold.value);
  return limits.every((limit) => said.includes(limit)) && (said.length === 0) === (limits.length === 0);
}

const PATENT = new Map([
  ["explicit", "granted"],
  ["excluded", "excluded"],
]);
const REVOCABLE = new Map([
  ["revocable", "revocable"],
  ["irrevocable grant", "irrevocable"],
  ["not stated", "silent"],
]);

/** Topics on which the two differ; those that only a text can settle, for records that were read in one. */
function disagreements(record: TermsRecord, fact: Fact): string[] {
  const { uses, standing, flow, basis } = record;
  const revocable = REVOCABLE.get(fact.revocable ?? "");
  const checks: [string, boolean][] = [
    ["commercial", commercialFits(fact.commercialUse, uses.commercial)],
    ["threshold", basis !== "text" || limitsFit(fact, record)],
  ];
  if (basis === "text") {
    checks.push(
      [
        "patent",
        fact.patentGrant === "unknown" || standing.patent.answer === (PATENT.get(fact.patentGrant.split(" ")[0] ?? "") ?? "silent"),
      ],
      ["remote", fact.remoteRestrictionClause === null || standing.remoteRestriction.answer === "yes"],
      ["revocable", revocable === undefined || standing.revocability.answer === revocable],
      ["share-alike", fact.shareAlike !== false || flow.derivatives.flow !== "same-license"],
      ["osi", typeof fact.osiApproved !== "boolean" || standing.osi.answer === (fact.osiApproved ? "yes" : "no")],
    );
  }
  return checks.flatMap(([topic, fits]) => (fits ? [] : [topic]));
}

describe.skipIf(facts.length === 0)("records of terms and ../shared/reference/ai-licences.json (skipped without ../shared)", () => {
  it("there is a record of every license that the reference has", () => {
    expect(facts.map(({ id }) => id).filter((id) => OURS[id] === undefined)).toEqual([]);
    for (const id of Object.values(OURS).flat()) expect(termsOf(id), id).not.toBeNull();
  });

  it("agree, but where this file says why not", () => {
    const found = facts.flatMap((fact) =>
      (OURS[fact.id] ?? []).flatMap((id) => {
        const record = termsOf(id);
        return record === null ? [] : disagreements(record, fact).map((topic) => `${id} ${topic}`);
      }),
    );
    expect(found.filter((line) => ARGUED[line] === undefined)).toEqual([]);
    expect(Object.keys(ARGUED).filter((line) => !found.includes(line))).toEqual([]);
  });
});
