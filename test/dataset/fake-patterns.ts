import type { Hit, PatternSet } from "../../src/patterns/hit.ts";

/** Two rules that need nothing else: something like an address, and a word. */
export function fakePatterns(): PatternSet {
  return {
    ids: ["copyright/word", "personal/email"],
    longest: 64,
    find(text) {
      const hits: Hit[] = [];
      for (const match of text.matchAll(/[a-z0-9]{1,20}@[a-z-]{1,30}\.org/gu)) {
        hits.push({ pattern: "personal/email", start: match.index, end: match.index + match[0].length, certainty: "checked" });
      }
      for (const match of text.matchAll(/reserved by \S{1,40}/gu)) {
        hits.push({ pattern: "copyright/word", start: match.index, end: match.index + match[0].length, certainty: "shaped" });
      }
      return hits.sort((a, b) => a.start - b.start);
    },
  };
}
