import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "./lines.ts";

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
  yield bytes.subarray(from);
}

async function read(text: string, sizes: readonly number[], limit = 1000): Promise<readonly (string | null)[]> {
  const lines: (string | null)[] = [];
  for await (const line of linesOf(inChunks(Buffer.from(text), sizes), limit)) lines.push(line);
  return lines;
}

describe("linesOf", () => {
  it("gives the lines of a text, wherever it was cut into chunks, within a character too", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll(/[\n\r]/gu, ""));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(9)), fc.constantFrom("\n", "\r\n"), async (lines, sizes, end) => {
        expect(await read(lines.map((one) => one + end).join(""), sizes)).toEqual(lines);
      }),
    );
  });

  it("gives a last line that has no end", async () => {
    expect(await read("a\n\nb", [])).toEqual(["a", "", "b"]);
    expect(await read("", [])).toEqual([]);
  });

  it("passes over a line that is too long, holds no more of it than the limit, and goes on", async () => {
    expect(await read(`ok\n${"x".repeat(500)}\nok`, [1, 2, 3, 100, 100], 10)).toEqual(["ok", null, "ok"]);
    expect(await read("x".repeat(11), [5, 5], 10)).toEqual([null]);
    expect(await read("x".repeat(10), [5, 5], 10)).toEqual(["x".repeat(10)]);
  });
});
