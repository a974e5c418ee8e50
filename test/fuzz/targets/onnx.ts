import { readOnnxHeader } from "../../../src/formats/onnx.ts";
import { field, onnxNode, onnxTensor, writeOnnx } from "../../formats/onnx-writer.ts";
import { restructureProto } from "../proto.ts";
import type { FuzzTarget } from "../target.ts";

const tensor = onnxTensor({ name: "t", dims: [1], data: new Uint8Array(4), externalFile: "x" });
const branch = field(6, Buffer.concat([field(5, tensor), field(15, Buffer.concat([field(1, tensor), field(2, tensor)]))]));

export const target: FuzzTarget = {
  name: "onnx",
  seeds: [
    writeOnnx({
      graphName: "main",
      nodes: 2,
      initializers: [
        { name: "w", dims: [2, 3], data: new Uint8Array(24) },
        { name: "b", dims: [3], packed: true, externalFile: "b.bin" },
      ],
      metadata: [["license", "mit"]],
      graphNodes: [onnxNode({ operator: "If", domain: "d", output: "y", attributes: [branch, field(5, tensor)] })],
      more: [field(20, field(1, field(5, tensor))), field(25, Buffer.concat([field(1, "f"), field(7, onnxNode({ operator: "Erf" }))]))],
    }),
    writeOnnx({}),
  ],
  read: readOnnxHeader,
  words: ["location", "../", "offset", "length"],
  restructure: restructureProto,
};
