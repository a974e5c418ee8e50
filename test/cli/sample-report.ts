// A report made by hand in the shape of the contract, with every kind of value and with hostile text in it.
import { evidence } from "../../src/core/evidence.ts";
import type { Report } from "../../src/core/report.ts";

const SOURCE = "./made-up-7b";
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function seen(path: string, start: number, end: number, quote: string): ReturnType<typeof evidence> {
  return evidence({ source: SOURCE, path, digest: DIGEST, span: { kind: "lines", start, end }, quote, method: "text" });
}

const clause = seen(
  "LICENSE.txt",
  57,
  61,
  "If the monthly active users of the products exceed 700 million, You must request a license from the Licensor, who may grant it in its sole discretion.",
);
const title = seen("LICENSE.txt", 1, 1, "MADE-UP COMMUNITY LICENSE AGREEMENT");
const card = seen("README.md", 12, 14, "训练数据包含 2T 词元，来自公开来源；本模型以“开源”形式发布。");
const hostile = seen("README.md", 20, 20, "\u001b[2J\u001b[31mMET\u001b[0m \u202eevil\u202c [999] see below");
const listing = evidence({ source: SOURCE, path: "", digest: `listing:${"ab".repeat(32)}`, method: "listing" });
const header = evidence({
  source: SOURCE,
  path: "model.safetensors",
  digest: DIGEST,
  span: { kind: "bytes", start: 8, end: 120 },
  method: "header",
});
const config = evidence({
  source: SOURCE,
  path: "config.json",
  digest: DIGEST,
  span: { kind: "pointer", pointer: "/architectures/0" },
  quote: "LlamaForCausalLM",
  method: "config",
});

/** A release whose weights can be had under a license that restricts use. */
export const sampleReport: Report = {
  schemaVersion: "1.1.0",
  tool: { version: "0.1.0", rules: "2026.11.24+0123456789ab" },
  target: {
    ref: SOURCE,
    sources: [{ ref: SOURCE, kind: "folder", revision: "8fac8eb0b1c9b1d7e9a6d4f2c3b5a7980b1c9b1d", digest: DIGEST }],
    digest: DIGEST,
  },
  headline: {
    word: "ajar",
    label: "weights-available-ai",
    because: [{ id: "headline.ajar", evidence: [clause.id, header.id] }],
  },
  verdicts: [
    {
      standard: "osaid-1.0",
      result: "not-met",
      criteria: [
        { id: "osaid-1.0/weights", result: "not-met", because: [{ id: "term.user-threshold", evidence: [clause.id] }] },
        {
          id: "osaid-1.0/code",
          result: "not-met",
          because: [{ id: "availability.absent", evidence: [listing.id] }],
          missing: [{ id: "component.training-code" }],
        },
        { id: "osaid-1.0/data-information", result: "unknown", because: [{ id: "availability.claimed", evidence: [card.id, hostile.id] }] },
      ],
    },
    {
      standard: "mof",
      profile: "mof-paper",
      result: "not-met",
      level: "none",
      score: { class3: 0.5, "total-low": 0, "total-high": 0.66667 },
      criteria: [{ id: "mof/model-card", result: "met", because: [{ id: "availability.found", evidence: [card.id] }], level: "open" }],
    },
    { standard: "g7-2026", result: "met", level: "weights-available-ai", criteria: [] },
  ],
  components: [
    {
      id: "weights",
      availability: "found",
      openness: "restricted",
      licenses: ["LicenseRef-made-up"],
      evidence: [header.id],
      places: ["model.safetensors"],
      partial: false,
    },
    { id: "training-code", availability: "absent", openness: "unknown", licenses: [], evidence: [listing.id], places: [], partial: false },
    {
      id: "training-data",
      availability: "claimed",
      openness: "unknown",
      licenses: [],
      evidence: [card.id],
      places: ["README.md"],
      partial: true,
    },
    {
      id: "evaluation-code",
      availability: "elsewhere",
      openness: "open",
      licenses: ["MIT"],
      evidence: [card.id],
      places: ["https://git.example.org/made-up/evaluation-harness-with-a-long-name"],
      partial: false,
    },
    {
      id: "usage-policy",
      availability: "gated",
      openness: "closed",
      licenses: [],
      evidence: [card.id],
      places: ["a", "b", "c"],
      partial: false,
    },
    { id: "paper", availability: "unknown", openness: "unknown", licenses: [], evidence: [], places: [], partial: false },
  ],
  licenses: [
    {
      id: "LicenseRef-made-up",
      kind: "use-restricted",
      scope: ["weights"],
      statement: "text",
      evidence: [title.id],
      restrictions: [{ term: "user-threshold", clause: "2", evidence: [clause.id] }],
    },
    {
      id: "modified MIT",
      kind: "unknown",
      scope: ["code"],
      statement: "text",
      evidence: [title.id],
      folder: "src",
      differences: [
        { kind: "inserted", text: "You shall prominently display the name of the model.", normative: true, evidence: clause.id },
        { kind: "deleted", text: "to use, copy, modify", normative: true, evidence: title.id },
      ],
    },
    { id: "BSD-3-Clause", kind: "osi-approved", scope: [], statement: "header", evidence: [title.id], thirdParty: true },
  ],
  statements: {
    quantities: [
      { quantity: "tokens", value: 2e12, unit: "count", subject: "7B", stated: "2T", evidence: [card.id] },
      { quantity: "gpu-hours", value: 3311616, unit: "hours", subject: "", stated: "", evidence: [card.id] },
    ],
    relations: [{ relation: "base-model", target: "hf:made-up/base", evidence: [card.id] }],
    safety: [{ topic: "red-teaming", evidence: [card.id] }],
    claims: [{ claim: "open source \u001b]0;title\u0007", evidence: [hostile.id] }],
  },
  findings: [
    {
      ruleId: "openness-claim-unmet",
      severity: "high",
      message: { id: "headline.ajar", evidence: [hostile.id] },
      path: "README.md",
      evidence: [card.id],
    },
    { ruleId: "gpu-hours-sum", severity: "low", message: { id: "quantity.gpu-hours" }, evidence: [config.id] },
  ],
  gaps: [
    { standard: "osaid-1.0", to: "met", do: [{ id: "component.training-code", evidence: [listing.id] }, { id: "component.data-card" }] },
    { standard: "g7-2026", to: "open-weights-ai", do: [{ id: "term.user-threshold", evidence: [clause.id] }] },
  ],
  files: [
    {
      path: "pytorch_model.bin",
      sizeBytes: 4096,
      digest: "path:3f",
      format: "pytorch-zip",
      risk: "executes-by-design",
      coverage: { state: "partial", code: "not-scanned", detail: "stopped before byte 2048", offset: 2048 },
      loaded: "no",
      because: { id: "loaded.other-first", args: { file: "model.safetensors" } },
      tensors: 2,
      parameters: 1024,
      metadata: { imports: "collections.OrderedDict" },
      source: SOURCE,
    },
  ],
  chain: {
    nodes: [
      { id: "release", name: SOURCE, licenses: ["LicenseRef-made-up"], resolution: "release", source: SOURCE, evidence: [title.id] },
      {
        id: "hf:made-up/base",
        name: "made-up/base",
        licenses: ["LicenseRef-Llama-2-Community"],
        resolution: "catalogue",
        source: "https://example.org/base/LICENSE",
        evidence: [],
      },
      { id: "name:older base", name: "Older \u202eBase", licenses: [], resolution: "unresolved", reason: "name-only", evidence: [] },
    ],
    edges: [
      { child: "hf:made-up/base", parent: "name:older base", relation: "finetune", evidence: [] },
      { child: "release", parent: "hf:made-up/base", relation: "quantized", evidence: [card.id] },
    ],
    uses: [
      {
        use: "commercial",
        permission: "unknown",
        because: [
          {
            license: "unknown",
            clause: "",
            reach: "possible",
            path: [
              { relation: "quantized", node: "hf:made-up/base" },
              { relation: "finetune", node: "name:older base" },
            ],
          },
          { license: "LicenseRef-made-up", clause: "", reach: "own", path: [] },
        ],
        conditions: [
          {
            kind: "size",
            license: "LicenseRef-Llama-2-Community",
            clause: "2",
            reach: "derived",
            path: [{ relation: "quantized", node: "hf:made-up/base" }],
            certain: true,
          },
        ],
      },
    ],
    duties: [
      {
        kind: "display",
        on: ["redistribute"],
        words: "Built with Base",
        license: "LicenseRef-Llama-2-Community",
        clause: "1.b.i",
        reach: "derived",
        path: [{ relation: "quantized", node: "hf:made-up/base" }],
        certain: true,
      },
    ],
    complete: false,
  },
  coverage: {
    filesListed: 12,
    filesRead: 5,
    bytesRead: 48_213,
    requests: 3,
    targetBytes: 13_476_839_424,
    skipped: [
      {
        path: "model-2.safetensors",
        reason: "malformed",
        source: SOURCE,
        partial: true,
        detail: "header length 1099511627776 is over the limit",
      },
      { path: "vocab.bin", reason: "not-needed", source: SOURCE, partial: false },
    ],
    complete: false,
  },
  evidence: [listing, clause, title, card, hostile, config, header],
};
