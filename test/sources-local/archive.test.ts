import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { compareText } from "../../src/core/text.ts";
import { source as archive } from "../../src/sources/archive.ts";
import { context, entriesOf, errorOf, LFS_POINTER, pathsOf, scratch, textAt, write } from "./support.ts";

// The product's scratch folders go here, and none may be left.
const temporary = mkdtempSync(join(tmpdir(), "ajar-test-"));
const usual = process.env["TMPDIR"];
beforeAll(() => {
  process.env["TMPDIR"] = temporary;
});
afterAll(() => {
  if (usual === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = usual;
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect(left).toEqual([]);
});

type Content = string | Uint8Array;

interface ZipMember {
  readonly name: string;
  readonly content: Content;
  readonly mode?: number;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly crc?: number;
}

/** A zip made byte by byte, so that names and headers may be anything. */
function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const content = Buffer.from(member.content);
    const packed = member.stored === true ? content : deflateRawSync(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE((member.flags ?? 0) | 0x800, 2);
    shared.writeUInt16LE(member.stored === true ? 0 : 8, 4);
    shared.writeUInt32LE(member.crc ?? crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), shared, tail, name);
    locals.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listing, Buffer.from("PK\x05\x06"), end]);
}

interface TarEntry {
  readonly name: string;
  readonly content?: Content;
  readonly type?: string;
  readonly link?: string;
}

/** A tar made byte by byte. */
function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = "", type = "0", link = "" }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(body.length.toString(8).padStart(11, "0"), 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write("ustar\x0000", 257, "latin1");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function open(name: string, bytes: Content, options: Parameters<typeof context>[1] = {}) {
  const root = scratch();
  writeFileSync(join(root, name), bytes);
  return await archive.open(name, context(root, options));
}

const FILES = { "README.md": "hello\n", "src/a.py": "print()\n", "src/b": "x".repeat(100_000), "model.bin": LFS_POINTER };
const tree: readonly TarEntry[] = Object.entries(FILES).map(([name, content]) => ({ name: `./${name}`, content }));
const members: readonly ZipMember[] = Object.entries(FILES).map(([name, content]) => ({ name, content }));

const forms: readonly (readonly [string, Uint8Array])[] = [
  ["r.zip", zipOf(members)],
  ["r-1.0-py3-none-any.whl", zipOf(members)],
  ["r.tar", tarOf(tree)],
  ["r.tar.gz", gzipSync(tarOf(tree))],
  ["r.tgz", gzipSync(tarOf(tree))],
  ["r.tar.zst", zstdCompressSync(tarOf(tree))],
];

test.each(forms)("%s gives the entries, ranges and pointers that were put in", async (name, bytes) => {
  const source = await open(name, bytes);
  expect(await entriesOf(source)).toEqual([
    { path: "README.md", sizeBytes: 6, content: "readable" },
    { path: "model.bin", sizeBytes: 123456, content: "lfs-pointer", claimedSha256: "ab".repeat(32) },
    { path: "src/a.py", sizeBytes: 8, content: "readable" },
    { path: "src/b", sizeBytes: 100_000, content: "readable" },
  ]);
  expect(source.listingComplete).toBe(true);
  expect(source.usage.packageBytes).toBe(bytes.length);
  expect(await textAt(source, "README.md")).toBe("hello\n");
  expect(Buffer.from(await source.read("src/b", { start: 99_998, length: 10 })).toString()).toBe("xx");
  expect((await errorOf(source.read("model.bin"))).code).toBe("UNREADABLE");
  expect((await errorOf(source.read("none"))).code).toBe("NOT_FOUND");
  await source.close();
});

test("archives made by the usual programs read the same as the folder they were made from", async () => {
  const root = scratch();
  write(join(root, "d"), { ...FILES, "deep/er/x": "1" });
  symlinkSync("README.md", join(root, "d/link"));
  const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { cwd: join(root, "d"), stdio: "pipe" });
  run("tar", "-cf", "../a.tar", ".");
  run("tar", "-czf", "../a.tar.gz", ".");
  run("tar", "--format=pax", "-cf", "../pax.tar", ".");
  run("python3", "-c", "import shutil; shutil.make_archive('../a', 'zip', '.')");
  for (const name of ["a.tar", "a.tar.gz", "pax.tar", "a.zip"]) {
    const source = await archive.open(name, context(root));
    const entries = await entriesOf(source);
    const link = entries.find(({ path }) => path === "link");
    // Python's zipfile follows links, tar keeps them.
    if (name !== "a.zip") expect(link).toEqual({ path: "link", sizeBytes: null, content: "symlink", target: "README.md" });
    expect(entries.map(({ path }) => path)).toEqual(["README.md", "deep/er/x", "link", "model.bin", "src/a.py", "src/b"]);
    expect(await textAt(source, "deep/er/x")).toBe("1");
    await source.close();
  }
});

test.each([
  [
    "zip",
    zipOf([...["../up", "/abs", "C:\\x", "a/../../b", "..\\win"].map((name) => ({ name, content: "x" })), { name: "ok", content: "ok" }]),
  ],
  [
    "tar",
    tarOf([...["../up", "/abs", "C:\\x", "a/../../b", "..\\win"].map((name) => ({ name, content: "x" })), { name: "ok", content: "ok" }]),
  ],
])("names in a %s that climb or are absolute are left out and reported", async (kind, bytes) => {
  const source = await open(`r.${kind}`, bytes);
  expect(await pathsOf(source)).toEqual(["ok"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe(
    "../up: the name climbs out of its folder, left out; /abs: the name is absolute, left out; C:\\x5cx: the name starts with a drive letter, left out; and 2 more",
  );
  await source.close();
});

test.each([
  [
    "zip",
    zipOf([
      { name: "a", content: "first" },
      { name: "./a", content: "last" },
    ]),
  ],
  [
    "tar",
    tarOf([
      { name: "a", content: "first" },
      { name: "./a", content: "last" },
    ]),
  ],
])("of two members of one name in a %s the last counts, as for those who unpack it, and it is reported", async (kind, bytes) => {
  const source = await open(`r.${kind}`, bytes);
  expect(await pathsOf(source)).toEqual(["a"]);
  expect(await textAt(source, "a")).toBe("last");
  expect(source.listingProblem).toBe("a: there are two of this name, the last one counts");
  await source.close();
});

test("links are listed with their target, pipes and devices as unsupported, folders not at all", async () => {
  const tar = tarOf([
    { name: "d/", type: "5" },
    { name: "a", content: "abc" },
    { name: "hard", type: "1", link: "a" },
    { name: "lost", type: "1", link: "../../etc/passwd" },
    { name: "link", type: "2", link: "/etc/passwd" },
    { name: "pipe", type: "6" },
    { name: "device", type: "3" },
  ]);
  const source = await open("r.tar", tar);
  expect((await entriesOf(source)).map(({ path, content, target }) => [path, content, target])).toEqual([
    ["a", "readable", undefined],
    ["device", "unsupported", undefined],
    ["hard", "readable", undefined],
    ["link", "symlink", "/etc/passwd"],
    ["lost", "unsupported", undefined],
    ["pipe", "unsupported", undefined],
  ]);
  expect(await textAt(source, "hard")).toBe("abc");
  expect((await errorOf(source.read("link"))).code).toBe("UNREADABLE");
  await source.close();
  const zip = await open("r.zip", zipOf([{ name: "link", content: "/etc/passwd", mode: 0o120777 }]));
  expect(await entriesOf(zip)).toEqual([{ path: "link", sizeBytes: null, content: "symlink", target: "/etc/passwd" }]);
  await zip.close();
});

test("an encrypted member has no content to give, and a false flag hides none", async () => {
  const encrypted = await open("r.zip", zipOf([{ name: "a", content: "x", flags: 1, crc: 1 }]));
  expect(["UNSUPPORTED", "INCONSISTENT"]).toContain((await errorOf(encrypted.read("a"))).code);
  await encrypted.close();
  const plain = await open("r.zip", zipOf([{ name: "a", content: "x", flags: 1, stored: true }]));
  expect(await textAt(plain, "a")).toBe("x");
  await plain.close();
});

test("a content whose CRC is not the stated one is not handed out whole", async () => {
  const source = await open("r.zip", zipOf([{ name: "a", content: "x", crc: 1 }]));
  expect((await errorOf(source.read("a"))).code).toBe("INCONSISTENT");
  await source.close();
});

const nestings: readonly (readonly [string, Uint8Array])[] = [
  ["outer.zip", zipOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }])],
  ["outer.zip", zipOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)), stored: true }])],
  ["outer.tar", tarOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }])],
  ["outer.tar.gz", gzipSync(tarOf([{ name: "d/in.tar.gz", content: gzipSync(tarOf(tree)) }]))],
];

test.each(nestings)("an archive inside %s is listed and read under its own name", async (name, bytes) => {
  const source = await open(name, bytes);
  expect(await pathsOf(source)).toEqual([
    "d/in.tar.gz",
    "d/in.tar.gz!README.md",
    "d/in.tar.gz!model.bin",
    "d/in.tar.gz!src/a.py",
    "d/in.tar.gz!src/b",
  ]);
  expect(await textAt(source, "d/in.tar.gz!src/a.py")).toBe("print()\n");
  expect(source.listingComplete).toBe(true);
  await source.close();
});

test("a zip inside a zip is read in place when it is stored, and unpacked once when it is packed", async () => {
  for (const stored of [true, false]) {
    const source = await open("r.zip", zipOf([{ name: "in.zip", content: zipOf(members), stored }]));
    expect(await textAt(source, "in.zip!README.md")).toBe("hello\n");
    await source.close();
  }
});

test("nesting stops at the limit and says where", async () => {
  let bytes = zipOf([{ name: "x", content: "x" }]);
  for (let depth = 0; depth < 4; depth += 1) bytes = zipOf([{ name: "n.zip", content: bytes }]);
  const source = await open("r.zip", bytes, { limits: { maxArchiveDepth: 3 } });
  expect(await pathsOf(source)).toEqual(["n.zip", "n.zip!n.zip", "n.zip!n.zip!n.zip"]);
  expect(source.listingComplete).toBe(false);
  expect(source.listingProblem).toBe("n.zip!n.zip!n.zip: nested deeper than the limit of 3 archives, not opened");
  await source.close();
});

test("a broken archive inside another is reported and the rest is listed", async () => {
  const source = await open(
    "r.tar",
    tarOf([
      { name: "bad.zip", content: "no zip" },
      { name: "ok", content: "" },
    ]),
  );
  expect(await pathsOf(source)).toEqual(["bad.zip", "ok"]);
  expect(source.listingProblem).toMatch(/^bad\.zip: /u);
  await source.close();
});

test.each([
  [
    "r.tar.gz",
    gzipSync(
      tarOf([
        { name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) },
        { name: "after", content: "" },
      ]),
      { level: 9 },
    ),
  ],
  [
    "r.tar.zst",
    zstdCompressSync(
      tarOf([
        { name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) },
        { name: "after", content: "" },
      ]),
    ),
  ],
])("a bomb in %s is stopped by its ratio", async (name, bytes) => {
  expect(bytes.length).toBeLessThan(100_000);
  const outcome = await open(name, bytes, { limits: { maxRatio: 50 } }).catch((error: unknown) => error);
  if (outcome instanceof AjarError) expect(outcome.code).toBe("OVER_LIMIT");
  else if (outcome instanceof Error) throw outcome;
  else {
    const source = outcome as Awaited<ReturnType<typeof open>>;
    await entriesOf(source);
    expect(source.listingComplete).toBe(false);
    expect(source.listingProblem).toContain("over the ratio of 50");
    await source.close();
  }
});

test("a bomb in a zip is stopped when it is read", async () => {
  const source = await open("r.zip", zipOf([{ name: "bomb", content: Buffer.alloc(64 * 1024 ** 2) }]), { limits: { maxRatio: 50 } });
  expect((await errorOf(source.read("bomb"))).code).toBe("OVER_LIMIT");
  await source.close();
});

test("members that share their bytes are reported", async () => {
  const one = zipOf([{ name: "a", content: "x".repeat(1000), stored: true }]);
  const end = one.length - 22;
  const start = one.readUInt32LE(end + 16);
  const entry = one.subarray(start, end);
  const tail = Buffer.from(one.subarray(end));
  tail.writeUInt16LE(2, 8);
  tail.writeUInt16LE(2, 10);
  tail.writeUInt32LE(entry.length * 2, 12);
  const second = Buffer.from(entry);
  second.write("b", 46);
  const source = await open("r.zip", Buffer.concat([one.subarray(0, start), entry, second, tail]));
  expect(await pathsOf(source)).toEqual(["a", "b"]);
  expect(source.listingProblem).toContain("share their bytes");
  await source.close();
});

test("unpacking to disk stops at the limit of bytes, whatever the number of archives", async () => {
  const inner = gzipSync(tarOf([{ name: "x", content: Buffer.alloc(600_000, "ab") }]));
  const outer = tarOf(["1", "2", "3"].map((name) => ({ name: `${name}.tgz`, content: inner })));
  const source = await open("r.tar", outer, { limits: { maxBytes: 1_300_000 } });
  expect(source.listingProblem).toContain("3.tgz: unpacks to more than");
  expect(await pathsOf(source)).toContain("2.tgz!x");
  await source.close();
});

test("an archive of more entries than the limit is listed up to it, or refused", async () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ name: `f${String(index).padStart(2, "0")}`, content: "" }));
  const tar = await open("r.tar", tarOf(many), { limits: { maxEntries: 10 } });
  expect(await pathsOf(tar)).toHaveLength(10);
  expect(tar.listingComplete).toBe(false);
  await tar.close();
  expect((await errorOf(open("r.zip", zipOf(many), { limits: { maxEntries: 10 } }))).code).toBe("OVER_LIMIT");
});

test.each(forms)("%s cut at every byte gives entries that are marked incomplete, or one AjarError", async (name, bytes) => {
  const small: readonly TarEntry[] = [
    { name: "a", content: "hello" },
    { name: "b/c", content: "x".repeat(30) },
  ];
  const whole = /\.(?:zip|whl)$/u.test(name)
    ? zipOf(small.map((entry) => ({ name: entry.name, content: entry.content ?? "" })))
    : name.endsWith(".tar")
      ? tarOf(small)
      : name.endsWith("zst")
        ? zstdCompressSync(tarOf(small))
        : gzipSync(tarOf(small));
  expect(bytes.length).toBeGreaterThan(0);
  const root = scratch();
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(join(root, name), whole.subarray(0, length));
    try {
      const source = await archive.open(name, context(root));
      const entries = await entriesOf(source);
      // A plain tar may lack its end marker; everything else that is missing is noticed.
      if (source.listingComplete) expect([name.endsWith(".tar"), entries.length % 1]).toEqual([true, 0]);
      for (const { path } of entries) await source.read(path).catch((error: unknown) => expect(error).toBeInstanceOf(AjarError));
      await source.close();
    } catch (error) {
      expect(error).toBeInstanceOf(AjarError);
      expect(error).toMatchObject({ message: expect.stringContaining(name) });
    }
  }
});

test("an archive that changes while it is read is noticed", async () => {
  const root = scratch();
  writeFileSync(join(root, "r.tar"), tarOf(tree));
  const source = await archive.open("r.tar", context(root));
  await entriesOf(source);
  appendFileSync(join(root, "r.tar"), "x");
  expect((await errorOf(source.read("README.md"))).code).toBe("CHANGED_WHILE_READ");
  await source.close();
});

test("two runs list the same bytes in the same order", async () => {
  const shuffled = zipOf(["z", "a/b", "a-b", "é", "A", "a/a"].map((name) => ({ name, content: name })));
  const listings = await Promise.all(
    [1, 2].map(async () => {
      const source = await open("r.zip", shuffled);
      const entries = await entriesOf(source);
      await source.close();
      return entries;
    }),
  );
  expect(listings[0]).toEqual(listings[1]);
  const paths = (listings[0] ?? []).map(({ path }) => path);
  expect(paths).toEqual([...paths].sort(compareText));
});

test("only archives by name are claimed; a scheme opens any", async () => {
  const root = scratch();
  write(root, { "a.ZIP": zipOf(members), "model.pt": zipOf(members), "d.zip/x": "" });
  const claims = async (reference: string) => archive.claims(reference, context(root));
  expect([await claims("a.ZIP"), await claims("model.pt"), await claims("d.zip"), await claims("none.zip")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  const source = await archive.open("archive:model.pt", context(root));
  expect(await pathsOf(source)).toContain("README.md");
  await source.close();
  expect((await errorOf(archive.open("none.zip", context(root)))).code).toBe("NOT_FOUND");
  expect((await errorOf(archive.open("archive:d.zip", context(root)))).code).toBe("UNREADABLE");
});

test("reading one member of a large zip reads little of the file", async () => {
  const big = Buffer.alloc(8 * 1024 ** 2);
  for (let at = 0; at < big.length; at += 4) big.writeUInt32LE((at * 2654435761) >>> 0, at);
  const bytes = zipOf([
    { name: "weights", content: big, stored: true },
    { name: "README", content: "x" },
  ]);
  const source = await open("r.zip", bytes);
  await entriesOf(source);
  expect(await textAt(source, "README")).toBe("x");
  expect(Buffer.from(await source.read("weights", { start: 4_000_000, length: 8 }))).toEqual(big.subarray(4_000_000, 4_000_008));
  expect(source.usage.bytesRead).toBeLessThan(300_000);
  await source.close();
});
