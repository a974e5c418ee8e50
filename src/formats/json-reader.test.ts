import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../test/formats/random.ts";
import { AjarError } from "../core/errors.ts";
import { isJsonArray, isJsonObject, JsonReader, type JsonValue, parseJson } from "./json-reader.ts";

function plain(value: JsonValue): unknown {
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return isJsonArray(value) ? value.map(plain) : value;
}

const failure = (text: string) => {
  try {
    parseJson(text);
    return "read";
  } catch (error) {
    if (error instanceof AjarError) return error.code;
    throw error;
  }
};

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), fc.nat(3), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent);
      expect(plain(parseJson(spaced))).toEqual(JSON.parse(spaced));
    }),
  );
});

test("refuses what JSON.parse refuses", () => {
  const next = random(7);
  const sample = '{"a":[1,-2.5e3,true,null,"x\\n\\u0041"],"b":{"c":""}}';
  for (let round = 0; round < 20_000; round += 1) {
    const at = Math.floor(next() * sample.length);
    const text = sample.slice(0, at) + '"\\{}[],:0e-x'.charAt(Math.floor(next() * 12)) + sample.slice(at + Math.floor(next() * 3));
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    expect([text, failure(text) === "read"]).toEqual([text, isJson]);
  }
});

test("steps over a value just as far as reading it goes, and counts what is in it", () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      const value: unknown = JSON.parse(text);
      const reader = new JsonReader(text);
      const items = reader.skip();
      reader.end();
      expect(items).toBe(typeof value === "object" && value !== null ? Object.keys(value).length : 0);
    }),
  );
});

test("reads Python's numbers that JSON does not have, only when asked", () => {
  expect(parseJson("[NaN,-Infinity,Infinity,1]", { nonFinite: true })).toEqual([
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    1,
  ]);
  expect(failure("[NaN]")).toBe("INCONSISTENT");
});

test("reports a key that comes twice, however it is spelled", () => {
  const keys: string[] = [];
  parseJson('{"a":1,"b":{"x":1,"x":2},"\\u0061":2}', { onDuplicate: (key) => keys.push(key) });
  expect(keys).toEqual(["x", "a"]);
});

test("stops at depth and at number of values", () => {
  expect(failure("[".repeat(100_000))).toBe("OVER_LIMIT");
  expect(() => parseJson("[1,2,3,4]", { maxValues: 3 })).toThrow(AjarError);
});
