import { spawnSync } from "node:child_process";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf as errorOf, unpackAll } from "../../../test/formats/unpacker.ts";
import { unpackXz } from "./stream.ts";

const unpack = (packed: Uint8Array, size?: number): Promise<Buffer> => unpackAll(unpackXz, packed, size);
const codeOf = (packed: Uint8Array): Promise<string> => errorOf(unpackXz, packed);

const TEXT = "open models, 开放模型, open data: ".repeat(40);
/** Written by liblzma: CRC-64; SHA-256; no sum and other properties; CRC-32 and others again. */
const WRITTEN = [
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AXvADRdADecCM6NbeHo1hWNZaQ6RWCQOQumsP0c3l8cmLolIRRzTVCPMrafAeFZlUcIxcyAB4D/CgAAtLvrwo4q5psAAVDwCwAAAHYL7lCxxGf7AgAAAAAEWVo=",
  "/Td6WFoAAArh+wyhAgAhARwAAAAQz1jM4AXvADRdADecCM6NbeHo1hWNZaQ6RWCQOQumsP0c3l8cmLolIRRzTVCPMrafAeFZlUcIxcyAB4D/CgAAwYJfFZGqnfw2AuHU8L/A+mdvSE+B+zYzGdkNuzOCbdsAAWjwCwAAALaOx7i26d8cAgAAAAAKWVo=",
  "/Td6WFoAAAD/EtlBAgAhAQAAAAA3J5fW4AXvADRIADecCQxQ2webYJkGp8K2P4egRkkyfEpaRESegF5z7Y9JgZPJWaZBtbIqOKV9meRBUlDlZwAAAAFI8AsAAACAi2u/qAAK/AIAAAAAAFla",
  "/Td6WFoAAAFpIt42AgAhARAAAACocI6G4AXvADXIADecCKbhAbTkPr80PYlf24KZfSO9/hD2W6YYWnulsPo9zNQzosrqA00AxGq5N2R+BoPXK84AAAAAAJuR3BoAAU3wCwAAADMapu8+MA2LAgAAAAABWVo=",
].map((text) => Buffer.from(text, "base64"));
const WITH_FILTER = Buffer.from(
  "/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4AXvADRdADecCM6NbeHo1hWNZaQ6RWCQOQumsP0c3l8cmLolIRRzTVCPMrafAeFZlUcIxcyAB4D/CgAAtLvrwo4q5psAAVDwCwAAAHYL7lCxxGf7AgAAAAAEWVo=",
  "base64",
);

describe("xz", () => {
  test("what the reference library wrote, with each check and with other properties, alone and one behind the other", async () => {
    for (const packed of WRITTEN) expect((await unpack(packed, 7)).toString()).toBe(TEXT);
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = WRITTEN;
    expect((await unpack(Buffer.concat([first, Buffer.alloc(8), second, Buffer.alloc(4)]))).toString()).toBe(TEXT + TEXT);
    expect(await codeOf(Buffer.concat([first, Buffer.alloc(3)]))).toBe("TRUNCATED");
    expect(await codeOf(Buffer.concat([first, Buffer.from("junk behind it")]))).toBe("INCONSISTENT");
  });

  test("is never taken for whole when cut at any byte; any change is noticed", async () => {
    for (const packed of WRITTEN) {
      for (let length = 0; length < packed.length; length += 1) expect(await codeOf(packed.subarray(0, length))).toBe("TRUNCATED");
    }
    const [summed = Buffer.alloc(0)] = WRITTEN;
    for (let at = 0; at < summed.length; at += 1) {
      for (const change of [0x01, 0x80]) {
        const broken = Buffer.from(summed);
        broken[at] = (broken[at] ?? 0) ^ change;
        expect(await codeOf(broken)).not.toBe("read");
      }
    }
  });

  test("a dictionary of gigabytes is refused before anything is allocated, filters of programs by name", async () => {
    const [packed = Buffer.alloc(0)] = WRITTEN;
    const greedy = Buffer.from(packed);
    // The block's head: size, flags, filter, length of its properties, the dictionary's size.
    const head = greedy.subarray(12, 12 + ((greedy[12] ?? 0) + 1) * 4);
    const place = head.indexOf(Buffer.from([0x21, 1])) + 2;
    for (const power of [40, 39, 33]) {
      head[place] = power;
      head.writeUInt32LE(crc32(head.subarray(0, -4)), head.length - 4);
      expect(await codeOf(greedy)).toBe("OVER_LIMIT");
    }
    expect(await codeOf(WITH_FILTER)).toBe("UNSUPPORTED");
  });

  test("random bytes behind a true head fail with a code", async () => {
    const [packed = Buffer.alloc(0)] = WRITTEN;
    const start = 12 + ((packed[12] ?? 0) + 1) * 4;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(0x01, 0xe0, 0xe1, 0xff), async (bytes, control) => {
        const code = await codeOf(Buffer.concat([packed.subarray(0, start), Uint8Array.of(control), bytes]));
        expect(["TRUNCATED", "INCONSISTENT"]).toContain(code);
      }),
    );
  });
});

const PACKER = `
import base64, json, lzma, random, sys
pick = random.Random(int(sys.argv[1]))
words = [bytes(pick.randrange(256) for _ in range(pick.randrange(1, 40))) for _ in range(30)]
for _ in range(120):
    kind = pick.randrange(3)
    size = pick.randrange(60000)
    if kind == 0: content = bytes(pick.randrange(256) for _ in range(size // 8))
    elif kind == 1: content = b"".join(pick.choice(words) for _ in range(size // 20))
    else: content = bytes([pick.randrange(256)]) * size + pick.choice(words)
    lc = pick.randrange(5)
    lp = pick.randrange(5 - lc)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": pick.randrange(7), "lc": lc, "lp": lp, "pb": pick.randrange(5), "dict_size": pick.choice([4096, 65536, 1 << 20])}]
    packed = lzma.compress(content, check=pick.choice([lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256]), filters=filters)
    print(json.dumps([base64.b64encode(content).decode(), base64.b64encode(packed).decode()]))
`;

const hasPython = spawnSync("python3", ["-c", "import lzma"]).status === 0;
if (!hasPython) process.stderr.write("skipped: xz beside Python's lzma (no python3)\n");

test.skipIf(!hasPython)("whatever liblzma packs, with any properties, comes out as it went in", async () => {
  const seed = String(Math.floor(Math.random() * 1e9));
  const { stdout } = spawnSync("python3", ["-c", PACKER, seed], { encoding: "utf8", maxBuffer: 1 << 28 });
  const pairs = stdout
    .trim()
    .split("\n")
    .map((line): readonly [string, string] => JSON.parse(line));
  expect(pairs).toHaveLength(120);
  for (const [content, packed] of pairs) {
    expect((await unpack(Buffer.from(packed, "base64"))).toString("base64") === content, `seed ${seed}`).toBe(true);
  }
});
