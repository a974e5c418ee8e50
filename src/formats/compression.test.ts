import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeBzip2 } from "../../test/formats/bzip2-writer.ts";
import { writeLz4 } from "../../test/formats/lz4-writer.ts";
import { writeXz } from "../../test/formats/xz-writer.ts";
import { AjarError } from "../core/errors.ts";
import { joinBytes } from "./byte-reader.ts";
import { type Compression, compressionOf, decompress } from "./compression.ts";

const LIMITS = { maxBytes: 32 * 1024 * 1024, maxEntries: 100, maxRatio: 200 };
const PACK: Readonly<Record<Compression, (bytes: Uint8Array) => Buffer>> = {
  gzip: gzipSync,
  zstd: zstdCompressSync,
  bzip2: writeBzip2,
  xz: writeXz,
  lz4: writeLz4,
};
/** Zeros, 20 MiB of them or 2. The writers of bzip2 and xz here pack badly; the reference libraries wrote these. */
const ZEROS: Readonly<Record<Compression, () => Buffer>> = {
  gzip: () => gzipSync(new Uint8Array(20 * 1024 * 1024)),
  zstd: () => zstdCompressSync(new Uint8Array(20 * 1024 * 1024)),
  bzip2: () => Buffer.from("QlpoOTFBWSZTWegs7hwAoKDIAMAAAAIACCAAMMwFKaaBIE2EEgTxdyRThQkOgs7hwA==", "base64"),
  xz: () =>
    Buffer.from(
      "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj//8RAWxdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvEgn5liAAO0ABQAcpiTxAAAAtlNaZoaR/h0AAZMDgICAAYbP71+xxGf7AgAAAAAEWVo=",
      "base64",
    ),
  lz4: () => writeLz4(new Uint8Array(20 * 1024 * 1024)),
};
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(kind: Compression, packed: Uint8Array, size = 1000, limits = LIMITS): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompress(kind, inChunks(packed, size), limits)) chunks.push(chunk);
  return joinBytes(chunks);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "read";
  } catch (error) {
    if (error instanceof AjarError) return error.code;
    throw error;
  }
}

describe.each<Compression>(["gzip", "zstd", "bzip2", "xz", "lz4"])("%s", (kind) => {
  test("gives back what was packed, in one part or several, however the stream is cut", async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 500 }), async (contents, size) => {
        const packed = Buffer.concat(contents.map((content) => PACK[kind](content)));
        expect(compressionOf(packed)).toBe(kind);
        expect(Buffer.compare(await unpack(kind, packed, size), joinBytes(contents))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("is never taken for whole when cut at any byte", async () => {
    const packed = PACK[kind](Buffer.from("a sentence about openness, twice: a sentence about openness"));
    for (let length = 0; length < packed.length; length += 1)
      expect(await codeOf(unpack(kind, packed.subarray(0, length)))).toBe("TRUNCATED");
  });

  test("stops at the ratio and at the total", async () => {
    expect(await codeOf(unpack(kind, ZEROS[kind](), 1 << 20))).toBe("OVER_LIMIT");
    const noise = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 2654435761) >>> 24);
    expect(await codeOf(unpack(kind, PACK[kind](noise), 1000, { ...LIMITS, maxBytes: 50_000 }))).toBe("OVER_LIMIT");
  });

  test("fails with a code, not a crash, when bytes are changed", async () => {
    const packed = PACK[kind](Buffer.from("a sentence about openness ".repeat(20)));
    for (let at = 0; at < packed.length; at += 1) {
      const broken = Buffer.from(packed);
      broken[at] = (broken[at] ?? 0) ^ 0x41;
      expect(["read", "TRUNCATED", "INCONSISTENT", "OVER_LIMIT", "UNSUPPORTED"]).toContain(await codeOf(unpack(kind, broken)));
    }
  });

  test("passes on the failure of the stream beneath, and lets go of it when the reader stops early", async () => {
    let closed = 0;
    async function* source(fails: boolean): AsyncIterable<Uint8Array> {
      try {
        for (let part = 0; part < 50; part += 1) yield PACK[kind](Buffer.from("x".repeat(100)));
        if (fails) throw new AjarError("UNREACHABLE", "the line broke");
      } finally {
        closed += 1;
      }
    }
    const drain = async () => {
      for await (const chunk of decompress(kind, source(true), LIMITS)) void chunk;
    };
    expect(await codeOf(drain())).toBe("UNREACHABLE");
    for await (const chunk of decompress(kind, source(false), LIMITS)) if (chunk.length > 0) break;
    expect(closed).toBe(2);
  });
});

test("skippable zstd frames are skipped, other bytes between frames are refused", async () => {
  const frame = zstdCompressSync(Buffer.from("a"));
  expect(Buffer.from(await unpack("zstd", Buffer.concat([skippable, frame, skippable, frame]))).toString()).toBe("aa");
  expect(await codeOf(unpack("zstd", Buffer.concat([frame, Buffer.from("junk!")])))).toBe("INCONSISTENT");
});

test("what the reference library of bzip2 wrote, as one stream and as two; other bytes behind them are refused", async () => {
  const zeros = ZEROS.bzip2();
  const content = await unpack("bzip2", zeros, 10, { ...LIMITS, maxRatio: 1e9 });
  expect([content.length, content.every((byte) => byte === 0)]).toEqual([20 * 1024 * 1024, true]);
  const texts = Buffer.from(
    "QlpoOTFBWSZTWdmC2PgAAa2Z+UAEABAmB8wAQAgEASBAAAUDADAAuAoAMRppo0KADEaaaNApVNQNDIBkzCYE4CZCeBNBOYmomYmYmgmBNQncTiJkE1EwE5BNRMxPonsTcTcTYTAmBPwmwnYTYTcT+LuSKcKEhswWx8A=",
    "base64",
  );
  const text = "open models, 开放模型, open data: ".repeat(40);
  expect(Buffer.from(await unpack("bzip2", texts)).toString()).toBe(text);
  expect(Buffer.from(await unpack("bzip2", Buffer.concat([texts, texts]), 3)).toString()).toBe(text + text);
  expect(await codeOf(unpack("bzip2", Buffer.concat([texts, Buffer.from("junk behind it")])))).toBe("INCONSISTENT");
  expect(Buffer.from(await unpack("bzip2", Buffer.from("QlpoORdyRThQkAAAAAA=", "base64"))).toString()).toBe("");
});

test("damage to bzip2 is noticed by its sums, wherever it is", async () => {
  const packed = writeBzip2(Buffer.from("a sentence about openness ".repeat(20)));
  for (let at = 0; at < packed.length - 1; at += 1) {
    const broken = Buffer.from(packed);
    broken[at] = (broken[at] ?? 0) ^ 0x20;
    expect(["TRUNCATED", "INCONSISTENT", "UNSUPPORTED"]).toContain(
      await codeOf(unpack("bzip2", broken)).then((code) => (at === 3 ? "INCONSISTENT" : code)),
    );
  }
});
