// Keras 3 archives: a configuration that says what to build, and weights (keras/src/saving/saving_lib.py).
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { isJsonObject, type JsonValue, parseJson } from "../../formats/json-reader.ts";
import { openZip, type ZipArchive } from "../../formats/zip.ts";
import type { ZipEntry } from "../../formats/zip-directory.ts";
import { zipMember } from "../../formats/zip-member.ts";
import { asPartial, coverageOfError, FULL, worstCoverage, worstRisk } from "../combine.ts";
import { kerasFacts, kerasHits } from "../keras.ts";
import type { FileView, ScanContext, Scanner } from "../scanner.ts";
import { isZip, namesIn } from "../zip-view.ts";

const CONFIG = "config.json";
const METADATA = "metadata.json";
const WEIGHTS = ["model.weights.h5", "model.weights.npz"];
/** Configurations of the largest models take some megabytes. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const MAX_RATIO = 200;
const OPTIMIZER = /^optimizer\//u;

export const scanner: Scanner = {
  id: "keras-v3",
  risk: "may-execute",
  claims: isKeras,
  async scan(reader, context): Promise<FormatReading> {
    const archive = await openZip(reader, { maxBytes: context.budget.unpackedBytesLeft, maxEntries: MAX_ENTRIES, maxRatio: MAX_RATIO });
    const config = member(archive, CONFIG);
    if (config === undefined) throw new AjarError("NOT_THIS_FORMAT", `archive has no ${CONFIG}`, { offset: 0 });
    const parts = [await readConfig(archive, config), await readMetadata(archive), ...(await readWeights(reader, archive, context))];
    const tensors = parts.flatMap((part) => part.tensors);
    const isTrained = (name: string): boolean => !OPTIMIZER.test(name);
    return {
      format: "keras-v3",
      risk: worstRisk(["cannot-execute", ...parts.map(({ risk }) => risk)]),
      coverage: worstCoverage(parts.map(({ coverage }) => coverage)),
      hits: parts.flatMap(({ hits }) => hits),
      tensors,
      parameters: tensors.filter(({ name }) => isTrained(name)).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
      metadata: new Map(parts.flatMap(({ facts }) => [...facts])),
    };
  },
};

function isKeras(view: FileView): boolean {
  if (!isZip(view)) return false;
  const names = namesIn(view);
  return names.has(CONFIG) && (WEIGHTS.some((name) => names.has(name)) || names.has(METADATA) || /\.keras$/iu.test(view.path));
}

/** Of two members of one name, Python's zipfile opens the later. */
function member(archive: ZipArchive, name: string): ZipEntry | undefined {
  return archive.entries.findLast(({ path }) => path === name);
}

interface Part {
  readonly risk: FormatReading["risk"];
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
  readonly tensors: readonly ScannedTensor[];
  readonly facts: ReadonlyMap<string, string>;
}

const NOTHING: Part = { risk: "cannot-execute", coverage: FULL, hits: [], tensors: [], facts: new Map() };

/** What cannot be read of a part leaves a gap; `risk` is what the part could have held. */
async function guarded(name: string, risk: Part["risk"], read: () => Promise<Part>): Promise<Part> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || error.code === "BUG") throw error;
    return { ...NOTHING, risk, coverage: asPartial(coverageOfError(error, "partial"), name) };
  }
}

async function jsonOf(archive: ZipArchive, entry: ZipEntry): Promise<JsonValue> {
  if (entry.sizeBytes > MAX_JSON_BYTES) {
    throw new AjarError("OVER_LIMIT", `${entry.path} of ${entry.sizeBytes} bytes is over the limit`, { offset: entry.localHeaderOffset });
  }
  return parseJson(new TextDecoder().decode(await archive.read(entry)), { nonFinite: true });
}

async function readConfig(archive: ZipArchive, entry: ZipEntry): Promise<Part> {
  return await guarded(CONFIG, "may-execute", async () => {
    const value = await jsonOf(archive, entry);
    const hits = kerasHits(value, { start: 0, end: entry.sizeBytes, member: CONFIG, isH5: false });
    const executes = hits.some(({ rule }) => rule === "KR01" || rule === "KR02");
    return { ...NOTHING, risk: executes ? "may-execute" : "cannot-execute", hits, facts: kerasFacts(value) };
  });
}

async function readMetadata(archive: ZipArchive): Promise<Part> {
  const entry = member(archive, METADATA);
  if (entry === undefined) return NOTHING;
  return await guarded(METADATA, "cannot-execute", async () => {
    const value = await jsonOf(archive, entry);
    const version = isJsonObject(value) ? value.get("keras_version") : undefined;
    return typeof version === "string" ? { ...NOTHING, facts: new Map([["keras-version", version.slice(0, 100)]]) } : NOTHING;
  });
}

async function readWeights(reader: ByteReader, archive: ZipArchive, context: ScanContext): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const name of WEIGHTS) {
    const entry = member(archive, name);
    if (entry === undefined) continue;
    const part = await guarded(name, "unknown", async () => {
      const scan = await context.nested(name, await zipMember(reader, archive, entry));
      const tensors = (scan.readings[0]?.tensors ?? []).map((tensor) => ({ ...tensor, member: name }));
      return { ...NOTHING, risk: scan.risk, coverage: asPartial(scan.coverage, name), hits: scan.hits, tensors };
    });
    parts.push(part);
  }
  return parts;
}
