// YAML configurations of Hydra name what to call in `_target_`; NeMo models are built by calling it (ZP10, CVE-2025-23304).
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { judgeName } from "../pickle/names.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TARGETS = 10_000;
const TARGET = /(?:^|[\s{,-])["']?_target_["']?\s*:\s*["']?([\w.:-]{1,300})/gmu;
/** Libraries whose classes such configurations are made of. */
const EXPECTED =
  /^(?:nemo|torch|torchaudio|torchvision|pytorch_lightning|lightning|transformers|omegaconf|hydra|megatron|apex|torchmetrics)\./u;

export const scanner: Scanner = {
  id: "hydra-config",
  risk: "may-execute",
  // YAML has no mark: its name and the word that matters.
  claims: ({ path, head }) => /\.ya?ml$/iu.test(path) && Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes("_target_"),
  async scan(reader): Promise<FormatReading> {
    const length = Math.min(MAX_BYTES, reader.sizeBytes);
    const text = Buffer.from(await reader.read(0, length)).toString("latin1");
    const hits: SafetyHit[] = [];
    let targets = 0;
    for (const match of text.matchAll(TARGET)) {
      targets += 1;
      if (targets > MAX_TARGETS) break;
      const hit = targetHit(match[1] ?? "", match.index, match.index + match[0].length);
      if (hit !== null) hits.push(hit);
    }
    const isWhole = length === reader.sizeBytes;
    return {
      format: "yaml",
      risk: "may-execute",
      coverage: isWhole ? FULL : { state: "partial", code: "over-limit", detail: "a configuration of more than 4 MiB", offset: length },
      hits,
      tensors: [],
      parameters: null,
      metadata: new Map([["targets", String(targets)]]),
    };
  },
};

function targetHit(target: string, start: number, end: number): SafetyHit | null {
  const dot = target.lastIndexOf(".");
  const verdict = judgeName({ module: target.slice(0, Math.max(0, dot)), name: target.slice(dot + 1), isPython2: false, offset: start });
  const place = { start, end, variant: "target", args: { import: target }, quote: target };
  if (verdict === "dangerous" || verdict === "walk" || verdict === "code") return hitOf("ZP10", { ...place, severity: "critical" });
  if (EXPECTED.test(target) || verdict === "reviewed" || verdict === "noted") return null;
  return hitOf("ZP10", { ...place, severity: "medium" });
}
