// A bare TensorFlow graph (frozen_inference_graph.pb and the like): GraphDef, weights as constants.
import { AjarError } from "../../core/errors.ts";
import type { FormatReading } from "../../core/scan.ts";
import { type ProtoTag, protoOutline } from "../../formats/proto-outline.ts";
import { readGraphDef } from "../../formats/tensorflow/saved-model.ts";
import { FULL } from "../combine.ts";
import type { FileView, Scanner } from "../scanner.ts";
import { constantTensors, graphFacts, operatorHits, riskOf, wantedOperators } from "../tensorflow.ts";

const FIELDS: ReadonlySet<ProtoTag> = new Set(["1:2", "2:2", "3:0", "4:2"]);
const NODE_FIELDS: ReadonlySet<ProtoTag> = new Set(["1:2", "2:2", "3:2", "4:2", "5:2", "6:2", "7:2"]);

export const scanner: Scanner = {
  id: "tensorflow-graph",
  risk: "may-execute",
  claims: isGraph,
  async scan(reader): Promise<FormatReading> {
    const graph = await readGraphDef(reader, wantedOperators());
    if (graph.operators.size === 0) throw new AjarError("NOT_THIS_FORMAT", "graph has no operators", { offset: 0 });
    const hits = operatorHits(graph);
    const tensors = constantTensors(graph.constants);
    return {
      format: "tensorflow-graph",
      risk: riskOf(hits),
      coverage: FULL,
      hits,
      tensors,
      parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0),
      metadata: graphFacts(graph),
    };
  },
};

const OPERATOR = /^[A-Z][A-Za-z0-9_>]{1,60}$/u;

/** Nodes first, each with a name and an operator, which begins with a capital letter (REGISTER_OP). */
function isGraph({ head, sizeBytes }: FileView): boolean {
  const outline = protoOutline(head, sizeBytes);
  const first = outline?.first.get("1:2");
  if (outline === null || first === undefined || ![...outline.tags].every((tag) => FIELDS.has(tag))) return false;
  const node = protoOutline(head.subarray(first.start, first.end), first.end - first.start);
  const operator = node?.first.get("2:2");
  if (node === null || operator === undefined || ![...node.tags].every((tag) => NODE_FIELDS.has(tag))) return false;
  return OPERATOR.test(new TextDecoder().decode(head.subarray(first.start + operator.start, first.start + operator.end)));
}
