import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { writeGguf } from "../../test/formats/gguf-writer.ts";
import { writeOnnx } from "../../test/formats/onnx-writer.ts";
import { writeSafetensors } from "../../test/formats/safetensors-writer.ts";
import { writeTar } from "../../test/formats/tar-writer.ts";
import { writeZip } from "../../test/formats/zip-writer.ts";
import { AjarError } from "../core/errors.ts";
import { SNIFF_BYTES, sniff } from "./sniff.ts";
import { parseTfjsModel } from "./tfjs.ts";
import { parseWeightsIndex } from "./weights-index.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const codeOf = (run: () => unknown) => {
  try {
    run();
    return "read";
  } catch (error) {
    if (error instanceof AjarError) return error.code;
    throw error;
  }
};

describe("content tells the format", () => {
  test.each<[string | null, Buffer]>([
    ["safetensors", writeSafetensors([{ name: "a", dtype: "U8", shape: [1], bytes: 1 }])],
    ["gguf", writeGguf({})],
    ["onnx", writeOnnx({})],
    ["zip", writeZip([{ path: "a", content: latin1("a") }])],
    ["pytorch-zip", writeZip([{ path: "archive/data.pkl", content: latin1("a") }])],
    ["tar", writeTar([{ path: "a" }])],
    ["zstd", zstdCompressSync(latin1("a"))],
    ["pytorch-legacy", latin1("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")],
    ["pickle", latin1("\x80\x04\x95")],
    ["pickle", latin1("cposix\nsystem\n(S'x'\ntR.")],
    ["npy", latin1("\x93NUMPY\x01\x00")],
    ["hdf5", latin1("\x89HDF\r\n\x1a\n")],
    ["parquet", latin1("PAR1")],
    ["lfs-pointer", latin1("version https://git-lfs.github.com/spec/v1\n")],
    ["executable", latin1("\x7fELF\x02")],
    [null, latin1("# A model card\n")],
    [null, latin1('{"weightsManifest":[]}')],
    [null, latin1("")],
  ])("%s", (format, bytes) => {
    expect(sniff(bytes.subarray(0, SNIFF_BYTES), bytes.length)).toBe(format);
    for (let length = 0; length < Math.min(bytes.length, 300); length += 1) sniff(bytes.subarray(0, length), length);
  });

  test("the letters of a header inside a text do not make a format", () => {
    expect(sniff(latin1("GGU"), 3)).toBe(null);
    expect(sniff(latin1("class Model:\n    pass\n"), 22)).toBe(null);
  });
});

describe("an index of shards", () => {
  test("gives the file of every tensor", () => {
    const index = parseWeightsIndex('{"metadata":{"total_size":12},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}');
    expect(index.totalBytes).toBe(12);
    expect([...index.files]).toEqual([
      ["a", "m-1.safetensors"],
      ["b", "m-2.safetensors"],
    ]);
    expect(index.problems).toEqual([]);
  });

  test.each(["../x.safetensors", "/etc/passwd", "C:\\x", "a/../../x", "a\\..\\x", ""])("that leaves its folder is noted: %s", (file) => {
    const index = parseWeightsIndex(JSON.stringify({ weight_map: { a: file } }));
    expect(index.files.size).toBe(0);
    expect(index.problems.map(({ id }) => id)).toEqual(["index.unsafe-file"]);
  });

  test("with one tensor in two places is noted", () => {
    expect(parseWeightsIndex('{"weight_map":{"a":"x","a":"y"}}').problems.map(({ id }) => id)).toEqual(["index.duplicate-key"]);
  });

  test("that is something else, or cut off, is refused", () => {
    expect(codeOf(() => parseWeightsIndex('{"a":1}'))).toBe("NOT_THIS_FORMAT");
    expect(codeOf(() => parseWeightsIndex('{"weight_map":{"a":"x'))).toBe("TRUNCATED");
  });
});

describe("a TensorFlow.js model", () => {
  test("gives weight files and parameters", () => {
    const model = parseTfjsModel(
      JSON.stringify({
        format: "graph-model",
        generatedBy: "2.3.0",
        weightsManifest: [{ paths: ["a.bin"], weights: [{ name: "w", shape: [3, 4], dtype: "float32" }] }],
      }),
    );
    expect(model).toMatchObject({ format: "graph-model", files: ["a.bin"], parameters: 12 });
  });

  test("with shapes that are none, or no manifest, is refused", () => {
    expect(codeOf(() => parseTfjsModel('{"weightsManifest":[{"weights":[{"shape":[-1]}]}]}'))).toBe("INCONSISTENT");
    expect(codeOf(() => parseTfjsModel("{}"))).toBe("NOT_THIS_FORMAT");
  });
});
