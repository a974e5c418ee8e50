import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ANALYSED_CHARS, wordsOf } from "./words.ts";

function same(a: string, b: string): boolean {
  return Buffer.from(wordsOf(a).hashes).equals(Buffer.from(wordsOf(b).hashes));
}

describe("wordsOf", () => {
  it("leaves out what publishers change freely", () => {
    const text = 'Permission is hereby granted, free of charge: (a) "use" and (b) non-commercial copies.';
    for (const noisy of [
      "PERMISSION IS HEREBY GRANTED,\n FREE OF CHARGE:\n 1. ‘use’ and\n 2. Non-\nCommercial copies",
      " * Permission is hereby\n * granted, **free** of charge: use and noncommercial copies",
      "<p>Permission is <b>hereby</b> granted, free&nbsp;of charge:</p><ul><li>&quot;use&quot; and</li><li>non commercial copies</li></ul>",
      "# Permission is [hereby](https://example.org/x) granted, free of charge: use and non-commercial copies",
      "Permis\u00adsion is here\u200bby granted, free of charge: use and non-commercial copies",
      "REM Permission is hereby granted, free\nREM of charge: use and non-\nREM commercial copies",
      "Ｐｅｒｍｉｓｓｉｏｎ is hereby granted, free of charge: use and non-commercial copies",
    ]) {
      expect(same(text, noisy), noisy).toBe(true);
    }
  });

  it("keeps words that carry meaning", () => {
    expect(same("version 2.0", "version 2.1")).toBe(false);
    expect(same("may use", "may not use")).toBe(false);
    expect(same("license <year> <owner>", "license")).toBe(false);
  });

  it("reads Chinese character by character", () => {
    expect(wordsOf("您不得将本软件用于商业用途。").count).toBe(13);
  });

  it("places every word inside the text, in order", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const { count, starts, ends, sentences } = wordsOf(text);
        for (let at = 0; at < count; at += 1) {
          expect(ends[at]).toBeLessThanOrEqual(text.length);
          expect(starts[at]).toBeLessThan(ends[at] ?? 0);
          if (at > 0) expect(starts[at]).toBeGreaterThanOrEqual(ends[at - 1] ?? 0);
          if (at > 0) expect(sentences[at]).toBeGreaterThanOrEqual(sentences[at - 1] ?? 0);
        }
      }),
    );
  });

  it("reads no more than its limit", () => {
    const words = wordsOf("word ".repeat(MAX_ANALYSED_CHARS / 4));
    expect(words.cut).toBe(true);
    expect(words.ends[words.count - 1]).toBeLessThanOrEqual(MAX_ANALYSED_CHARS);
  });
});
