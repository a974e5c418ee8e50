// skops: scikit-learn objects as JSON and arrays in a zip. Loaders build what the schema names, once the user trusts its types.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading, SafetyHit, ScannedTensor } from "../../core/scan.ts";
import type { ByteReader } from "../../core/source.ts";
import { parseJson } from "../../formats/json-reader.ts";
import { readNpyHeader } from "../../formats/npy.ts";
import { type SkopsNode, skopsNodes } from "../../formats/skops.ts";
import { openZip, type ZipArchive } from "../../formats/zip.ts";
import { zipMember } from "../../formats/zip-member.ts";
import { FULL } from "../combine.ts";
import { judgeName } from "../pickle/names.ts";
import { hitOf } from "../rules.ts";
import type { Scanner } from "../scanner.ts";
import { isZip, namesIn } from "../zip-view.ts";

const SCHEMA = "schema.json";
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const MAX_RATIO = 200;
const MAX_ARG = 200;

export const scanner: Scanner = {
  id: "skops",
  risk: "may-execute",
  claims: (view) => isZip(view) && namesIn(view).has(SCHEMA),
  async scan(reader, context): Promise<FormatReading> {
    const archive = await openZip(reader, { maxBytes: context.budget.unpackedBytesLeft, maxEntries: MAX_ENTRIES, maxRatio: MAX_RATIO });
    const schema = archive.entries.findLast(({ path }) => path === SCHEMA);
    if (schema === undefined) throw new AjarError("NOT_THIS_FORMAT", `archive has no ${SCHEMA}`, { offset: 0 });
    if (schema.sizeBytes > MAX_JSON_BYTES) throw new AjarError("OVER_LIMIT", `schema of ${schema.sizeBytes} bytes`, { offset: 0 });
    const nodes = skopsNodes(parseJson(new TextDecoder().decode(await archive.read(schema)), { nonFinite: true }));
    const [top] = nodes;
    if (top === undefined) throw new AjarError("NOT_THIS_FORMAT", "schema has no node", { offset: 0 });
    const tensors = await arraysOf(reader, archive);
    return {
      format: "skops",
      risk: "may-execute",
      coverage: FULL,
      hits: hitsOf(nodes, schema.sizeBytes),
      tensors,
      parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0),
      metadata: new Map([["architecture", `${top.module}.${top.className}`.slice(0, MAX_ARG)]]),
    };
  },
};

/** Arrays are members of the archive; broken ones are the archive's own finding. */
async function arraysOf(reader: ByteReader, archive: ZipArchive): Promise<readonly ScannedTensor[]> {
  const tensors: ScannedTensor[] = [];
  for (const entry of archive.entries.filter(({ path }) => path.endsWith(".npy"))) {
    try {
      const { descr, shape, dataOffset } = await readNpyHeader(await zipMember(reader, archive, entry));
      const place = { start: dataOffset, end: entry.sizeBytes };
      tensors.push({ name: entry.path.replace(/\.npy$/u, ""), dtype: descr, shape, member: entry.path, place });
    } catch (error) {
      if (!(error instanceof AjarError) || error.code === "INTERRUPTED" || error.code === "BUG") throw error;
    }
  }
  return tensors;
}

/** Each kind of node once. */
function hitsOf(nodes: readonly SkopsNode[], sizeBytes: number): readonly SafetyHit[] {
  const hits = new Map<string, SafetyHit>();
  for (const node of nodes) {
    const found = judge(node);
    if (found === null) continue;
    const name = node.method === null ? node.className : `${node.className}.${node.method}`;
    const key = JSON.stringify([found, node.module, name]);
    if (hits.has(key)) continue;
    const args = { name: name.slice(0, MAX_ARG), module: node.module.slice(0, MAX_ARG), pointer: node.pointer };
    const [variant, severity] = found;
    hits.set(key, hitOf("SK01", { start: 0, end: sizeBytes, member: SCHEMA, variant, severity, args }));
  }
  return [...hits.values()];
}

type Verdict = readonly [variant: string, severity: SafetyHit["severity"]];

const OPERATORS: ReadonlyMap<string, SafetyHit["severity"]> = new Map(
  Object.entries({ itemgetter: "low", attrgetter: "high", methodcaller: "high" }),
);
const PLAIN_METHOD = /^[a-z][a-z0-9_]*$/iu;

function judge(node: SkopsNode): Verdict | null {
  if (node.loader === "OperatorFuncNode") return judgeOperator(node);
  if (node.loader === "MethodNode") return judgeMethod(node);
  // Plain values; containers are judged by what is in them.
  if (node.loader === "JsonNode") return null;
  const verdict = judgeName({ module: node.module, name: node.className, isPython2: false, offset: 0 });
  if (verdict === "dangerous" || verdict === "walk" || verdict === "code") return ["dangerous", "critical"];
  const isKnown = verdict === "reviewed" || verdict === "noted" || OWN.test(node.module);
  return isKnown ? null : ["custom", "medium"];
}

/** Modules that skops itself trusts, by what it calls trusted types (skops/io/_trusted_types.py). */
const OWN = /^(?:builtins|numpy|scipy|sklearn|collections)(?:\.|$)/u;

/** The loader looks the class up in `operator` whatever module is shown to the user (CVE-2025-54412). */
function judgeOperator({ className, module }: SkopsNode): Verdict {
  const severity = module === "operator" || module === "_operator" ? OPERATORS.get(className) : undefined;
  return severity === undefined ? ["operator-hidden", "critical"] : ["operator", severity];
}

/** The loader reads any attribute of any object; what is shown to the user is another class (CVE-2025-54413). */
function judgeMethod({ method, owner, className, module }: SkopsNode): Verdict {
  const isPlain = method !== null && PLAIN_METHOD.test(method);
  const isSame = owner !== null && owner.className === className && owner.module === module;
  return isPlain && isSame ? ["method", "medium"] : ["method-hidden", "critical"];
}
