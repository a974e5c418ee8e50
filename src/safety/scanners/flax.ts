// Checkpoints of flax: arrays in MessagePack (flax/serialization.py). A leaf of bytes can be anything, a pickle among others.
import type { FormatReading, SafetyHit, ScanCoverage, ScannedTensor } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { looksLikeFlax, type MsgpackTree, readMsgpack } from "../../formats/msgpack.ts";
import { WindowReader } from "../../formats/window-reader.ts";
import { FULL, worstCoverage, worstRisk } from "../combine.ts";
import { hitOf } from "../rules.ts";
import type { ScanContext, Scanner } from "../scanner.ts";
import { traitsOfTensors } from "../traits.ts";

/** Types that NumPy fills with objects. */
const OBJECTS = /^(?:object|O)\d*$/u;
/** Leaves of bytes that are looked into; honest checkpoints have none. */
const MAX_NESTED = 200;

export const scanner: Scanner = {
  id: "flax-msgpack",
  risk: "cannot-execute",
  claims: ({ head }) => looksLikeFlax(head),
  async scan(reader, context): Promise<FormatReading> {
    const tree = await readMsgpack(reader);
    const tensors = tree.arrays.map(({ name, dtype, shape, start, end }): ScannedTensor => ({ name, dtype, shape, place: { start, end } }));
    const nested = await nestedLeaves(reader, tree, context);
    return {
      format: "flax-msgpack",
      risk: worstRisk(["cannot-execute", ...nested.map(({ risk }) => risk)]),
      coverage: worstCoverage([extensionCoverage(tree), ...nested.map(({ coverage }) => coverage)]),
      hits: [...treeHits(tree), ...nested.flatMap(({ hits }) => hits)],
      tensors,
      parameters: tree.parameters,
      metadata: new Map([["arrays", String(tensors.length)], ...traitsOfTensors(tensors)]),
    };
  },
};

function treeHits({ arrays, leaves, trailing }: MsgpackTree): readonly SafetyHit[] {
  const hits: SafetyHit[] = [];
  for (const { name, dtype, start, end } of arrays) {
    if (OBJECTS.test(dtype))
      hits.push(hitOf("JX01", { start, end, variant: "objects", args: { name: name.slice(0, 200) }, severity: "high" }));
  }
  for (const { name, type, start, end } of leaves) {
    if (type !== null) hits.push(hitOf("JX01", { start, end, variant: "extension", args: { name: name.slice(0, 200), type } }));
  }
  if (trailing !== null) hits.push(hitOf("JX01", { ...trailing, variant: "trailing", args: { bytes: trailing.end - trailing.start } }));
  return hits;
}

function extensionCoverage({ leaves }: MsgpackTree): ScanCoverage {
  const unknown = leaves.find(({ type }) => type !== null);
  if (unknown === undefined) return FULL;
  return { state: "partial", code: "unsupported", detail: `extension of type ${unknown.type}`, offset: unknown.start };
}

interface Nested {
  readonly risk: FormatReading["risk"];
  readonly coverage: ScanCoverage;
  readonly hits: readonly SafetyHit[];
}

/** Bytes that some scanner knows are scanned; others are data. */
async function nestedLeaves(reader: ByteReader, { leaves }: MsgpackTree, context: ScanContext): Promise<readonly Nested[]> {
  const found: Nested[] = [];
  const bytes = leaves.filter(({ type, start, end }) => type === null && end > start);
  for (const { name, start, end } of bytes.slice(0, MAX_NESTED)) {
    const scan = await context.nested(name, new WindowReader(reader, start, end - start));
    const understood = scan.readings.filter(({ coverage }) => coverage.state !== "none");
    if (understood.length === 0) continue;
    const hit = hitOf("JX01", { start, end, variant: "nested", args: { name: name.slice(0, 200), format: understood[0]?.format ?? "" } });
    found.push({ risk: scan.risk, coverage: scan.coverage, hits: [hit, ...scan.hits] });
  }
  if (bytes.length > MAX_NESTED) {
    const coverage: ScanCoverage = { state: "partial", code: "over-limit", detail: `more than ${MAX_NESTED} leaves of bytes`, offset: 0 };
    found.push({ risk: "unknown", coverage, hits: [] });
  }
  return found;
}
