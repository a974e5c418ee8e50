import { readSentencePiece } from "../../../src/formats/sentencepiece.ts";
import { fixture } from "../fixture.ts";
import { restructureProto } from "../proto.ts";
import type { FuzzTarget } from "../target.ts";

export const target: FuzzTarget = {
  name: "sentencepiece",
  seeds: [fixture("tokenizers/tokenizer.model")],
  read: readSentencePiece,
  restructure: restructureProto,
};
