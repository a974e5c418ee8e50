import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lz4Sequence, lz4Block, lz4Frame } from "../../test/formats/lz4-writer.ts";
import { codeOf as errorOf, unpackAll } from "../../test/formats/unpacker.ts";
import { unpackLz4Frames } from "./lz4-frame.ts";
import { XxHash32, xxHash32 } from "./xxhash32.ts";

/** Sequences that reach back to what is there, and what they say behind what came before. */
function saying(
  wanted: readonly Lz4Sequence[],
  end: Uint8Array,
  before: readonly number[],
): { readonly sequences: readonly Lz4Sequence[]; readonly out: readonly number[] } {
  const sequences: Lz4Sequence[] = [];
  const out = [...before];
  for (const { literals, distance, length } of wanted) {
    const reach = Math.min(out.length + literals.length, 65_535);
    if (reach === 0) continue;
    const back = 1 + (distance % reach);
    sequences.push({ literals, distance: back, length });
    out.push(...literals);
    for (let at = 0; at < length; at += 1) out.push(out[out.length - back] ?? 0);
  }
  return { sequences, out: [...out.slice(before.length), ...end] };
}

const unpack = (packed: Uint8Array, size?: number): Promise<Buffer> => unpackAll(unpackLz4Frames, packed, size);
const codeOf = (packed: Uint8Array): Promise<string> => errorOf(unpackLz4Frames, packed);

const sentence = "a sentence about openness, twice: a sentence about openness. ";
/** Written by liblz4: linked blocks with size and check sum of the content; independent ones with their own. */
const written = [
  "BCJNGGxAtwAAAAAAAABYNgAAAP8TYSBzZW50ZW5jZSBhYm91dCBvcGVubmVzcywgdHdpY2U6ICIABh8uGwAHDz0ASVBlc3MuIAAAAADtVgGu",
  "BCJNGHBArTYAAAD/E2Egc2VudGVuY2UgYWJvdXQgb3Blbm5lc3MsIHR3aWNlOiAiAAYfLhsABw89AElQZXNzLiBsIESHAAAAAA==",
].map((text) => Buffer.from(text, "base64"));

describe("LZ4 frames", () => {
  test("check sums are xxHash's, in any pieces", () => {
    for (const [text, sum] of [
      ["", 0x02cc5d05],
      ["a", 0x550d7456],
      ["abc", 0x32d153ff],
      ["Nobody inspects the spammish repetition", 0xe2293b2f],
    ] as const) {
      expect(xxHash32(Buffer.from(text))).toBe(sum);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200)), (bytes, cuts) => {
        const hash = new XxHash32();
        let at = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          hash.update(bytes.subarray(at, Math.max(at, cut)));
          at = Math.min(bytes.length, Math.max(at, cut));
        }
        expect(hash.digest()).toBe(xxHash32(bytes));
      }),
    );
  });

  test("what the reference library wrote, one after another and with something to skip between them", async () => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    for (const frame of written) expect((await unpack(frame)).toString()).toBe(sentence.repeat(3));
    expect((await unpack(Buffer.concat([skippable, ...written, skippable]), 7)).toString()).toBe(sentence.repeat(6));
    expect(await codeOf(Buffer.concat([...written, Buffer.from("junk!")]))).toBe("INCONSISTENT");
  });

  test("any literals and copies, in linked blocks and in others, however the stream is cut", async () => {
    const sequence = fc.record({
      literals: fc.uint8Array({ maxLength: 40 }),
      distance: fc.nat(70_000),
      length: fc.integer({ min: 4, max: 600 }),
    });
    const block = fc.record({ sequences: fc.array(sequence, { maxLength: 8 }), end: fc.uint8Array({ maxLength: 300 }) });
    const options = fc.record({ linked: fc.boolean(), blockSums: fc.boolean(), contentSum: fc.boolean(), size: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 5 }), options, fc.integer({ min: 1, max: 500 }), async (wanted, frame, size) => {
        const blocks: Uint8Array[] = [];
        const content: number[] = [];
        for (const { sequences, end } of wanted) {
          const said = saying(sequences, end, frame.linked ? content : []);
          blocks.push(lz4Block(said.sequences, end));
          content.push(...said.out);
        }
        const bytes = Buffer.from(content);
        expect(Buffer.compare(await unpack(lz4Frame(blocks, bytes, frame), size), bytes)).toBe(0);
      }),
    );
  });

  test("is never taken for whole when cut at any byte, and a changed byte is noticed where there are check sums", async () => {
    for (const frame of written) {
      for (let length = 0; length < frame.length; length += 1) expect(await codeOf(frame.subarray(0, length))).toBe("TRUNCATED");
    }
    const [summed = Buffer.alloc(0)] = written;
    for (let at = 0; at < summed.length; at += 1) {
      const broken = Buffer.from(summed);
      broken[at] = (broken[at] ?? 0) ^ 0x41;
      expect(["TRUNCATED", "INCONSISTENT", "UNSUPPORTED"]).toContain(await codeOf(broken));
    }
  });

  test("random bytes as a block fail with a code, or say something", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (packed) => {
        const options = { linked: true, blockSums: false, contentSum: false, size: false };
        const frame = lz4Frame([packed], new Uint8Array(0), options);
        expect(["read", "INCONSISTENT"]).toContain(await codeOf(frame));
      }),
    );
  });
});
