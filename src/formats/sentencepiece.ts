// SentencePiece models (google/sentencepiece src/sentencepiece_model.proto): pieces of a vocabulary, how it was trained.
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { ProtoWalker } from "./proto-walker.ts";

export interface SentencePieceModel {
  readonly pieces: number;
  /** Pieces by ModelProto.SentencePiece.Type. */
  readonly types: ReadonlyMap<string, number>;
  /** `unigram`, `bpe`, `word`, `char`. */
  readonly model: string;
  /** Name of the normalisation rule, e.g. `nmt_nfkc`. */
  readonly normaliser: string;
}

/** Ten times the largest vocabularies. */
const MAX_FIELDS = 20_000_000;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_TEXT = 1024 * 1024;
const MODELS: Readonly<Record<number, string>> = { 1: "unigram", 2: "bpe", 3: "word", 4: "char" };
const TYPES: Readonly<Record<number, string>> = { 1: "normal", 2: "unknown", 3: "control", 4: "user-defined", 5: "unused", 6: "byte" };

/** ModelProto: 1 pieces, 2 trainer_spec (3 model_type), 3 normalizer_spec (1 name). @throws AjarError with a FormatCode */
export async function readSentencePiece(reader: ByteReader): Promise<SentencePieceModel> {
  const walker = new ProtoWalker(reader, { maxBytes: MAX_BYTES, maxPiece: MAX_TEXT, maxFields: MAX_FIELDS });
  const types = new Map<string, number>();
  const draft = { pieces: 0, model: "unigram", normaliser: "" };
  await walker.message(reader.sizeBytes, async (field, wire) => {
    if (wire !== 2) return false;
    if (field === 1) {
      draft.pieces += 1;
      const type = await readPieceType(walker);
      types.set(type, (types.get(type) ?? 0) + 1);
      return true;
    }
    if (field === 2) {
      return await walker.inner(async (inner, kind) => {
        if (inner !== 3 || kind !== 0) return false;
        const model = await walker.count();
        draft.model = MODELS[model] ?? `type-${model}`;
        return true;
      });
    }
    if (field !== 3) return false;
    return await walker.inner(async (inner, kind) => {
      if (inner !== 1 || kind !== 2) return false;
      draft.normaliser = await walker.text(MAX_TEXT);
      return true;
    });
  });
  if (draft.pieces === 0) throw new AjarError("NOT_THIS_FORMAT", "vocabulary without a piece", { offset: 0 });
  return { ...draft, types };
}

/** SentencePiece: 3 type, 1 (normal) where it is not written. */
async function readPieceType(walker: ProtoWalker): Promise<string> {
  let type = 1;
  await walker.inner(async (field, wire) => {
    if (field !== 3 || wire !== 0) return false;
    type = await walker.count();
    return true;
  });
  return TYPES[type] ?? "other";
}
