// adapter_config.json of PEFT: which model is adapted, and how. Some of its fields name modules that loaders import.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../formats/json-reader.ts";
import { FULL } from "../combine.ts";
import { objectText } from "../json-view.ts";
import { judgeName } from "../pickle/names.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_FACT_LENGTH = 200;
/** Libraries that define models; PEFT imports whichever is named (peft/auto.py, peft/tuners/lora/tp_layer.py). */
const LIBRARIES = /^(?:transformers|diffusers|torch|peft|megatron|timm|sentence_transformers)(?:\.\w+)*$/u;
const FACTS: readonly (readonly [field: string, fact: string])[] = [
  ["peft_type", "architecture"],
  ["base_model_name_or_path", "base-model"],
  ["revision", "base-revision"],
  ["task_type", "task"],
  ["r", "rank"],
  ["lora_alpha", "alpha"],
  ["peft_version", "peft-version"],
];

export const scanner: Scanner = {
  id: "adapter-config",
  risk: "cannot-execute",
  claims({ head }) {
    return objectText(head).includes('"peft_type"');
  },
  async scan(reader): Promise<FormatReading> {
    const { sizeBytes } = reader;
    if (sizeBytes > MAX_BYTES) throw new AjarError("OVER_LIMIT", `adapter configuration of ${sizeBytes} bytes`, { offset: 0 });
    const config = parseJson(new TextDecoder().decode(await reader.read(0, sizeBytes)), { nonFinite: true });
    if (!isJsonObject(config)) throw new AjarError("NOT_THIS_FORMAT", "adapter configuration is no object", { offset: 0 });
    const hits = importHits(config, sizeBytes);
    return {
      format: "adapter-config",
      risk: hits.length > 0 ? "may-execute" : "cannot-execute",
      coverage: FULL,
      hits,
      tensors: [],
      parameters: null,
      metadata: factsOf(config),
    };
  },
};

function importHits(config: JsonObject, sizeBytes: number): readonly SafetyHit[] {
  const mapping = config.get("auto_mapping");
  const named: readonly (readonly [field: string, module: JsonValue | undefined])[] = [
    ["auto_mapping.parent_library", isJsonObject(mapping) ? mapping.get("parent_library") : undefined],
    ["megatron_core", config.get("megatron_core")],
  ];
  return named.flatMap(([field, module]) => {
    if (typeof module !== "string" || module === "" || LIBRARIES.test(module)) return [];
    const isHarmful = judgeName({ module, name: "x", isPython2: false, offset: 0 }) === "dangerous";
    const args = { field, module: module.slice(0, MAX_FACT_LENGTH) };
    return [hitOf("PF01", { start: 0, end: sizeBytes, args, quote: module, ...(isHarmful ? { severity: "critical" as const } : {}) })];
  });
}

function factsOf(config: JsonObject): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const [field, fact] of FACTS) {
    const value = config.get(field);
    if ((typeof value === "string" && value !== "") || typeof value === "number") facts.set(fact, String(value).slice(0, MAX_FACT_LENGTH));
  }
  const targets = config.get("target_modules");
  if (isJsonArray(targets))
    facts.set(
      "targets",
      targets
        .filter((item) => typeof item === "string")
        .sort()
        .join(" ")
        .slice(0, MAX_FACT_LENGTH),
    );
  return facts;
}
