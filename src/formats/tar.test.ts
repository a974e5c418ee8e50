import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcome, readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import { pax, type TarEntry, writeTar } from "../../test/formats/tar-writer.ts";
import type { ByteReader } from "../core/source.ts";
import { joinBytes, MemoryReader } from "./byte-reader.ts";
import { indexTar, readTar, type TarMember } from "./tar.ts";

const LIMITS = { maxBytes: 1e9, maxEntries: 100, maxRatio: 200 };

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Seen {
  readonly path: string;
  readonly type: TarMember["type"];
  readonly linkTarget: string;
  readonly content: string;
}

async function contentOf(member: TarMember): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of member.content()) chunks.push(chunk);
  return Buffer.from(joinBytes(chunks)).toString("latin1");
}

async function list(members: AsyncIterable<TarMember>): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for await (const member of members) {
    const { path, type, linkTarget } = member;
    seen.push({ path, type, linkTarget, content: await contentOf(member) });
  }
  return seen;
}

const seenIn = (entries: readonly TarEntry[]) => list(readTar(inChunks(writeTar(entries), 700), LIMITS));
const readAll = async (reader: ByteReader) => list(indexTar(reader, LIMITS));
const codeOf = async (entries: readonly TarEntry[]) => {
  const result = await outcome(readAll, writeTar(entries));
  return result === "read" ? "read" : result.code;
};

describe("an honest tar", () => {
  test("gives back what was put in, however the stream is cut", async () => {
    const entry = fc.record({
      path: fc.string({ minLength: 1, maxLength: 90 }).filter((path) => !/[\0]|\/$/u.test(path)),
      content: fc.uint8Array({ maxLength: 1500 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 2000 }), async (entries, size) => {
        const expected = entries.map(({ path, content }) => ({
          path,
          type: "file",
          linkTarget: "",
          content: Buffer.from(content).toString("latin1"),
        }));
        expect(await list(readTar(inChunks(writeTar(entries), size), LIMITS))).toEqual(expected);
        expect(await readAll(new MemoryReader(writeTar(entries, "unmarked")))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("skips content that nobody asks for, without fetching it over ranges", async () => {
    const bytes = writeTar([
      { path: "big", content: new Uint8Array(3_000_000) },
      { path: "b", content: Buffer.from("b") },
    ]);
    const inner = new MemoryReader(bytes);
    let fetched = 0;
    const reader: ByteReader = {
      sizeBytes: bytes.length,
      read(start, length) {
        fetched += length;
        return inner.read(start, length);
      },
    };
    const paths: string[] = [];
    for await (const member of indexTar(reader, LIMITS)) paths.push(`${member.path} at ${member.dataOffset}`);
    expect(paths).toEqual(["big at 512", `b at ${512 + 3_000_320 + 512}`]);
    expect(fetched).toBeLessThan(5000);
  });

  test("may have pax and GNU long names, which hold for one member", async () => {
    const long = "folder/".repeat(40);
    const seen = await seenIn([
      pax({ path: `${long}a`, linkpath: "unused" }),
      { path: "short", content: Buffer.from("a") },
      { path: "././@LongLink", type: "L", content: Buffer.from(`${long}b\0`) },
      { path: "short", content: Buffer.from("b") },
      { path: "c", content: Buffer.from("c") },
    ]);
    expect(seen.map(({ path }) => path)).toEqual([`${long}a`, `${long}b`, "c"]);
  });

  test("tells links, folders and devices from files", async () => {
    const seen = await seenIn([
      { path: "f/", type: "5" },
      { path: "s", type: "2", linkTarget: "../../etc/passwd" },
      { path: "h", type: "1", linkTarget: "a" },
      { path: "d", type: "3" },
    ]);
    expect(seen.map(({ type, linkTarget }) => `${type} ${linkTarget}`.trim())).toEqual([
      "directory",
      "symlink ../../etc/passwd",
      "hardlink a",
      "other",
    ]);
  });

  test("may state sizes in base 256 or pax", async () => {
    const seen = await seenIn([
      { path: "a", content: Buffer.from("abc"), base256: true },
      pax({ size: "4" }),
      { path: "b", content: Buffer.from("defg"), sizeBytes: 0 },
    ]);
    expect(seen.map(({ content }) => content)).toEqual(["abc", "defg"]);
  });

  test("as the system's own tar writes it, is read", async () => {
    const bytes = execFileSync("tar", ["-c", "package.json", "tsconfig.json"], { maxBuffer: 1e8 });
    const seen = await list(readTar(inChunks(bytes, 4096), LIMITS));
    expect(seen.map(({ path }) => path)).toEqual(["package.json", "tsconfig.json"]);
    expect(seen[0]?.content).toContain('"name": "ajar"');
  });
});

describe("a hostile tar", () => {
  test.each<[string, readonly TarEntry[], string]>([
    ["a wrong first checksum", [{ path: "a", badChecksum: true }], "NOT_THIS_FORMAT"],
    ["a wrong later checksum", [{ path: "a" }, { path: "b", badChecksum: true }], "INCONSISTENT"],
    ["content beyond the end", [{ path: "a", sizeBytes: 1_000_000 }], "TRUNCATED"],
    ["a long name of a gigabyte", [{ path: "a", type: "L", sizeBytes: 1024 ** 3 }], "OVER_LIMIT"],
    ["a broken pax record", [{ path: "a", type: "x", content: Buffer.from("99 path=a\n") }], "INCONSISTENT"],
    ["a sparse file", [{ path: "a", type: "S" }], "UNSUPPORTED"],
    ["a pax sparse file", [pax({ "GNU.sparse.major": "1" }), { path: "a" }], "UNSUPPORTED"],
    ["records without end", Array.from({ length: 40 }, () => pax({ path: "a" })), "OVER_LIMIT"],
    ["more members than allowed", Array.from({ length: 101 }, () => ({ path: "a" })), "OVER_LIMIT"],
  ])("is refused with a code: %s", async (_, entries, code) => {
    expect(await codeOf(entries)).toBe(code);
  });

  const sample = writeTar([
    pax({ path: "long/a" }),
    { path: "a", content: Buffer.from("hello") },
    { path: "b", content: Buffer.from("b") },
  ]);

  test("is refused when cut inside a header or content; a missing end marker is accepted, as by GNU tar", async () => {
    const lengths = await readLengths(readAll, sample);
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    // After the content of a, after that of b, and after one block of the end marker.
    expect(lengths).toEqual([...range(1536 + 5, 2049), ...range(2560 + 1, 3073), ...range(3072 + 512, sample.length)]);
  });

  test("never crashes the reader when its bytes are changed", async () => {
    await surviveMutations(readAll, sample, 2000, 2);
  });
});
