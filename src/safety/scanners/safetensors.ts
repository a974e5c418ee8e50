// safetensors: nothing in it can run; what can be wrong is its header (huggingface/safetensors README, "Format").
import type { FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { ByteCursor } from "../../formats/byte-reader.ts";
import { readSafetensorsHeader, type SafetensorsHeader } from "../../formats/safetensors.ts";
import { elementsOf } from "../../formats/tensor.ts";
import { FULL } from "../combine.ts";
import { type ProblemRules, problemHits } from "../problems.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";
import { traitsOfTensors } from "../traits.ts";

/** The reference refuses longer headers (MAX_HEADER_SIZE). */
const MAX_HEADER_BYTES = 100_000_000;
/** Headers of 100,000 tensors stay below this. */
const LARGE_HEADER_BYTES = 10_000_000;
const MAX_FACT_LENGTH = 200;

const RULES: ProblemRules = {
  hole: ["ST01"],
  overlap: ["ST01"],
  "past-end": ["ST01"],
  "size-differs": ["ST01"],
  "duplicate-key": ["ST03"],
  "trailing-bytes": ["ST04"],
  "metadata-not-text": ["ST05"],
};

export const scanner: Scanner = {
  id: "safetensors",
  risk: "cannot-execute",
  claims({ head, path }) {
    if (head.length < 9 || head[8] !== 0x7b) return false;
    // Text may have a brace at this place; a length below 2^48 begins in no text.
    return (head[6] === 0 && head[7] === 0) || /\.safetensors$/iu.test(path);
  },
  async scan(reader, { tensorsOnly }): Promise<FormatReading> {
    const stated = new ByteCursor(await reader.read(0, 8)).bigU64();
    if (stated > BigInt(MAX_HEADER_BYTES)) return hugeHeader(stated);
    const header = await readSafetensorsHeader(reader);
    const dataStart = 8 + header.headerBytes;
    const tensors = header.tensors.map(({ name, dtype, shape, begin, end }): ScannedTensor => {
      const isInside = begin <= end && dataStart + end <= reader.sizeBytes;
      return { name, dtype, shape, place: isInside ? { start: dataStart + begin, end: dataStart + end } : null };
    });
    return {
      format: "safetensors",
      risk: "cannot-execute",
      coverage: coverageOf(header, reader),
      hits: [...problemHits(header.problems, RULES, reader.sizeBytes), ...headerHits(header), ...metadataHits(header)],
      tensors,
      parameters: tensors.reduce((sum, { shape }) => sum + elementsOf(shape, 8), 0),
      metadata: new Map([...factsOf(header), ...(tensorsOnly === true ? [] : traitsOfTensors(tensors))]),
    };
  },
};

function hugeHeader(stated: bigint): FormatReading {
  const detail = `header of ${stated} bytes is over the limit of ${MAX_HEADER_BYTES}`;
  return {
    format: "safetensors",
    risk: "cannot-execute",
    coverage: { state: "none", code: "over-limit", detail, offset: 0 },
    hits: [hitOf("ST02", { start: 0, end: 8, args: { bytes: String(stated) }, variant: "refused", severity: "high" })],
    tensors: [],
    parameters: null,
    metadata: new Map(),
  };
}

function coverageOf({ problems }: SafetensorsHeader, { sizeBytes }: ByteReader): ScanCoverage {
  const cut = problems.find(({ id }) => id === "safetensors.past-end");
  if (cut !== undefined)
    return { state: "partial", code: "truncated", detail: `tensors pass the end of ${sizeBytes} bytes`, offset: cut.offset };
  const unknown = problems.find(({ id }) => id === "safetensors.unknown-type");
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `tensor type ${unknown.args["type"]}`, offset: unknown.offset };
}

function headerHits({ headerBytes }: SafetensorsHeader): readonly SafetyHit[] {
  return headerBytes > LARGE_HEADER_BYTES ? [hitOf("ST02", { start: 0, end: 8, args: { bytes: String(headerBytes) } })] : [];
}

const MARKUP = /<(?:script|iframe|object|embed|svg|img)\b|javascript:|data:text\/html/iu;
const CODE = /\b(?:eval|exec|__import__|os\.system|subprocess\.\w+)\s*\(/u;

/** Programs show metadata to people and write them into pages. */
function metadataHits({ metadata, headerBytes }: SafetensorsHeader): readonly SafetyHit[] {
  const hits: SafetyHit[] = [];
  for (const [key, text] of metadata) {
    const variant = MARKUP.test(text) ? "markup" : CODE.test(text) ? "code" : null;
    if (variant === null) continue;
    hits.push(hitOf("ST05", { start: 8, end: 8 + headerBytes, variant, args: { key: key.slice(0, 100) }, severity: "low", quote: text }));
  }
  return hits;
}

function factsOf({ metadata }: SafetensorsHeader): readonly (readonly [string, string])[] {
  return [...metadata].filter(([key, text]) => text.length <= MAX_FACT_LENGTH && key.length <= MAX_FACT_LENGTH);
}
