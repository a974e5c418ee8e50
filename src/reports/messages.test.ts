import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMPONENT_IDS } from "../core/component.ts";
import { loadRules, packageRoot } from "../rules/load.ts";
import { LANGUAGES } from "./language.ts";
import { catalog, lookup, nameOf, placeholders, text } from "./messages.ts";
import { numberText } from "./sentence.ts";

const english = catalog("en");

describe("the catalogues", () => {
  it.each(LANGUAGES)("%s has the same areas, ids and placeholders as English", (language) => {
    expect([...loadRules(`messages/${language}`).keys()]).toEqual([...loadRules("messages/en").keys()]);
    const other = catalog(language);
    expect([...other.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [id, template] of other) expect([id, placeholders(template)]).toEqual([id, placeholders(english.get(id) ?? "")]);
  });

  it.each(LANGUAGES)("%s has no empty text", (language) => {
    expect([...catalog(language)].filter(([, template]) => template.trim() === "")).toEqual([]);
  });

  it("the two Chinese catalogues are not copies of each other", () => {
    const traditional = catalog("zh-Hant");
    const same = [...catalog("zh-Hans")].filter(([id, template]) => traditional.get(id) === template);
    expect(same.length).toBeLessThan(english.size / 2);
  });

  it("has a page for every error code", () => {
    const source = readFileSync(join(packageRoot, "src", "core", "errors.ts"), "utf8");
    const unions = source.slice(source.indexOf("type UsageCode"), source.indexOf("export type ErrorCode"));
    const codes = [...unions.matchAll(/"([A-Z_]+)"/gu)].map((match) => match[1] ?? "");
    expect(codes.length).toBeGreaterThan(25);
    const documented = [...english.keys()].flatMap((id) => /^error\.([A-Z_]+)$/u.exec(id)?.[1] ?? []);
    expect(documented.sort()).toEqual(codes.sort());
    for (const code of codes) expect([lookup(`error.${code}.means`, "en"), lookup(`error.${code}.do`, "en")]).not.toContain(undefined);
  });

  it("has a name and an explanation for every component", () => {
    for (const id of COMPONENT_IDS)
      expect([lookup(`component.${id}`, "en"), lookup(`explain.component.${id}`, "en")]).not.toContain(undefined);
  });
});

describe("text", () => {
  it("names an argument that stands for a word of the contract, in the reader's language", () => {
    expect(text({ id: "explain.scope", args: { scope: "weights" } }, "zh-Hans")).toContain("权重");
    expect(nameOf("component", "training-code", "zh-Hant")).toBe("訓練程式碼");
    expect(nameOf("component", "no-such", "en")).toBe("no-such");
  });

  it("neutralises what a release put into an argument", () => {
    expect(text({ id: "report.claim", args: { claim: "open\u001b[2J" } }, "en")).toBe('calls itself: "open<U+001B>[2J"');
  });

  it("does not read placeholders out of an argument", () => {
    expect(text({ id: "report.claim", args: { claim: "{claim}$&" } }, "en")).toBe('calls itself: "{claim}$&"');
  });

  it("calls a missing text or argument a bug", () => {
    expect(() => text({ id: "no.such.id" }, "en")).toThrow(expect.objectContaining({ code: "BUG" }));
    expect(() => text({ id: "report.claim" }, "en")).toThrow(expect.objectContaining({ code: "BUG" }));
  });
});

describe("numberText", () => {
  it("groups long numbers and keeps short ones", () => {
    expect([2024, 3311616, 0.5, 13015864320, 1e24].map(numberText)).toEqual(["2024", "3,311,616", "0.5", "13,015,864,320", "1.00e+24"]);
  });
});
