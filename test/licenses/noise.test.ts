import { describe, expect, it } from "vitest";
import { identifyLicenses } from "../../src/licenses/identify.ts";
import { NOISES, random } from "./noise.ts";
import { brief, hasShared, sharedTexts, spdxTexts } from "./texts.ts";

const spdx = spdxTexts();

/** Ids whose noisy text gets another answer than the one expected, with the answer. */
function wrongAnswers(
  texts: readonly { id: string; text: string; answer: string }[],
  change: (text: string, seed: number) => string,
): string[] {
  return texts.flatMap(({ id, text, answer }, seed) => {
    const got = identifyLicenses(change(text, seed + 1)).map(brief);
    return got.length === 1 && got[0] === answer ? [] : [`${id}: ${got.join("; ") || "nothing"}`];
  });
}

describe("every SPDX text", () => {
  it("is identified as itself", () => {
    expect(wrongAnswers(spdx, (text) => text)).toEqual([]);
  });

  for (const { name, apply } of NOISES) {
    it(`is found under ${name}`, () => {
      expect(wrongAnswers(spdx, apply)).toEqual([]);
    });
  }

  it("is found under two kinds of noise at once", () => {
    const [rewrap, , html, comment, header, typography] = NOISES;
    const next = random(11);
    expect(
      wrongAnswers(spdx, (text, seed) => {
        const inner = (next() < 0.5 ? header : rewrap)?.apply(text, seed) ?? text;
        return (next() < 0.3 ? html : next() < 0.6 ? comment : typography)?.apply(inner, seed) ?? inner;
      }),
    ).toEqual([]);
  });
});

describe.skipIf(!hasShared)("every text of the shared corpus (skipped where ../shared is absent)", () => {
  const plain = sharedTexts().map(({ id, text }) => ({ id, text, answer: identifyLicenses(text).map(brief).join("; ") }));

  it("is one license of its own, but for Kimi's, which is modified MIT", () => {
    expect(
      plain.filter(({ answer }) => !/^(?:LicenseRef-|OpenMDW-)[\w.+-]+$/u.test(answer)).map(({ id, answer }) => `${id}: ${answer}`),
    ).toEqual(["kimi-k2-modified-mit: modified MIT"]);
    expect(new Set(plain.map(({ answer }) => answer)).size).toBe(plain.length);
  });

  for (const { name, apply } of NOISES) {
    it(`is found under ${name}`, () => {
      expect(wrongAnswers(plain, apply)).toEqual([]);
    });
  }
});
