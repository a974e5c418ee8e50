import { readOnnxHeader } from "../../../src/formats/onnx.ts";
import { writeOnnx } from "../../formats/onnx-writer.ts";
import { restructureProto } from "../proto.ts";
import type { FuzzTarget } from "../target.ts";

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
    }),
    writeOnnx({}),
  ],
  read: readOnnxHeader,
  words: ["location", "../", "offset", "length"],
  restructure: restructureProto,
};
