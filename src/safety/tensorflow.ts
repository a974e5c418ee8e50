// Operators of a TensorFlow graph that reach outside it. Shared by SavedModels and bare graphs.
import type { Severity } from "../core/report.ts";
import type { FormatRisk, SafetyHit, ScannedTensor } from "../core/scan.ts";
import type { TensorflowConstant, TensorflowGraph, TensorflowNode } from "../formats/tensorflow/graph.ts";
import { loadRules } from "../rules/load.ts";
import { hitOf } from "./rules.ts";

interface OperatorRule {
  /** Which sentence the hit has. */
  readonly kind: string;
  readonly severity: Severity;
  readonly path?: number;
  readonly attribute?: string;
  readonly pattern?: RegExp;
  readonly literal?: boolean;
}

let known: ReadonlyMap<string, OperatorRule> | undefined;

function operatorRules(): ReadonlyMap<string, OperatorRule> {
  known ??= new Map(
    Object.entries(Object(loadRules("safety").get("tensorflow-operators"))).map(([name, entry]) => {
      const { pattern, ...rule } = Object(entry);
      return [name, pattern === undefined ? rule : { ...rule, pattern: new RegExp(String(pattern), "iu") }];
    }),
  );
  return known;
}

/** Operators whose nodes the reader is to keep. */
export function wantedOperators(): ReadonlySet<string> {
  return new Set(operatorRules().keys());
}

const MAX_ARG = 200;

/** One hit for each operator and path. */
export function operatorHits({ nodes, constants }: TensorflowGraph): readonly SafetyHit[] {
  const texts = new Map(constants.map((constant) => [keyOf(constant.within, constant.name), constant.texts]));
  const hits = new Map<string, SafetyHit>();
  for (const node of nodes) {
    const rule = operatorRules().get(node.operator);
    if (rule === undefined) continue;
    const path = pathOf(node, rule, texts);
    if (path === null) continue;
    const key = keyOf(node.operator, path);
    if (!hits.has(key)) hits.set(key, hitFor(node, rule, path));
  }
  return [...hits.values()];
}

function keyOf(first: string, second: string): string {
  return `${first}\0${second}`;
}

function hitFor({ operator, name, within, start, end }: TensorflowNode, { kind, severity }: OperatorRule, path: string): SafetyHit {
  const where = within === "" ? name : `${within}/${name}`;
  const args = { operator, node: where.slice(0, MAX_ARG), path: path.slice(0, MAX_ARG) };
  const variant = path === "" ? kind : `${kind}-path`;
  return hitOf("TF01", { start, end, variant, args, severity, ...(path === "" ? {} : { quote: path }) });
}

/** The path that a node is given: empty when it comes from elsewhere, null when the node is harmless. */
function pathOf(
  { inputs, texts, within }: TensorflowNode,
  rule: OperatorRule,
  constants: ReadonlyMap<string, readonly string[]>,
): string | null {
  if (rule.attribute !== undefined) {
    const text = texts.get(rule.attribute) ?? "";
    return rule.pattern === undefined || rule.pattern.test(text) ? text : null;
  }
  const input = rule.path === undefined ? undefined : inputs[rule.path];
  // `node`, `node:0` in a graph, `node:output:0` in a function.
  const written = input === undefined ? "" : (constants.get(keyOf(within, input.split(":", 1)[0] ?? ""))?.join(" ") ?? "");
  return rule.literal === true && written === "" ? null : written;
}

/** What a graph can do when it is run. */
export function riskOf(hits: readonly SafetyHit[]): FormatRisk {
  return hits.some(({ rule, severity }) => rule.startsWith("TF") && severity === "critical") ? "executes-by-design" : "may-execute";
}

/** Constants as tensors; those of functions are named by their function too. Texts are no weights. */
export function constantTensors(constants: readonly TensorflowConstant[]): readonly ScannedTensor[] {
  return constants
    .filter(({ dtype }) => dtype !== "DT_STRING")
    .map(({ name, within, dtype, shape, place }) => ({ name: within === "" ? name : `${within}/${name}`, dtype, shape, place }));
}

/** Quantising operators say how weights are packed. */
export function graphFacts({ operators, functions }: TensorflowGraph): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  if (functions > 0) facts.set("functions", String(functions));
  const quantising = [...operators.keys()].find((name) => /^(?:Uniform)?(?:Quantize|Dequantize|FakeQuant|Quantized)/u.test(name));
  if (quantising !== undefined) facts.set("quantization", quantising);
  return facts;
}
