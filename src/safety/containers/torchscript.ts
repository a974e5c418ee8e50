// TorchScript carries a program of its own: code/*.py, run by torch.jit.load's models (TS01).
import type { SafetyHit } from "../../core/scan.ts";
import type { ZipArchive } from "../../formats/zip.ts";
import { hitOf } from "../rules.ts";
import type { ZipLayout } from "./zip-layout.ts";

/** Operators that touch files (torch/csrc/jit/runtime/register_special_ops.cpp, aten/native_functions.yaml). */
const FILE_CALLS =
  /\b(?:aten::(?:save|from_file)|torch\.(?:save|load|from_file)\s*\(|ops\.aten\.(?:save|from_file)|ops\.(?!aten\b|prim\b|torchvision\b|quantized\b)\w+\.\w+\s*\()/gu;
const MAX_CODE_BYTES = 16 * 1024 * 1024;
const MAX_CALLS = 20;

/** One hit for the code being there, and one for each call that reaches files or foreign operators. */
export async function scriptHits(layout: ZipLayout, archive: ZipArchive): Promise<readonly SafetyHit[]> {
  if (layout.format !== "torchscript") return [];
  const code = archive.entries.filter(({ path }) => path.startsWith(`${layout.root}code/`) && path.endsWith(".py"));
  const at = code[0]?.localHeaderOffset ?? 0;
  const hits = [hitOf("TS01", { start: at, end: at + 1, args: { files: code.length } })];
  for (const entry of code) {
    if (entry.content !== "readable" || entry.sizeBytes > MAX_CODE_BYTES) continue;
    const text = new TextDecoder("latin1").decode(await archive.read(entry));
    for (const match of text.matchAll(FILE_CALLS)) {
      if (hits.length > MAX_CALLS) return hits;
      const place = { start: match.index, end: match.index + match[0].length, member: entry.path, quote: match[0] };
      hits.push(hitOf("TS01", { ...place, variant: "call", args: { call: match[0] }, severity: "high" }));
    }
  }
  return hits;
}
