// SentencePiece vocabularies (tokenizer.model, spiece.model): data, nothing else.
import type { FormatReading } from "../../core/scan.ts";
import { type ProtoTag, protoOutline } from "../../formats/proto-outline.ts";
import { readSentencePiece } from "../../formats/sentencepiece.ts";
import { FULL } from "../combine.ts";
import type { FileView, Scanner } from "../scanner.ts";

const FIELDS: ReadonlySet<ProtoTag> = new Set(["1:2", "2:2", "3:2", "4:2", "5:2"]);
const PIECE_FIELDS: ReadonlySet<ProtoTag> = new Set(["1:2", "2:5", "3:0"]);

export const scanner: Scanner = {
  id: "sentencepiece",
  risk: "cannot-execute",
  claims: isSentencePiece,
  async scan(reader): Promise<FormatReading> {
    const { pieces, model, normaliser, types } = await readSentencePiece(reader);
    const metadata = new Map([
      ["architecture", model],
      ["vocabulary", String(pieces)],
    ]);
    if (normaliser !== "" && normaliser.length <= 100) metadata.set("normalizer", normaliser);
    for (const [type, count] of types) if (type !== "normal") metadata.set(`pieces.${type}`, String(count));
    return { format: "sentencepiece", risk: "cannot-execute", coverage: FULL, hits: [], tensors: [], parameters: null, metadata };
  },
};

/** Pieces first, each a text with a score. */
function isSentencePiece({ head, sizeBytes }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  const first = outline?.first.get("1:2");
  if (outline === null || first === undefined || ![...outline.tags].every((tag) => FIELDS.has(tag))) return false;
  const piece = protoOutline(head.subarray(first.start, first.end), first.end - first.start);
  const tags = [...(piece?.tags ?? [])];
  return tags.includes("1:2") && tags.includes("2:5") && tags.every((tag) => PIECE_FIELDS.has(tag));
}
