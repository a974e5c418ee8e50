// Git attributes that run a program on checkout (RP07): filters other than those of Git LFS.
import type { FormatReading, SafetyHit } from "../../core/scan.ts";
import { FULL } from "../combine.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";

const MAX_BYTES = 1024 * 1024;
const ATTRIBUTE = /\b(filter|diff|merge|textconv)=([\w.-]+)/gu;
const USUAL: readonly string[] = ["lfs", "text", "union", "binary", "ours", "astextplain", "python", "markdown", "jupyternotebook"];

export const scanner: Scanner = {
  id: "git-attributes",
  risk: "cannot-execute",
  quiet: true,
  claims: ({ path }) => /(?:^|\/)\.gitattributes$/u.test(path),
  async scan(reader): Promise<FormatReading> {
    const text = Buffer.from(await reader.read(0, Math.min(reader.sizeBytes, MAX_BYTES))).toString("latin1");
    const hits: SafetyHit[] = [];
    for (const match of text.matchAll(ATTRIBUTE)) {
      const [words, attribute = "", driver = ""] = match;
      if (attribute !== "filter" || USUAL.includes(driver)) continue;
      hits.push(hitOf("RP07", { start: match.index, end: match.index + words.length, variant: "filter", args: { driver }, quote: words }));
    }
    return { format: "git-attributes", risk: "cannot-execute", coverage: FULL, hits, tensors: [], parameters: null, metadata: new Map() };
  },
};
