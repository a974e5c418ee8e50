import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, TextFolder, textOf } from "./fold.ts";
import type { FoldStep } from "./folded.ts";
import type { Run } from "./run.ts";

const CHARACTERS: readonly FoldStep[] = ["compatibility", "case", "ignorable", "confusable", "simplified"];
const READ: readonly FoldStep[] = [...CHARACTERS, "annotation", "spacing", "spaces"];
const ALL: readonly FoldStep[] = [...READ, "leet"];

/** Letters, signs, disguises and halves of pairs, close together. */
const disguised = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."bomB аВ0!-._ \n(（)）【】權力炸弹かが́\u200b\u202e\u00adａ𝐛🅱👩‍🚀é@$1|"),
      fc.constantFrom("(quán)", "（lì）", "(bomb)", "\u{e0062}", "\ud83d", "\udc00", "b-o-m-b", "ß", "ﬁ", "…", "½"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

/** The same text cut anywhere, also inside a pair. */
const cut = disguised.chain((text) =>
  fc.tuple(
    fc.constant(text),
    fc.array(fc.nat({ max: text.length }), { maxLength: 12 }).map((cuts) => [...cuts, text.length].sort((a, b) => a - b)),
  ),
);

const steps = fc.subarray([...ALL]);

describe("fold", () => {
  it.each([
    ["Hоw tо mаke a bОmb", "how to make a bomb"],
    ["ＢＯＭＢ", "bomb"],
    ["𝐛𝐨𝐦𝐛 🅑🅞🅜🅑", "bomb bomb"],
    ["ВОМВ вомв", "bomb bomb"],
    ["b\u200bo\u00adm\u202eb", "bomb"],
    ["b̷̡͝ö́mb", "bomb"],
    ["b-o-m-b now", "bomb now"],
    ["b  o  m  b", "bomb"],
    ["b.💣.o.💣.m.b", "bomb"],
    ["敏.感.词", "敏感词"],
    ["敏感。词", "敏感。词"],
    ["權(quán)利（lì）", "权利"],
    ["權【quan2】利[ㄌㄧˋ]", "权利"],
    ["漢（かん）字", "汉字"],
    ["中(bomb)", "中(bomb)"],
    ["a-bomb", "a bomb"],
    ["が か", "がか"],
    ["٠١٢ ०१२ 𝟗", "012 012 9"],
  ])("%s reads %s", (text, plain) => {
    expect(fold(text, READ).text).toBe(plain);
  });

  it.each([
    ["k1ll y0ur$elf", "kiii yourseif"],
    ["ki!ler!", "kiiier!"],
    ["a55 4nd b0mb", "ass and bomb"],
    ["2!", "2!"],
  ])("%s read as leetspeak is %s", (text, plain) => {
    expect(fold(text, ALL).text).toBe(plain);
  });

  it("says where each unit stood", () => {
    expect([...fold("權(quán)b-o-m-b ﬁ", READ).places]).toEqual([0, 7, 9, 11, 13, 14, 15, 15, 16]);
  });

  it("has places that never fall and stay in the text", () => {
    fc.assert(
      fc.property(disguised, steps, (text, wanted) => {
        const { text: folded, places } = fold(text, wanted);
        expect(places.length).toBe(folded.length + 1);
        expect(places[folded.length]).toBe(text.length);
        for (let at = 1; at < places.length; at += 1) expect(places[at]).toBeGreaterThanOrEqual(places[at - 1] ?? 0);
      }),
    );
  });

  it("leaves what it folded as it is", () => {
    fc.assert(
      fc.property(disguised, (text) => {
        const once = fold(text, CHARACTERS).text;
        expect(fold(once, CHARACTERS).text).toBe(once);
      }),
    );
  });

  it("leaves every character of the planes that have letters as it folded it", () => {
    const lines: string[] = [];
    for (let code = 0x20; code < 0x4_0000; code += 1) if (code < 0xd800 || code > 0xdfff) lines.push(String.fromCodePoint(code));
    const once = fold(lines.join("\n"), CHARACTERS).text;
    // Compared by hand: to show a difference in a million lines takes a minute.
    expect(fold(once, CHARACTERS).text === once).toBe(true);
  });

  it("gives the same whatever the pieces it comes in", () => {
    fc.assert(
      fc.property(cut, steps, ([text, cuts], wanted) => {
        const whole = fold(text, wanted);
        const folder = new TextFolder(wanted);
        const got: { text: string; places: number[] } = { text: "", places: [] };
        const take = ({ units, places, length }: Run): void => {
          got.text += textOf(units, length);
          got.places.push(...places.subarray(0, length));
        };
        let from = 0;
        for (const to of cuts) {
          take(folder.push(text.slice(from, to)));
          const pending = folder.pending();
          // What is not decided comes after all that is.
          for (const place of got.places) expect(place).toBeLessThanOrEqual(pending);
          from = to;
        }
        for (const run of folder.end()) take(run);
        expect(got.text).toBe(whole.text);
        expect([...got.places, text.length]).toEqual([...whole.places]);
      }),
      { numRuns: 400 },
    );
  });

  it.each(["b-", "權(", "權(quan", "a ", "!", "a!", "\u200b", "權(quán)", "x .", "﷽"])("takes time linear in the length of %s…", (unit) => {
    // A step that went back over its input would run into the time limit: a square of this is 10^11.
    const text = unit.repeat(Math.ceil(300_000 / unit.length));
    expect(fold(text, ALL).places.at(-1)).toBe(text.length);
  });
});
