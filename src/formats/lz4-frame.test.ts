import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AjarError } from "../core/errors.ts";
import { joinBytes } from "./byte-reader.ts";
import { ChunkInput } from "./chunk-input.ts";
import { unpackLz4Frames } from "./lz4-frame.ts";
import { XxHash32, xxHash32 } from "./xxhash32.ts";

/** Literals, then a copy of what lies `distance` bytes back. */
interface Sequence {
  readonly literals: Uint8Array;
  readonly distance: number;
  readonly length: number;
}

function extra(length: number): readonly number[] {
  const bytes: number[] = [];
  let left = length - 15;
  if (left < 0) return bytes;
  for (; left >= 255; left -= 255) bytes.push(255);
  return [...bytes, left];
}

/** Writes a block, and what it says behind what came before. */
function blockOf(sequences: readonly Sequence[], end: Uint8Array, before: readonly number[]): { packed: Uint8Array; out: number[] } {
  const packed: number[] = [];
  const out = [...before];
  for (const { literals, distance, length } of sequences) {
    const reach = Math.min(out.length + literals.length, 65_535);
    if (reach === 0) continue;
    const back = 1 + (distance % reach);
    packed.push((Math.min(15, literals.length) << 4) | Math.min(15, length - 4), ...extra(literals.length), ...literals);
    packed.push(back & 255, back >> 8, ...extra(length - 4));
    out.push(...literals);
    for (let at = 0; at < length; at += 1) out.push(out[out.length - back] ?? 0);
  }
  packed.push(Math.min(15, end.length) << 4, ...extra(end.length), ...end);
  out.push(...end);
  return { packed: Uint8Array.from(packed), out: out.slice(before.length) };
}

interface FrameOptions {
  readonly linked: boolean;
  readonly blockSums: boolean;
  readonly contentSum: boolean;
  readonly size: boolean;
}

const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

function frameOf(blocks: readonly { packed: Uint8Array; out: readonly number[] }[], options: FrameOptions): Uint8Array {
  const content = Uint8Array.from(blocks.flatMap(({ out }) => out));
  const size = Buffer.alloc(options.size ? 8 : 0);
  if (options.size) size.writeBigUInt64LE(BigInt(content.length));
  const flags = 0x40 | (options.linked ? 0 : 0x20) | (options.blockSums ? 0x10 : 0) | (options.size ? 8 : 0) | (options.contentSum ? 4 : 0);
  const head = joinBytes([Uint8Array.of(flags, 0x40), size]);
  return joinBytes([
    u32(0x184d2204),
    head,
    Uint8Array.of((xxHash32(head) >> 8) & 255),
    ...blocks.flatMap(({ packed }) => [u32(packed.length), packed, ...(options.blockSums ? [u32(xxHash32(packed))] : [])]),
    u32(0),
    ...(options.contentSum ? [u32(xxHash32(content))] : []),
  ]);
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(packed: Uint8Array, size = 1000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of unpackLz4Frames(new ChunkInput(inChunks(packed, size)))) parts.push(part);
  return Buffer.concat(parts);
}

async function codeOf(packed: Uint8Array): Promise<string> {
  try {
    await unpack(packed);
    return "read";
  } catch (error) {
    if (error instanceof AjarError) return error.code;
    throw error;
  }
}

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
        const blocks: ReturnType<typeof blockOf>[] = [];
        for (const { sequences, end } of wanted) {
          const before = frame.linked ? blocks.flatMap(({ out }) => out) : [];
          blocks.push(blockOf(sequences, end, before));
        }
        const content = Buffer.from(blocks.flatMap(({ out }) => out));
        expect(Buffer.compare(await unpack(frameOf(blocks, frame), size), content)).toBe(0);
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
        const frame = frameOf([{ packed, out: [] }], { linked: true, blockSums: false, contentSum: false, size: false });
        expect(["read", "INCONSISTENT"]).toContain(await codeOf(frame));
      }),
    );
  });
});
