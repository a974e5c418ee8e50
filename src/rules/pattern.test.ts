import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRules } from "./load.ts";
import { Pattern } from "./pattern.ts";
import { packPlan, unpackPlan, wordsIn } from "./pattern-plan.ts";

const phrases = new Map(Object.entries(Object(loadRules("detectors").get("phrases"))));
const sources = [...textsIn([...loadRules("detectors").values()])].filter(isPattern);

function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const visit = (item: unknown): void => {
    if (typeof item === "object" && item !== null) Object.values(item).forEach(visit);
    if (typeof item === "string") texts.add(item.replace(/@\{([a-z-]+)\}/gu, (_all, name) => `(?:${String(phrases.get(name)).trim()})`));
  };
  visit(value);
  return texts;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "iu").source !== "";
  } catch {
    return false;
  }
}

/** Pieces of a pattern and of other texts, so that words of it meet, and letters whose case is odd. */
function textsLike(source: string): fc.Arbitrary<string> {
  const pieces = source.replace(/\\[bBsSdDwW]|\(\?(?:<?[=!]|:|<\w+>)|[\\[\]?+*^$]/gu, " ").split(/[|(){}]/u);
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces) },
    { weight: 2, arbitrary: fc.constantFrom(" ", ", ", ". ", " we ", " not ", "3.5", "/", ".py", "的", "’") },
    { weight: 1, arbitrary: fc.constantFrom("ſ", "\u212a", "İ", "É", "\u{1f600}", "\n", "\u3000", "\u2028", "—", "\ufeff") },
  );
  const cased = fc.tuple(piece, fc.constantFrom("asis", "upper", "first")).map(([text, how]) => {
    if (how === "asis") return text;
    return how === "upper" ? text.toUpperCase() : text.slice(0, 1).toUpperCase() + text.slice(1);
  });
  return fc.array(cased, { maxLength: 9 }).map((parts) => parts.join(""));
}

/** A match without what the engine adds; a group that is missing counts as undefined. */
function told(found: RegExpExecArray | null, { source }: RegExp): unknown {
  const names = [...source.matchAll(/\(\?<(\w+)>/gu)].map((name) => name[1] ?? "");
  if (found === null) return null;
  const counts = /\((?!\?)/u.test(source.replace(/\\./gu, ""));
  return {
    index: found.index,
    input: found.input,
    caught: counts ? [...found] : found[0],
    named: names.map((name) => found.groups?.[name]),
  };
}

describe("a pattern answers as the regular expression does", () => {
  test.each(["i", "iu", "", "u"])("with the flags %j, for every pattern of the rules", (flags) => {
    for (const source of sources) {
      const pattern = new Pattern(source, flags);
      const regex = new RegExp(source, flags);
      fc.assert(
        fc.property(textsLike(source), (text) => {
          expect(pattern.test(text), source).toBe(regex.test(text));
          expect(told(pattern.exec(text), regex), source).toEqual(told(regex.exec(text), regex));
        }),
        { numRuns: 15 },
      );
    }
  });

  test("in long texts, and where one text follows another", () => {
    const pattern = new Pattern("safe|kelvin|model\\s+card", "iu");
    const long = "x ".repeat(3000);
    const texts = ["SAFE", "ſafe", "\u212Aelvin", "other", `${long}Model  Card`, long, "a model", "card of a model", "", "s"];
    expect(texts.map((text) => pattern.test(text))).toEqual([true, true, true, false, true, false, false, false, false, false]);
    expect(pattern.exec("un-safe")?.index).toBe(3);
  });

  test("when it has no words at all", () => {
    expect(new Pattern("^$|\\d", "i").test("")).toBe(true);
    expect(new Pattern("[ab]", "i").test("B")).toBe(true);
  });
});

test("nearly all patterns of the rules have a plan, and it comes back from its text", () => {
  const planned = sources.flatMap((source) => {
    const packed = packPlan(source);
    return packed === null ? [] : [{ source, branches: unpackPlan(source, packed) }];
  });
  expect(planned.length).toBeGreaterThan(0.98 * sources.length);
  for (const { source, branches } of planned) expect(branches.map((branch) => branch.source).join("|")).toBe(source);
  for (const word of planned.flatMap(({ branches }) => branches.filter(({ isWord }) => isWord))) {
    expect(wordsIn(word.groups[0] ?? "")).toEqual([word.source.replaceAll("\\", "").toLowerCase()]);
  }
});
