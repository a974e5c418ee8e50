import { readGraphDef, readKerasMetadata, readSavedModel } from "../../../src/formats/tensorflow/saved-model.ts";
import { operatorHits, wantedOperators } from "../../../src/safety/tensorflow.ts";
import { field } from "../../formats/onnx-writer.ts";
import { fixture } from "../fixture.ts";
import { restructureProto } from "../proto.ts";
import type { FuzzTarget } from "../target.ts";

const wanted = wantedOperators();
const metadata = field(1, Buffer.concat([field(3, "_tf_keras_layer"), field(4, '{"class_name": "Dense"}')]));

/** One file format of three related ones, told apart as the scanners do: by what its first field is. */
export const target: FuzzTarget = {
  name: "savedmodel",
  seeds: [fixture("operators/read/saved_model.pb"), fixture("tensorflow/frozen.pb"), metadata],
  async read(reader) {
    const [first] = await reader.read(0, Math.min(1, reader.sizeBytes));
    if (first === 0x08) return operatorHits(await readSavedModel(reader, wanted));
    if (reader.sizeBytes < 200) return await readKerasMetadata(reader);
    return operatorHits(await readGraphDef(reader, wanted));
  },
  words: ["ReadFile", "Const", "PrintV2", "output_stream", "\x12\x04Const"],
  restructure: restructureProto,
};
