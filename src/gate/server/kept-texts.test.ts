// What is kept of a text is its beginning, whole characters only, however it came in pieces.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FilterResult } from "../contract.ts";
import { KeptTexts } from "./kept-texts.ts";

const flagged: FilterResult = { filter: "terms/a", outcome: "flagged", rules: ["a"], scanned: 1, part: "request" };

describe("kept texts", () => {
  it("are a beginning of the text, without half a character, and say when they are cut", () => {
    const text = fc.string({ unit: "grapheme-composite", maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(80), { maxLength: 6 }), fc.integer({ min: 1, max: 120 }), (whole, cuts, maxBytes) => {
        const bytes = Buffer.from(whole);
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        const kept = new KeptTexts({ keep: ["output"], of: "all", maxBytes });
        for (const piece of pieces.slice(0, -1)) kept.add("output", piece);
        kept.ends(Buffer.from("said before"));
        kept.ends(pieces.at(-1) ?? new Uint8Array());
        const content = kept.content([]);
        if (bytes.length === 0) return content === undefined;
        const { output = "", truncated } = content ?? {};
        expect(whole.startsWith(output)).toBe(true);
        expect(truncated).toEqual(bytes.length > maxBytes ? ["output"] : undefined);
        expect(Buffer.byteLength(output)).toBeGreaterThan(Math.min(bytes.length, maxBytes) - 4);
        return Buffer.byteLength(output) <= maxBytes;
      }),
    );
  });

  it("leave out the side and the calls that the rule leaves out", () => {
    const kept = new KeptTexts({ keep: ["input"], of: "found", maxBytes: 10 });
    kept.add("input", Buffer.from("asked"));
    kept.add("output", Buffer.from("answered"));
    kept.ends(Buffer.from("end"));
    expect(kept.content([{ ...flagged, outcome: "passed" }])).toBeUndefined();
    expect(kept.content([flagged])).toEqual({ input: "asked" });
  });
});
