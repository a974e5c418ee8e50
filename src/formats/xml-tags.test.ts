import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcome } from "../../test/formats/hostile.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { type XmlTag, xmlTags } from "./xml-tags.ts";

async function tagsOf(reader: ByteReader): Promise<readonly XmlTag[]> {
  const tags: XmlTag[] = [];
  for await (const tag of xmlTags(reader)) tags.push(tag);
  return tags;
}

const read = (text: string) => tagsOf(new MemoryReader(Buffer.from(text)));
const codeOf = async (text: string) => {
  const result = await outcome(tagsOf, Buffer.from(text));
  return result === "read" ? result : result.code;
};

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

test("what was written comes back: names, attributes, places", async () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/u);
  const value = fc.string({ maxLength: 20, unit: "grapheme" });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, fc.dictionary(name, value, { maxKeys: 4 })), { maxLength: 6 }), async (elements) => {
      const written = elements.map(([tag, attributes]) => {
        const fields = Object.entries(attributes).map(([key, text]) => ` ${key}="${escaped(text)}"`);
        return `<${tag}${fields.join("")}/>`;
      });
      const text = `<root>é ${written.join(" text ")}</root>`;
      const tags = await read(text);
      expect(tags.slice(1, -1).map((tag) => [tag.kind, tag.name, Object.fromEntries(tag.attributes)])).toEqual(
        elements.map(([tag, attributes]) => ["empty", tag, { ...attributes }]),
      );
      for (const { offset } of tags) expect(Buffer.from(text)[offset]).toBe(0x3c);
    }),
  );
});

test("comments, instructions and unparsed text hold no tags; a quoted > ends none", async () => {
  const tags = await read('<?xml version="1.0"?><!-- <a> --><r><![CDATA[<b>]]><c t="x > y" u=\'"\'/></r>');
  expect(tags.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["open r", "empty c", "close r"]);
  expect(Object.fromEntries(tags[1]?.attributes ?? [])).toEqual({ t: "x > y", u: '"' });
});

test("a document type is named and its entities are not expanded", async () => {
  const tags = await read('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r t="&b;&#65;"/>');
  expect(tags.map(({ kind }) => kind)).toEqual(["doctype", "empty"]);
  expect(tags[1]?.attributes.get("t")).toBe("&b;A");
});

test("a tag over the end of a window is one tag", async () => {
  const long = `<r>${"<!-- x -->".repeat(110_000)}<a t="${"y".repeat(200_000)}"/></r>`;
  const [, tag] = await read(long);
  expect(tag?.attributes.get("t")?.length).toBe(200_000);
});

describe("broken XML is refused", () => {
  test.each([
    ["<a>", "TRUNCATED"],
    ["<a", "TRUNCATED"],
    ["<!-- ", "TRUNCATED"],
    ["<a></b>", "INCONSISTENT"],
    ["</a>", "INCONSISTENT"],
    ["< >", "INCONSISTENT"],
    ['<a b="1" b="2"/>', "INCONSISTENT"],
    ["<a>".repeat(300), "OVER_LIMIT"],
    [`<a t="${">".repeat(5_000_000)}"/>`, "OVER_LIMIT"],
  ])("%#", async (text, code) => {
    expect(await codeOf(text)).toBe(code);
  });
});
