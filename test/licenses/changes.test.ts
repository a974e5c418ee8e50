import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifyLicenses } from "../../src/licenses/identify.ts";
import { random } from "./noise.ts";
import { brief, sharedTexts, spdxText, spdxTexts } from "./texts.ts";

const spdx = spdxTexts();
const textOf = new Map(spdx.map(({ id, text }) => [id, text]));

const BINDING = [
  "You may not use this software for commercial purposes.",
  "Commercial use requires a separate license from the author.",
  "If your monthly active users exceed 100 million, you must request a license from us.",
  "The Software shall be used for Good, not Evil.",
  "您不得将本软件用于商业用途。",
  "You must display our logo on the user interface of any product.",
  "Use is limited to non-commercial research.",
];

function isWholly(matches: ReturnType<typeof identifyLicenses>): boolean {
  return (
    matches.some(({ outcome }) => outcome === "identified") &&
    matches.every(({ outcome }) => outcome === "identified" || outcome === "pointer")
  );
}

function bareWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Share of the words of `part` found in `whole` in order: an oracle that shares no code with the matcher. */
function shareInOrder(part: string, whole: string): number {
  const words = bareWords(part.replace(/^\W*(?:copyright|\(c\)).*$/gimu, ""));
  const all = bareWords(whole);
  let best = 0;
  for (let start = 0; start < all.length; start += 5) {
    let at = start;
    let found = 0;
    for (const word of words) {
      const next = all.indexOf(word, at);
      if (next === -1 || next - at > 12) continue;
      found += 1;
      at = next + 1;
    }
    best = Math.max(best, found / words.length);
  }
  return best;
}

describe("a license with a binding sentence added", () => {
  it("is never identified as the license, wherever the sentence stands", () => {
    const next = random(5);
    const accepted: string[] = [];
    for (const { id, text } of [...spdx, ...sharedTexts()]) {
      const paragraphs = text.split(/\n\s*\n/u);
      // Apache's notice in the appendix is an example, not a term; a sentence in the middle of it changes nothing.
      const end = id === "Apache-2.0" ? paragraphs.length - 6 : paragraphs.length;
      for (const at of [0, Math.floor(next() * end), paragraphs.length]) {
        const sentence = BINDING[Math.floor(next() * BINDING.length)] ?? "";
        const changed = [...paragraphs.slice(0, at), sentence, ...paragraphs.slice(at)].join("\n\n");
        if (isWholly(identifyLicenses(changed))) accepted.push(`${id} with "${sentence}" at ${at}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  it("is modified, with the sentence shown verbatim and its lines", () => {
    const added = "The Software must not be used for any\nmilitary purpose whatsoever.";
    const [match] = identifyLicenses(`${spdxText("MIT")}\n\n${added}\n`);
    expect(match?.outcome).toBe("modified");
    if (match?.outcome !== "modified") return;
    expect(match.base.id).toBe("MIT");
    expect(match.differences).toEqual([{ kind: "inserted", text: added, normative: true, span: { kind: "lines", start: 20, end: 21 } }]);
  });
});

// Texts without appendices, so that every word of theirs is a term.
const PLAIN = [
  "MIT",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "Zlib",
  "BSL-1.0",
  "EPL-2.0",
  "AFL-3.0",
  "OSL-3.0",
  "MS-PL",
  "UPL-1.0",
  "NCSA",
  "PostgreSQL",
];

describe("a changed word that binds", () => {
  it("a `not` put behind any verb is seen", () => {
    const missed: string[] = [];
    for (const id of PLAIN) {
      const text = spdxText(id);
      for (const verb of text.matchAll(/\b(?:may|must|shall|is|are)\b(?! not)/gu)) {
        const changed = `${text.slice(0, verb.index + verb[0].length)} not${text.slice(verb.index + verb[0].length)}`;
        if (isWholly(identifyLicenses(changed))) missed.push(`${id}: ${text.slice(Math.max(0, verb.index - 30), verb.index + 20)}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it("a clause left out is seen", () => {
    const text = spdxText("BSD-3-Clause");
    const without = text.replace(/^3\. Neither[^\n]*$/mu, "");
    expect(identifyLicenses(without).map(brief)).toEqual(["BSD-2-Clause"]);
    const mit = spdxText("MIT").replace(/The above copyright notice[^.]*\./u, "");
    expect(identifyLicenses(mit).map(brief).join()).toMatch(/^modified MIT(?:-0)?$/u);
  });

  it("names may be filled in", () => {
    const filled = spdxText("BSD-3-Clause")
      .replace("<year> <owner>", "2022 NVIDIA CORPORATION")
      .replace("the copyright holder nor", "NVIDIA CORPORATION nor")
      .replace("THE COPYRIGHT HOLDERS AND CONTRIBUTORS", "NVIDIA CORPORATION")
      .replace("THE COPYRIGHT HOLDER OR CONTRIBUTORS", "NVIDIA CORPORATION");
    expect(identifyLicenses(filled).map(brief)).toEqual(["BSD-3-Clause"]);
  });
});

/** What is wrong with the confident answers to a cut text. */
function wronglySure(id: string, cut: string, answer: string): string[] {
  return identifyLicenses(cut).flatMap((match) => {
    if (match.outcome !== "identified") return [];
    if (match.coverage < 0.93) return [`${id}: ${match.license.id} at ${match.coverage}`];
    const isThere = match.license.id === answer || shareInOrder(textOf.get(match.license.id) ?? "", cut) >= 0.72;
    return isThere ? [] : [`${id}: ${match.license.id}`];
  });
}

describe("a truncated license", () => {
  for (const share of [0.95, 0.8, 0.6, 0.4, 0.2]) {
    it(`cut at ${share * 100} % is itself only when nothing that binds is missing, and another only when that one is there in full`, () => {
      expect(spdx.flatMap(({ id, text, answer }) => wronglySure(id, text.slice(0, Math.floor(text.length * share)), answer))).toEqual([]);
    });
  }
});

describe("several licenses in one text", () => {
  it("are all named, each with its lines", () => {
    const ids = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC", "MIT"];
    const text = ids.map((id) => `This part is by others.\n\n${spdxText(id)}\n\n--------\n`).join("\n");
    const matches = identifyLicenses(text);
    expect(matches.map(brief)).toEqual(ids);
    const starts = matches.map(({ span }) => (span.kind === "lines" ? span.start : 0));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it("any two of the common ones are told apart", () => {
    const common = [
      "MIT",
      "Apache-2.0",
      "BSD-2-Clause",
      "BSD-3-Clause",
      "ISC",
      "0BSD",
      "X11",
      "Zlib",
      "MPL-2.0",
      "CC0-1.0",
      "Unlicense",
      "GPL-2.0",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...common), fc.constantFrom(...common), (first, second) => {
        expect(identifyLicenses(`${spdxText(first)}\n\n\n${spdxText(second)}`).map(brief)).toEqual([first, second]);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

describe("texts that are no license", () => {
  it("any string gives an answer, never an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(identifyLicenses(text).every(({ outcome }) => outcome !== "identified")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("shuffled license words are never a license", () => {
    const next = random(9);
    const accepted: string[] = [];
    for (const { id, text } of spdx) {
      const words = text.split(/\s+/u);
      for (let at = words.length - 1; at > 0; at -= 1) {
        const other = Math.floor(next() * (at + 1));
        [words[at], words[other]] = [words[other] ?? "", words[at] ?? ""];
      }
      if (identifyLicenses(words.join(" ")).some(({ outcome }) => outcome === "identified" || outcome === "modified")) accepted.push(id);
    }
    expect(accepted).toEqual([]);
  });
});

describe("a name put where the listed text has another", () => {
  const isc = spdxText("ISC");

  it.each(["THE AUTHOR", "ACME CORPORATION", "JANE DOE AND CONTRIBUTORS"])(
    "ISC of %s is ISC, not the license without its condition",
    (name) => {
      const text = isc
        .replaceAll("ISC DISCLAIMS", `${name} DISCLAIMS`)
        .replaceAll("SHALL ISC", `SHALL ${name}`)
        .replace(/Copyright[^\n]*\n/gu, "");
      expect(identifyLicenses(`Copyright (c) 2024 Jane Doe\n\n${text}`).map(brief)).toEqual(["ISC"]);
    },
  );

  it("0BSD with ISC's condition is not 0BSD", () => {
    const condition = "provided that the above copyright notice and this permission notice appear in all copies.";
    const text = spdxText("0BSD").replace("is hereby granted.", `is hereby granted, ${condition}`);
    expect(text).toContain(condition);
    expect(identifyLicenses(text).map(brief)).not.toContain("0BSD");
  });
});
