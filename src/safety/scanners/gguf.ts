// GGUF: data and metadata; what can be wrong is their structure (ggml-org/ggml docs/gguf.md, src/gguf.cpp).
import type { FileReference, FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import { type GgufHeader, readGgufHeader } from "../../formats/gguf.ts";
import { FULL } from "../combine.ts";
import { judgeTemplate } from "../jinja/judge.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const RULES: ProblemRules = {
  "duplicate-key": ["GG01"],
  "duplicate-tensor": ["GG01"],
  "long-name": ["GG01", "low"],
  "odd-row": ["GG01"],
  misplaced: ["GG01", "low"],
  unaligned: ["GG01"],
  overlap: ["GG01"],
  "past-end": ["GG01"],
};

/** Keys that say what a model is; the rest is vocabulary and hyperparameters. */
const FACTS: ReadonlyMap<string, string> = new Map([
  ["general.architecture", "architecture"],
  ["general.name", "name"],
  ["general.basename", "basename"],
  ["general.finetune", "finetune"],
  ["general.size_label", "size"],
  ["general.license", "license"],
  ["general.quantized_by", "quantized-by"],
  ["general.type", "type"],
  ["split.no", "split.no"],
  ["split.count", "split.count"],
  ["split.tensors.count", "split.tensors.count"],
]);
const MAX_FACT_LENGTH = 200;
const PLAIN = /^(?:F16|F32|F64|BF16|I\d+)$/u;
/** As llama.cpp's gguf-split writes them (llama_split_path). */
const SHARD = /-(\d{5})-of-(\d{5})\.gguf$/iu;
const MAX_SHARDS = 10_000;

export const scanner: Scanner = {
  id: "gguf",
  risk: "cannot-execute",
  claims: ({ head }) => head[0] === 0x47 && head[1] === 0x47 && head[2] === 0x55 && head[3] === 0x46,
  async scan(reader, { path }): Promise<FormatReading> {
    const header = await readGgufHeader(reader);
    const tensors = header.tensors.map(({ name, dtype, shape, begin, end }): ScannedTensor => {
      const isInside = header.dataOffset + end <= reader.sizeBytes && end > begin;
      return { name, dtype, shape, place: isInside ? { start: header.dataOffset + begin, end: header.dataOffset + end } : null };
    });
    return {
      format: "gguf",
      risk: "cannot-execute",
      coverage: coverageOf(header),
      hits: [
        ...problemHits(header.problems, RULES, reader.sizeBytes),
        ...orderHits(header),
        ...trailingHits(header, reader.sizeBytes),
        ...templateHits(header),
      ],
      tensors,
      parameters: header.parameters,
      metadata: factsOf(header),
      references: shardsOf(header, path),
    };
  },
};

/** llama.cpp and its bindings render what stands under these keys (CVE-2024-34359). */
function templateHits({ metadata }: GgufHeader): readonly SafetyHit[] {
  return [...metadata].flatMap(([key, { value, start, end }]) =>
    key.startsWith("tokenizer.chat_template") && typeof value === "string" ? judgeTemplate(value, { start, end, name: key }) : [],
  );
}

function coverageOf({ problems }: GgufHeader): ScanCoverage {
  const cut = problems.find(({ id }) => id === "gguf.past-end");
  if (cut !== undefined) return { state: "partial", code: "truncated", detail: "tensors pass the end of the file", offset: cut.offset };
  const unknown = problems.find(({ id }) => id === "gguf.unknown-type");
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `tensor type ${unknown.args["type"]}`, offset: unknown.offset };
}

/** Rare enough that loaders treat it badly, and honest where it is meant. */
function orderHits({ littleEndian }: GgufHeader): readonly SafetyHit[] {
  return littleEndian ? [] : [hitOf("GG01", { start: 4, end: 8, variant: "big-endian", severity: "info" })];
}

function trailingHits({ tensors, dataOffset, alignment, problems }: GgufHeader, sizeBytes: number): readonly SafetyHit[] {
  // The size of a tensor of unknown type is unknown, so where the last one ends is too.
  if (tensors.length === 0 || problems.some(({ id }) => id === "gguf.unknown-type")) return [];
  const end = tensors.reduce((last, tensor) => Math.max(last, tensor.end), 0);
  const padded = dataOffset + Math.ceil(end / alignment) * alignment;
  return sizeBytes > padded
    ? [hitOf("GG01", { start: padded, end: sizeBytes, variant: "trailing", args: { bytes: sizeBytes - padded } })]
    : [];
}

function factsOf(header: GgufHeader): ReadonlyMap<string, string> {
  const facts = new Map<string, string>([["version", String(header.version)]]);
  for (const [key, fact] of FACTS) {
    const value = header.metadata.get(key)?.value;
    if (value !== undefined && typeof value !== "object" && String(value).length <= MAX_FACT_LENGTH) facts.set(fact, String(value));
  }
  const [most] = [...header.types].sort(([, a], [, b]) => b - a);
  if (most !== undefined) facts.set(PLAIN.test(most[0]) ? "type-of-most" : "quantization", most[0]);
  if (!header.littleEndian) facts.set("byte-order", "big");
  return facts;
}

/** The other parts of a split model: their names follow from this one's. */
function shardsOf({ metadata }: GgufHeader, path: string): readonly FileReference[] {
  const entry = metadata.get("split.count");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const match = SHARD.exec(name);
  if (entry === undefined || match === null || typeof entry.value !== "number" || entry.value > MAX_SHARDS) return [];
  const count = entry.value;
  const stem = name.slice(0, match.index);
  const place = { minBytes: null, start: entry.start, end: entry.end };
  return Array.from({ length: count }, (_, index) => `${stem}-${five(index + 1)}-of-${five(count)}.gguf`)
    .filter((part) => part !== name)
    .map((part) => ({ path: part, ...place }));
}

function five(number: number): string {
  return String(number).padStart(5, "0");
}
