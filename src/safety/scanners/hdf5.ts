// HDF5: weights of Keras and many others, and in attributes the configuration that Keras builds a model from.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import type { Attribute } from "../../formats/hdf5/attribute.ts";
import { type Hdf5File, readHdf5 } from "../../formats/hdf5/read.ts";
import { type JsonValue, parseJson } from "../../formats/json-reader.ts";
import { coverageOfError, FULL, worstCoverage, worstRisk } from "../combine.ts";
import { kerasFacts, kerasHits } from "../keras.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";
import { traitsOfTensors } from "../traits.ts";

const MARK = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where the signature may stand behind a user block, as far as the start of the file shows. */
const PLACES = [0, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
/** Attributes of the root in which Keras keeps configurations. */
const CONFIGURATIONS = ["model_config", "training_config"];
const FACTS = ["keras_version", "backend"];
/** Keras refuses datasets beyond both of these (safe_get_h5_dataset). */
const HUGE_BYTES = 4 * 1024 ** 3;
const HUGE_FACTOR = 1000;
const OPTIMIZER = /^(?:optimizer_weights|optimizer)\//u;

export const scanner: Scanner = {
  id: "hdf5",
  risk: "cannot-execute",
  claims: ({ head }) => PLACES.some((at) => MARK.every((byte, index) => head[at + index] === byte)),
  async scan(reader): Promise<FormatReading> {
    const file = await readHdf5(reader);
    const tensors = file.datasets.map(({ name, dtype, shape, place }): ScannedTensor => {
      return { name, dtype, shape, place: place !== null && place.end <= reader.sizeBytes ? place : null };
    });
    const root = file.attributes.get("") ?? [];
    const configured = root.filter(({ name }) => CONFIGURATIONS.includes(name)).map(readConfiguration);
    const weights = file.datasets.filter(({ name }) => !OPTIMIZER.test(name));
    return {
      format: "hdf5",
      risk: worstRisk(["cannot-execute", ...configured.map(({ risk }) => risk)]),
      coverage: worstCoverage([coverageOf(file), ...configured.map(({ coverage }) => coverage)]),
      hits: [...configured.flatMap(({ hits }) => hits), ...outsideHits(file), ...hugeHits(file, reader.sizeBytes)],
      tensors,
      parameters: weights.reduce((sum, { elements }) => sum + elements, 0),
      metadata: new Map([...traitsOfTensors(tensors), ...factsOf(root), ...configured.flatMap(({ facts }) => [...facts])]),
    };
  },
};

interface Configuration {
  readonly risk: FormatReading["risk"];
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
  readonly facts: ReadonlyMap<string, string>;
}

/** A configuration that was not understood may still be loaded: it leaves the risk unknown. */
function readConfiguration({ name, texts, start, end }: Attribute): Configuration {
  let value: JsonValue;
  try {
    value = parseJson(texts?.[0] ?? "", { nonFinite: true, base: start });
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    return { risk: "may-execute", coverage: coverageOfError(error, "partial"), hits: [], facts: new Map() };
  }
  const hits = kerasHits(value, { start, end, isH5: true });
  const executes = hits.some(({ rule }) => rule === "KR01" || rule === "KR02");
  const facts = name === "model_config" ? kerasFacts(value) : new Map<string, string>();
  return { risk: executes ? "may-execute" : "cannot-execute", coverage: FULL, hits, facts };
}

function coverageOf({ gaps }: Hdf5File): ScanCoverage {
  const [gap] = gaps;
  if (gap === undefined) return FULL;
  const detail = `${gap.name === "" ? "/" : gap.name}: ${gap.detail} (${gaps.length} in all)`;
  return coverageOfError(new AjarError(gap.code, detail, { offset: gap.offset }), "partial");
}

/** Names, data and views that make a reader open other files of the machine. */
function outsideHits({ outside }: Hdf5File): readonly SafetyHit[] {
  return outside.map(({ name, kind, file, offset }) => {
    const args = { name: name.slice(0, 200), file: file.slice(0, 200) };
    return hitOf("HF01", { start: offset, end: offset + 1, variant: kind, args, ...(file === "" ? {} : { quote: file }) });
  });
}

/** Loaders ask for the memory that a shape states before they look whether the file holds as much (CVE-2026-0897). */
function hugeHits({ datasets }: Hdf5File, sizeBytes: number): readonly SafetyHit[] {
  const huge = datasets.find(({ bytes }) => bytes > HUGE_BYTES && bytes > sizeBytes * HUGE_FACTOR);
  if (huge === undefined) return [];
  return [hitOf("HF02", { start: 0, end: sizeBytes, args: { name: huge.name.slice(0, 200), bytes: huge.bytes, size: sizeBytes } })];
}

function factsOf(root: readonly Attribute[]): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const { name, texts } of root) {
    const [text] = texts ?? [];
    if (FACTS.includes(name) && text !== undefined && text.length <= 100) facts.set(name.replace("_", "-"), text);
  }
  return facts;
}
