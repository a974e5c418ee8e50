import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLengths, surviveMutations } from "../../test/formats/hostile.ts";
import { writeZip, type ZipMember, type ZipShape } from "../../test/formats/zip-writer.ts";
import { AjarError } from "../core/errors.ts";
import type { ByteReader } from "../core/source.ts";
import { MemoryReader } from "./byte-reader.ts";
import { openZip, type ZipArchive } from "./zip.ts";
import type { ZipEntry } from "./zip-directory.ts";

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxEntries: 1000, maxRatio: 200 };
const text = (content: string) => Buffer.from(content);
const noise = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7919 + (index >> 3) * 31) & 0xff);

async function open(members: readonly ZipMember[], shape: ZipShape = {}): Promise<ZipArchive> {
  return openZip(new MemoryReader(writeZip(members, shape)), LIMITS);
}

function only(zip: ZipArchive): ZipEntry {
  const [entry] = zip.entries;
  if (entry === undefined) throw new Error("the archive is empty");
  return entry;
}

async function failure(promise: Promise<unknown>): Promise<AjarError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AjarError) return error;
  throw new Error("no AjarError was thrown", { cause: error });
}

const problems = (zip: ZipArchive) => zip.problems.map(({ id }) => id);

async function readAll(reader: ByteReader): Promise<void> {
  const zip = await openZip(reader, LIMITS);
  for (const entry of zip.entries) await zip.read(entry);
}

describe("an honest zip", () => {
  test("gives back what was put in, whole and by range", async () => {
    const member = fc.record({
      path: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((path) => !path.includes("\0")),
      content: fc.uint8Array({ maxLength: 3000 }),
      method: fc.constantFrom(0 as const, 8 as const),
      zip64: fc.boolean(),
    });
    const members = fc.uniqueArray(member, { maxLength: 6, selector: ({ path }) => path });
    await fc.assert(
      fc.asyncProperty(members, fc.nat(3000), fc.nat(3000), fc.boolean(), async (list, start, length, zip64) => {
        const zip = await open(list, { zip64 });
        expect(zip.entries.map(({ path }) => path)).toEqual(list.map(({ path }) => path));
        expect(zip.problems).toEqual([]);
        for (const [index, entry] of zip.entries.entries()) {
          const content = list[index]?.content ?? new Uint8Array(0);
          expect(Buffer.compare(await zip.read(entry), content)).toBe(0);
          expect(Buffer.compare(await zip.read(entry, { start, length }), content.subarray(start, start + length))).toBe(0);
        }
        expect(zip.problems).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("may hold a name with the replacement character itself", async () => {
    const zip = await open([{ path: "\uFFFD.txt", content: text("x") }]);
    expect(zip.problems).toEqual([]);
  });

  test("is read by range: its end and the wanted member, nothing else", async () => {
    const bytes = writeZip([
      { path: "big.bin", content: noise(4_000_000), method: 0 },
      { path: "b.txt", content: text("b") },
    ]);
    let fetched = 0;
    const inner = new MemoryReader(bytes);
    const reader: ByteReader = {
      sizeBytes: bytes.length,
      read(start, length) {
        fetched += length;
        return inner.read(start, length);
      },
    };
    const zip = await openZip(reader, LIMITS);
    expect(Buffer.compare(await zip.read(only(zip), { start: 3_000_000, length: 100 }), noise(3_000_100).subarray(3_000_000))).toBe(0);
    expect(fetched).toBeLessThan(200_000);
  });

  test("may carry a comment and bytes before it", async () => {
    const zip = await open([{ path: "a", content: text("a") }], { comment: "made today", prefix: text("#!/bin/sh\n") });
    expect(problems(zip)).toEqual(["zip.leading-bytes"]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("a");
  });

  test("tells links and folders from files", async () => {
    const zip = await open([
      { path: "folder/", content: text("") },
      { path: "link", content: text("../../etc/passwd"), unixMode: 0o120777 },
    ]);
    const [folder, link] = zip.entries;
    expect(folder?.isDirectory).toBe(true);
    expect(link?.isSymlink).toBe(true);
    if (link !== undefined) expect(await zip.symlinkTarget(link)).toBe("../../etc/passwd");
  });

  test("takes names without the UTF-8 flag for code page 437, as Python does", async () => {
    const zip = await open([{ path: "é", content: text("a"), flags: 0 }]);
    expect(only(zip).path).toBe("├⌐");
  });
});

describe("a zip that lies", () => {
  const cases: readonly (readonly [string, ZipMember, string])[] = [
    ["a plain member marked as encrypted", { path: "a", content: text("abc"), method: 0, flags: 0x801 }, "zip.false-encrypted-flag"],
    ["strong encryption that is none", { path: "a", content: text("abc"), flags: 0x840 }, "zip.strong-encryption-flag"],
    ["another name in the local header", { path: "a", content: text("abc"), localName: "b" }, "zip.local-name-differs"],
    ["another size in the local header", { path: "a", content: text("abc"), localSize: 9 }, "zip.local-sizes-differ"],
    ["another method in the local header", { path: "a", content: text("abc"), localMethod: 0 }, "zip.local-method-differs"],
    ["a wrong checksum", { path: "a", content: text("abc"), crc: 1 }, "zip.crc-differs"],
    ["a name that goes on behind a NUL", { path: "a\0.txt", content: text("abc") }, "zip.name-with-nul"],
  ];
  test.each(cases)("is read all the same and the lie is noted: %s", async (_, member, problem) => {
    const zip = await open([member]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
    expect(problems(zip)).toContain(problem);
  });

  test("a deflated member marked as encrypted inflates, so it is not encrypted", async () => {
    const zip = await open([{ path: "a", content: text("abc"), flags: 0x801 }]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
  });

  test("a member that is really encrypted is unsupported, not broken", async () => {
    const cipher = noise(500);
    const stored = await open([{ path: "a", content: cipher, method: 0, flags: 0x801, sizeBytes: 488 }]);
    expect(only(stored).content).toBe("unsupported");
    expect((await failure(stored.read(only(stored)))).code).toBe("UNSUPPORTED");
    const deflated = await open([{ path: "a", content: cipher, method: 0, rawMethod: 8, flags: 0x801 }]);
    expect((await failure(deflated.read(only(deflated)))).code).toBe("UNSUPPORTED");
  });

  test("a method that is neither stored nor deflate is unsupported", async () => {
    const zip = await open([{ path: "a", content: text("abc"), method: 0, rawMethod: 14 }]);
    expect(only(zip).content).toBe("unsupported");
    expect((await failure(zip.read(only(zip)))).code).toBe("UNSUPPORTED");
  });

  test("names twice, shared bytes and a wrong count are noted", async () => {
    const zip = await open(
      [
        { path: "a", content: noise(500), method: 0 },
        { path: "a", content: noise(500), method: 0, localOffset: 0 },
      ],
      { count: 7 },
    );
    expect(problems(zip)).toEqual(expect.arrayContaining(["zip.duplicate-name", "zip.overlap", "zip.count-differs"]));
  });

  test("content beyond the stated size is never shown, as for Python", async () => {
    const zip = await open([{ path: "a", content: text("abcdef"), sizeBytes: 3 }]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
    expect(problems(zip)).toContain("zip.inflates-to-more");
  });

  test("content shorter than stated is given as it is, as by Python", async () => {
    const zip = await open([{ path: "a", content: text("abc"), sizeBytes: 30 }]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
    expect(problems(zip)).toContain("zip.holds-less");
  });

  test("more packed bytes than the archive holds do no harm to what inflates to its end", async () => {
    const zip = await open([{ path: "a", content: text("abc"), compressedBytes: 999_999 }]);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
    expect(problems(zip)).toContain("zip.overlap");
    const stored = await open([{ path: "a", content: text("abc"), method: 0, compressedBytes: 999_999, sizeBytes: 999_999 }]);
    expect((await failure(stored.read(only(stored)))).code).toBe("TRUNCATED");
  });

  test("a directory entry that states more than is there is read as far as it goes", async () => {
    const bytes = writeZip([{ path: "a", content: text("abc") }]);
    bytes.writeUInt16LE(500, bytes.indexOf("PK\x01\x02", 0, "latin1") + 32);
    const zip = await openZip(new MemoryReader(bytes), LIMITS);
    expect(Buffer.from(await zip.read(only(zip))).toString()).toBe("abc");
    expect(problems(zip)).toContain("zip.entry-cut");
  });
});

describe("a hostile zip", () => {
  test("a bomb stops at the ratio", async () => {
    const zip = await open([{ path: "bomb", content: new Uint8Array(40 * 1024 * 1024) }]);
    expect((await failure(zip.read(only(zip)))).code).toBe("OVER_LIMIT");
  });

  test("members that overlap cannot unpack more than the archive's allowance together", async () => {
    const content = Uint8Array.from({ length: 900_000 }, (_, index) => (index >> 6) & 0xff);
    const member = { path: "a", content, localOffset: 0 };
    const bytes = writeZip([{ ...member }, ...Array.from({ length: 9 }, (_, index) => ({ ...member, path: `a${index}` }))]);
    const zip = await openZip(new MemoryReader(bytes), { ...LIMITS, maxBytes: 2_000_000 });
    const codes: string[] = [];
    for (const entry of zip.entries) {
      codes.push(
        await zip.read(entry).then(
          () => "read",
          (error: unknown) => (error instanceof AjarError ? error.code : "bug"),
        ),
      );
    }
    expect(codes.filter((code) => code === "read")).toHaveLength(2);
    expect(codes.at(-1)).toBe("OVER_LIMIT");
  });

  test("more entries than allowed are refused", async () => {
    const members = Array.from({ length: 1001 }, (_, index) => ({ path: `${index}`, content: text("") }));
    expect((await failure(open(members))).code).toBe("OVER_LIMIT");
    expect((await failure(open(members, { count: 3 }))).code).toBe("OVER_LIMIT");
  });

  test("what is no zip is told so", async () => {
    expect((await failure(openZip(new MemoryReader(noise(5000)), LIMITS))).code).toBe("NOT_THIS_FORMAT");
    expect((await failure(openZip(new MemoryReader(new Uint8Array(0)), LIMITS))).code).toBe("NOT_THIS_FORMAT");
  });

  const sample = writeZip(
    [
      { path: "folder/data.pkl", content: noise(40), method: 0, localExtra: new Uint8Array(20) },
      { path: "b.txt", content: text("hello ".repeat(30)) },
      { path: "c", content: text("c"), zip64: true },
    ],
    { comment: "note" },
  );

  test("is refused when cut at any byte, but for a comment cut short", async () => {
    const lengths = await readLengths(readAll, sample);
    expect(lengths).toEqual([1, 2, 3, 4].map((missing) => sample.length - missing).reverse());
  });

  test("never crashes the reader when its bytes are changed", async () => {
    expect(await surviveMutations(readAll, sample, 3000, 1)).toBeGreaterThan(0);
  });
});
