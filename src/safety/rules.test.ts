import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { safetyRules as explained } from "../cli/explain/findings.ts";
import { LANGUAGES } from "../reports/language.ts";
import { catalog } from "../reports/messages.ts";
import { packageRoot } from "../rules/load.ts";
import { hitOf, safetyRules } from "./rules.ts";

const FAMILIES = [...new Set([...safetyRules().keys()].map((id) => id.slice(0, 2)))].join("|");
/** Rule ids as code writes them: the family's two letters and two digits in quotes. */
const NAMED = new RegExp(`"((?:${FAMILIES})\\d{2})"`, "gu");

function namedInSource(): readonly string[] {
  const folder = join(packageRoot, "src", "safety");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.test)\.ts$/u.test(name));
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(NAMED)].map((match) => match[1] ?? "")))].sort();
}

describe("safety rules", () => {
  test("are the ones that code makes hits of, no more and no fewer", () => {
    expect([...safetyRules().keys()].sort()).toEqual(namedInSource());
  });

  test.each(LANGUAGES)("are explained in %s: title, rationale, remedy, severity and source", (language) => {
    for (const id of safetyRules().keys()) {
      const entry = explained.find(id, language);
      expect(entry).toMatchObject({ kind: "rule", id, title: expect.stringMatching(/./u), source: expect.stringMatching(/^https:/u) });
      expect(entry?.lines.length).toBe(3);
    }
  });

  test("have a sentence for their hits", () => {
    const sentences = [...catalog("en").keys()].filter((id) => id.startsWith("safety."));
    for (const id of safetyRules().keys())
      expect(sentences.some((sentence) => sentence === `safety.${id}` || sentence.startsWith(`safety.${id}.`))).toBe(true);
    for (const sentence of sentences) expect(safetyRules().has(sentence.split(".")[1] ?? "")).toBe(true);
  });

  test("that do not exist make no hit", () => {
    expect(() => hitOf("XX99", { start: 0, end: 1 })).toThrow(expect.objectContaining({ code: "BUG" }));
  });
});
