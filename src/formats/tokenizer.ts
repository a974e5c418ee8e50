// tokenizer.json of the tokenizers library: what kind of vocabulary, and how large. Its entries are counted, not kept.
import { AjarError } from "../core/errors.ts";
import { JsonReader } from "./json-reader.ts";

export interface TokenizerFile {
  readonly version: string;
  /** `BPE`, `WordPiece`, `Unigram`, `WordLevel`. */
  readonly model: string;
  readonly vocabulary: number;
  readonly merges: number;
  readonly added: number;
}

/** The largest take some tens of megabytes. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Half a million merges of two texts each. */
const MAX_VALUES = 10_000_000;

/** @throws AjarError NOT_THIS_FORMAT | OVER_LIMIT | INCONSISTENT | TRUNCATED */
export function parseTokenizer(text: string): TokenizerFile {
  if (text.length > MAX_TEXT) throw new AjarError("OVER_LIMIT", `tokenizer of ${text.length} characters`, { offset: 0 });
  const json = new JsonReader(text, { maxValues: MAX_VALUES });
  const found = { version: "", model: "", vocabulary: 0, merges: 0, added: 0 };
  let hasModel = false;
  json.members((key) => {
    if (key === "version") found.version = textOf(json.value());
    else if (key === "added_tokens") found.added = json.skip();
    else if (key === "model" && json.isAt("{")) {
      hasModel = true;
      json.members((part) => {
        if (part === "type") found.model = textOf(json.value());
        else if (part === "vocab") found.vocabulary = json.skip();
        else if (part === "merges") found.merges = json.skip();
        else json.skip();
      });
    } else json.skip();
  });
  json.end();
  if (!hasModel) throw new AjarError("NOT_THIS_FORMAT", "tokenizer has no model", { offset: 0 });
  return found;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
