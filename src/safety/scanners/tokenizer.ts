// tokenizer.json: a vocabulary and rules to apply it; templates of chats lie in other files.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading } from "../../core/scan.ts";
import { parseTokenizer } from "../../formats/tokenizer.ts";
import { FULL } from "../combine.ts";
import { objectText } from "../json-view.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 64 * 1024 * 1024;

export const scanner: Scanner = {
  id: "tokenizer",
  risk: "cannot-execute",
  claims({ head }) {
    const start = objectText(head, 4096);
    return /^\s*\{\s*"version"/u.test(start) && /"(?:truncation|added_tokens)"/u.test(start);
  },
  async scan(reader): Promise<FormatReading> {
    const { sizeBytes } = reader;
    if (sizeBytes > MAX_BYTES) throw new AjarError("OVER_LIMIT", `tokenizer of ${sizeBytes} bytes`, { offset: 0 });
    const { version, model, vocabulary, merges, added } = parseTokenizer(new TextDecoder().decode(await reader.read(0, sizeBytes)));
    const metadata = new Map([
      ["version", version.slice(0, 100)],
      ["architecture", model.slice(0, 100)],
      ["vocabulary", String(vocabulary)],
      ["merges", String(merges)],
      ["added-tokens", String(added)],
    ]);
    return { format: "tokenizer", risk: "cannot-execute", coverage: FULL, hits: [], tensors: [], parameters: null, metadata };
  },
};
