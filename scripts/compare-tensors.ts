// Holds the tensor lists of real files against those of the formats' own libraries, and prints formats, files, equal, unequal.
// usage: node scripts/compare-tensors.ts [--python PROGRAM]... [--verbose] FILE|FOLDER...
// Each file is tried with each Python in turn, as no one environment has all libraries (scripts/reference_tensors.py).
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { FileScan, ScannedTensor } from "../src/core/scan.ts";
import type { ByteReader } from "../src/core/source.ts";
import { compareText } from "../src/core/text.ts";
import { scanFile } from "../src/safety/dispatch.ts";

interface Reference {
  readonly path: string;
  readonly library?: string;
  readonly tensors?: readonly Pick<ScannedTensor, "name" | "dtype" | "shape">[];
  readonly error?: string;
}

const script = join(import.meta.dirname, "reference_tensors.py");
/** What the reference script knows by its extension. */
const KNOWN = /\.(?:safetensors|gguf|onnx|h5|hdf5|keras|pb|index|tflite|mlmodel|xml|npz|npy|skops|msgpack|pt|pth|bin|ckpt)$/u;
const MAX_SHOWN = 5;

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort(compareText);
  return names.flatMap((name) => filesOf(join(path, name))).filter((file) => KNOWN.test(file) && !file.endsWith("fingerprint.pb"));
}

/** Asks one Python after the other for what the ones before could not read. */
function references(paths: readonly string[], pythons: readonly string[]): ReadonlyMap<string, Reference> {
  const found = new Map<string, Reference>();
  for (const python of pythons) {
    const missing = paths.filter((path) => found.get(path)?.tensors === undefined);
    if (missing.length === 0) break;
    const { stdout, status } = spawnSync(python, [script, ...missing], {
      encoding: "utf8",
      maxBuffer: 1024 ** 3,
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (status !== 0) throw new Error(`${python} ${script} exited with ${status}`);
    for (const line of stdout.split("\n").filter((text) => text.startsWith("{"))) {
      const reference = JSON.parse(line) as Reference;
      found.set(reference.path, reference);
    }
  }
  return found;
}

async function scanned(path: string): Promise<FileScan> {
  const descriptor = openSync(path, "r");
  const reader: ByteReader = {
    sizeBytes: statSync(path).size,
    async read(start, length) {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, start));
    },
  };
  try {
    return await scanFile(path, reader, { effort: "whole", strict: false, signal: new AbortController().signal });
  } finally {
    closeSync(descriptor);
  }
}

function rows(tensors: readonly Pick<ScannedTensor, "name" | "dtype" | "shape">[]): readonly string[] {
  return tensors.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).sort(compareText);
}

interface Tally {
  files: number;
  equal: number;
  tensors: number;
  readonly libraries: Set<string>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: "string", multiple: true, default: ["python3"] }, verbose: { type: "boolean", default: false } },
});
const paths = positionals.flatMap(filesOf);
const known = references(paths, values.python);
const tallies = new Map<string, Tally>();
for (const path of paths) {
  const reference = known.get(path);
  if (reference?.tensors === undefined) {
    if (values.verbose) console.log(`left out: ${path}: ${reference?.error ?? "no answer"}`);
    continue;
  }
  const [reading] = (await scanned(path)).readings;
  const format = reading?.format ?? "unknown";
  const tally = tallies.get(format) ?? { files: 0, equal: 0, tensors: 0, libraries: new Set<string>() };
  tallies.set(format, tally);
  const ours = rows(reading?.tensors ?? []);
  const theirs = rows(reference.tensors);
  tally.files += 1;
  tally.tensors += theirs.length;
  tally.libraries.add(reference.library ?? "");
  if (ours.length === theirs.length && ours.every((row, index) => row === theirs[index])) {
    tally.equal += 1;
    continue;
  }
  process.exitCode = 1;
  console.log(`differs: ${path} (${ours.length} here, ${theirs.length} in ${reference.library})`);
  const [here, there] = [new Set(ours), new Set(theirs)];
  for (const row of ours.filter((item) => !there.has(item)).slice(0, MAX_SHOWN)) console.log(`  only here: ${row}`);
  for (const row of theirs.filter((item) => !here.has(item)).slice(0, MAX_SHOWN)) console.log(`  only there: ${row}`);
}
console.log("| format | reference | files | equal | unequal | tensors |\n| --- | --- | --- | --- | --- | --- |");
for (const [format, { files, equal, tensors, libraries }] of [...tallies].sort(([a], [b]) => compareText(a, b))) {
  console.log(`| ${format} | ${[...libraries].sort(compareText).join(", ")} | ${files} | ${equal} | ${files - equal} | ${tensors} |`);
}
