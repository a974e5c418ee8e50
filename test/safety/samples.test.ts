import { describe, expect, test } from "vitest";
import { scanBytes } from "../../src/safety/dispatch.ts";
import { safetyRules } from "../../src/safety/rules.ts";
import { allSamples } from "./samples/all.ts";

const samples = allSamples();
const OPTIONS = { effort: "whole", strict: false, signal: new AbortController().signal } as const;

describe("every published way around scanners", () => {
  test.each(samples.map((sample) => [sample.path, sample] as const))("%s is caught", async (_, { path, content, rule }) => {
    const scan = await scanBytes(path, content, OPTIONS);
    expect(scan.hits.map((hit) => hit.rule)).toContain(rule);
  });

  test("has a file of its own, and every rule one that shows it", () => {
    expect(new Set(samples.map(({ path }) => path)).size).toBe(samples.length);
    const shown = new Set(samples.map(({ rule }) => rule));
    expect([...safetyRules().keys()].filter((id) => !shown.has(id) && /^(?:PK|PT|ZP|NP|TS|EX|JJ|RP0[12346])/u.test(id))).toEqual([]);
  });
});
