import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISGUISES } from "../../../../scripts/prompt-disguises.ts";
import { hazards } from "./hazard-rules.ts";
import { scanFully, scanText } from "./hazard-scanner.ts";
import { compileLexicons } from "./lexicons.ts";

const groups = new Map(hazards().flatMap((hazard) => [...hazard.groups]));
const rules = hazards().flatMap((hazard) => hazard.rules);
const hazardWords = compileLexicons({ groups, rules });
const madeUp = compileLexicons({
  groups: new Map([
    ["make", ["make", "build*", "制作"]],
    ["thing", ["gadget*", "odd gas", "怪弹", "c4", "a@b"]],
    ["play", ["game"]],
    ["word", ["forbidden", "禁词", "ill", "x", "a!c", "bob", "b0b*"]],
  ]),
  rules: [
    { id: "t/thing", category: "t", parts: ["make", "thing"], within: 6, unless: ["play"] },
    { id: "t/word", category: "t", parts: ["word"], within: 1, unless: [] },
  ],
});

/** Terms that together meet a rule, most of the time. */
const requests = fc
  .constantFrom(...rules)
  .chain(({ parts }) =>
    fc
      .tuple(...parts.map((part) => fc.constantFrom(...(groups.get(part) ?? [""]))))
      .chain((terms) =>
        fc.constantFrom(" ", " the ", ", ", "\n", " a-", "").map((between) => terms.map((term) => term.replace("*", "ing")).join(between)),
      ),
  );
const disguises = fc.constantFrom(...Object.values(DISGUISES));
const disguised = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, disguises).map(([plain, disguise]) => disguise(plain) ?? plain);
const noise = fc.oneof(
  fc.constantFrom(
    " ",
    ". ",
    "\n",
    "!",
    "@",
    "$",
    "|",
    "a",
    " I ",
    "-",
    "(quán)",
    "權",
    "\u200b",
    "é",
    "5",
    "😀",
    "…",
    "%",
    "e.g. ",
    "her ",
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.lorem({ maxCount: 3 }),
);
const madeUpWords = fc.constantFrom(
  ...["make ", "build", "gadget", "odd gas", "forbidden", "禁", "词", "制作怪弹", "g4dg3t", "f-o-r-b-i-d-d-e-n", "i11", "i!l", " x ", "c4"],
  ...[
    "a@b",
    "a!c",
    "4 @ 8",
    "@!c",
    "u b",
    "tnqtrg",
    "znxr",
    "k",
    " 5 ",
    "c @",
    "b o m",
    "b0bby",
    " xb0b",
    `i${".".repeat(16)}l${";".repeat(16)}l`,
  ],
);

function textsOf(words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc.oneof({ arbitrary: disguised(words), weight: 2 }, { arbitrary: noise, weight: 3 });
  return disguised(fc.array(piece, { maxLength: 6 }).map((parts) => parts.join("")));
}

describe("what is clear", () => {
  it.each([
    ["hazards", hazardWords, textsOf(requests), 1500],
    ["made-up words", madeUp, textsOf(madeUpWords), 3000],
  ] as const)("is clear of %s when read in full, and what is not is found just the same", (_, lexicons, texts, numRuns) => {
    let clear = 0;
    let hit = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const spans = scanFully(text, lexicons);
        expect(scanText(text, lexicons)).toEqual(spans);
        if (spans.length > 0) hit += 1;
        else if (lexicons.clearance.isClear(text)) clear += 1;
      }),
      { numRuns },
    );
    // Where either never happened nothing was compared.
    expect(hit).toBeGreaterThan(numRuns / 20);
    expect(clear).toBeGreaterThan(numRuns / 20);
  });

  it("counts a word that begins where what is read with a decoded run begins", () => {
    const text = `unforbidden ${"so it was. ".repeat(36).slice(0, 389)} ${Buffer.from("hello there").toString("base64")}`;
    expect(scanFully(text, madeUp).length).toBe(1);
    expect(scanText(text, madeUp)).toEqual(scanFully(text, madeUp));
  });

  it.each([
    "Which bird flies the furthest each year?",
    "The tern flies from pole to pole each year, further than any other bird, and sees two summers.",
    "How do I bake bread for 12 people? Use 1 kg of flour, e.g. type 550, and wait until it has doubled in size!",
    "国家图书馆明年开放，请问怎么去？",
  ])("is seen at once: %s", (text) => {
    expect(hazardWords.clearance.isClear(text)).toBe(true);
  });
});
