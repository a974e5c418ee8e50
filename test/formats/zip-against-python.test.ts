// Damaged zips, read by Python's zipfile and by Ajar: whatever Python opens, Ajar must open, with the same names and bytes.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { AjarError } from "../../src/core/errors.ts";
import { MemoryReader } from "../../src/formats/byte-reader.ts";
import { openZip } from "../../src/formats/zip.ts";
import { random } from "./random.ts";
import { writeZip } from "./zip-writer.ts";

const hasPython = spawnSync("python3", ["-c", "import zipfile"]).status === 0;
const MUTANTS = 1500;
const NASTY = [0, 255, 1, 8, 0x50];

const noise = Uint8Array.from({ length: 60 }, (_, index) => (index * 7919) & 255);
const bases = [
  writeZip(
    [
      { path: "folder/data.pkl", content: noise, method: 0, localExtra: new Uint8Array(20) },
      { path: "b.txt", content: Buffer.from("hello ".repeat(30)) },
      { path: "c", content: Buffer.from("c"), zip64: true },
    ],
    { comment: "note" },
  ),
  writeZip(
    [
      { path: "a", content: noise },
      { path: "é/b", content: Buffer.from("x"), flags: 0 },
    ],
    { zip64: true, prefix: Buffer.from("#!sh\n") },
  ),
];

function mutants(seed: number): readonly Buffer[] {
  const next = random(seed);
  const pick = (below: number) => Math.floor(next() * below);
  return Array.from({ length: MUTANTS }, () => {
    let bytes = Buffer.from(bases[pick(bases.length)] ?? []);
    for (let change = 0; change <= pick(3); change += 1) {
      const at = pick(bytes.length);
      const kind = pick(8);
      if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(6))]);
      else if (kind < 4) bytes[at] = pick(256);
      else if (kind < 6) bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
      else bytes[at] = NASTY[pick(NASTY.length)] ?? 0;
    }
    return bytes;
  });
}

const PROGRAM = `
import base64, hashlib, io, json, sys, warnings, zipfile
warnings.simplefilter("ignore")
def digest(z, i):
    try: return hashlib.sha1(z.read(i)).hexdigest()
    except Exception: return None
def look(line):
    try:
        z = zipfile.ZipFile(io.BytesIO(base64.b64decode(line)))
        return [[i.filename, digest(z, i)] for i in z.infolist()]
    except Exception: return None
print(json.dumps([look(line) for line in sys.stdin.read().split()]))
`;

type PythonView = readonly (readonly (readonly [string, string | null])[] | null)[];

function pythonView(files: readonly Buffer[]): PythonView {
  const input = files.map((file) => file.toString("base64")).join("\n");
  return JSON.parse(execFileSync("python3", ["-c", PROGRAM], { input, maxBuffer: 1e9 }).toString());
}

async function digests(file: Buffer): Promise<readonly (readonly [string, string])[]> {
  const zip = await openZip(new MemoryReader(file), { maxBytes: 1e8, maxEntries: 1000, maxRatio: 200 });
  const found: (readonly [string, string])[] = [];
  for (const entry of zip.entries) {
    const content = await zip.read(entry).catch((error: unknown) => {
      if (error instanceof AjarError) return null;
      throw error;
    });
    found.push([entry.path, content === null ? "refused" : createHash("sha1").update(content).digest("hex")]);
  }
  return found;
}

describe.skipIf(!hasPython)("against Python's zipfile (python3 needed)", () => {
  test("every damaged zip that it opens is opened, with the same names and the same bytes", async () => {
    const files = mutants(11);
    let members = 0;
    for (const [index, seen] of pythonView(files).entries()) {
      const file = files[index];
      if (seen === null || file === undefined) continue;
      const ours = await digests(file);
      expect(ours.map(([path]) => path)).toEqual(seen.map(([path]) => path));
      for (const [at, [path, digest]] of seen.entries()) {
        if (digest === null) continue;
        expect([path, ours[at]?.[1]]).toEqual([path, digest]);
        members += 1;
      }
    }
    expect(members).toBeGreaterThan(MUTANTS / 2);
  });
});
