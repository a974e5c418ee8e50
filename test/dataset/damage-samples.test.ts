import { readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/rules/load.ts";
import { cases, encodedSamples, isDamaged, isThere, misread, NOT_DAMAGE, READERS, samplesFolder } from "./damage-samples.ts";

const isSet = isThere(samplesFolder);
if (!isSet) writeSync(2, `skipped: ${samplesFolder} is not there, so labelled samples of encodings and damage were not read\n`);

describe.skipIf(!isSet)("labelled samples", () => {
  it.each(isSet ? encodedSamples(samplesFolder) : [])("$name is decoded, is not alarmed, and is found however it is misread", (sample) => {
    expect(sample).toMatchObject({ isDecoded: true, isAlarmed: false, missed: [] });
    expect(sample.wronglyReadFound).toBeGreaterThanOrEqual(sample.wronglyRead * 0.9);
  });

  it("of damage in the wild are found, but for two that are none", () => {
    const missed = cases(samplesFolder, "in-the-wild").filter(({ text }) => !isDamaged(text));
    expect(missed.map(({ label }) => label)).toEqual(NOT_DAMAGE);
  });

  it("that only look damaged make no alarm, but for one that is damaged and not to be repaired", () => {
    const alarmed = cases(samplesFolder, "negative").filter(({ text }) => isDamaged(text));
    expect(alarmed.map(({ label }) => label.slice(0, 16))).toEqual(["Sort of negative"]);
  });
});

/** Sentences of the messages that two libraries of this repository's tests have in some sixty languages. */
function sentences(): readonly (readonly [name: string, text: string])[] {
  return ["zod/v4/locales", "axe-core/locales"].flatMap((folder) =>
    readdirSync(join(packageRoot, "node_modules", folder))
      .filter((name) => /\.(?:js|json)$/u.test(name))
      .map((name) => {
        const file = readFileSync(join(packageRoot, "node_modules", folder, name), "utf8");
        return [`${folder}/${name}`, [...file.matchAll(/["`]((?:[^"`\\\n]|\\.)*)["`]/gu)].map(([, text = ""]) => text).join("\n")] as const;
      }),
  );
}

describe("messages of programs in some sixty languages", () => {
  const texts = sentences().filter(([, text]) => (text.match(/[^\0-\x7f]/gu)?.length ?? 0) >= 100);

  it("are of many scripts", () => {
    expect(texts.length).toBeGreaterThan(40);
  });

  it.each(texts)("%s: no alarm", (_name, text) => {
    expect(isDamaged(text.replace(/&(?:lt|gt|amp|quot);/gu, " "))).toBe(false);
  });

  it.each(["windows-1251", "windows-1252", "windows-1256", "koi8-r", "macintosh"])("misread in %s are found", (reader) => {
    expect(READERS).toContain(reader);
    expect(texts.filter(([, text]) => !isDamaged(misread(text, reader))).map(([name]) => name)).toEqual([]);
  });

  it("misread in GB18030 are found, but for Italian, whose letters with marks end words", () => {
    const missed = texts.filter(([, text]) => !isDamaged(misread(text, "gb18030"))).map(([name]) => name);
    expect(missed.filter((name) => !name.endsWith("/it.json"))).toEqual([]);
  });
});
