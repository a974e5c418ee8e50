// Every rule of rules/patterns: readable by warehouse engines, bounded, honest about its length, and with its sentences.
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { drawing, longestMatch, matching, readRegex, Steps } from "../../test/support/regex.ts";
import { LANGUAGES } from "../reports/language.ts";
import { catalog } from "../reports/messages.ts";
import { compileRules } from "./compile.ts";
import { type MatchRule, patternRules, readPattern } from "./rule.ts";

const rules = patternRules();
const matchRules = rules.filter((rule): rule is MatchRule => rule.kind === "match");

/** Texts that backtracking fears: long runs of what the rules look for, and what nearly matches. */
const FEARED = [
  ..."0aA-.:/+= @_~(%?!\"'|&;#,汉版\u00e9\u00a0",
  "1 ",
  "1-",
  "1.",
  "a.",
  "a-",
  "a@",
  "ab12",
  "eyJ",
  ":a",
  "汉(a)",
  "的，",
  "| ",
  " x",
].map((piece) => piece.repeat(Math.ceil(400 / piece.length)));

describe.each(matchRules.map((rule) => [rule.id, rule] as const))("%s", (_id, rule) => {
  const node = readRegex(rule.regex, rule.ignoreCase);

  test("compiles as RE2 and as JavaScript, and both find the same", () => {
    const re2 = RE2JS.compile(rule.regex, rule.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const regex = new RegExp(rule.regex, rule.ignoreCase ? "iy" : "y");
    for (let seed = 0; seed < 20; seed += 1) {
      const text = matching(node, drawing(seed));
      regex.lastIndex = 0;
      const matcher = re2.matcher(text);
      expect(matcher.lookingAt() ? matcher.group() : null, text).toBe(regex.exec(text)?.[0] ?? null);
    }
  });

  test("holds a word of its prefilter, or its digits, in every match", () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const text = matching(node, drawing(seed));
      const { prefilter } = rule;
      if (prefilter.kind === "digits") {
        // Of these two the files say what is left out.
        if (!/iban|fiscal/.test(rule.id)) expect(text.replace(/\D/g, "").length, text).toBeGreaterThanOrEqual(prefilter.least);
      } else {
        const places = prefilter.words
          .map((word) =>
            text
              .toLowerCase()
              .replace(/[\s\u00a0]/g, " ")
              .indexOf(word.toLowerCase()),
          )
          .filter((place) => place >= 0);
        expect(Math.min(...places), text).toBeLessThanOrEqual(prefilter.back?.most ?? 0);
      }
    }
  });

  test("has bounds, and is no longer than it says", () => {
    expect(longestMatch(node)).toBeLessThan(5_000);
    for (const match of [rule.exclude.before, rule.exclude.after])
      if (match !== null) expect(longestMatch(readRegex(match, true))).toBeLessThan(64);
  });

  test("takes a bounded number of steps at any place", () => {
    const mostly = Array.from({ length: 8 }, (_, seed) => matching(node, drawing(seed)).slice(0, -1).repeat(4).slice(0, 600));
    for (const text of [...FEARED, ...mostly]) {
      const steps = new Steps(text);
      for (let at = 0; at < text.length; at += 7) steps.tryAt(node, at);
      expect(steps.count / Math.ceil(text.length / 7), text.slice(0, 40)).toBeLessThan(STEPS);
    }
  });

  test("looks for context with whole words", () => {
    for (const word of rule.context?.words ?? []) expect(word).toBe(word.toLowerCase());
  });
});

/** Steps of one try: a match of a few hundred characters and as much again for what was tried in vain. */
const STEPS = 4_000;

describe("rules", () => {
  test("come with a source and a day on which somebody read it", () => {
    for (const { source, reviewed } of rules) {
      expect(source).toMatch(/^https:\/\//);
      expect(reviewed).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test.each(LANGUAGES)("have title, reason and remedy in %s", (language) => {
    const sentences = catalog(language);
    for (const { messages } of rules) for (const id of Object.values(messages)) expect(sentences.has(id), id).toBe(true);
    const used = new Set(rules.flatMap(({ messages }) => Object.values(messages)));
    expect([...sentences.keys()].filter((id) => id.startsWith("pattern.") && !used.has(id))).toEqual([]);
  });

  test("have one title each", () => {
    for (const { id, messages } of rules) expect(messages.title).toBe(`pattern.${id}`);
  });

  test.each([
    ["no level", { level: undefined }],
    ["a level nobody knows", { level: "grave" }],
    ["a length that is none", { longest: 0 }],
    ["a regular expression that is a number", { regex: 7 }],
    ["no words", { prefilter: { words: [] } }],
    ["no messages", { messages: undefined }],
    ["an odd demand", { context: { words: ["a"], demand: "often" } }],
  ])("are refused with %s", (_what, wrong) => {
    const messages = { title: "a", why: "b", remedy: "c" };
    const entry = {
      level: "low",
      version: 1,
      source: "https://x",
      reviewed: "2026-01-01",
      messages,
      longest: 3,
      regex: "a",
      prefilter: { words: ["a"] },
    };
    expect(readPattern("spam", "made-up", entry).id).toBe("spam/made-up");
    expect(() => readPattern("spam", "made-up", { ...entry, ...wrong })).toThrow(expect.objectContaining({ code: "BAD_RULE_DATA" }));
  });

  test("that name a validator nobody wrote do not compile", () => {
    const [rule] = matchRules;
    if (rule === undefined) throw new Error("no rules");
    expect(() => compileRules([{ ...rule, validator: "made-up" }])).toThrow(expect.objectContaining({ code: "BAD_RULE_DATA" }));
  });
});
