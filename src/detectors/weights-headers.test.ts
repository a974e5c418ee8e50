import { describe, expect, test } from "vitest";
import { type GgufFile, writeGguf } from "../../test/formats/gguf-writer.ts";
import { type MemoryFile, memoryRelease } from "../../test/formats/memory-release.ts";
import { headerOnly, writeSafetensors } from "../../test/formats/safetensors-writer.ts";
import { AjarError } from "../core/errors.ts";
import { factsOf } from "../core/fact.ts";
import { loadRules } from "../rules/load.ts";
import { detector } from "./weights-headers.ts";

const f32 = (name: string, shape: readonly number[]) => {
  return { name, dtype: "F32", shape, bytes: shape.reduce((product, dimension) => product * dimension, 4) };
};
const MODEL: GgufFile = {
  metadata: [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.license", { type: "string", value: "apache-2.0" }],
    ["general.base_model.count", { type: "u32", value: 1 }],
    ["general.base_model.0.name", { type: "string", value: "Base 1B" }],
    ["general.base_model.0.repo_url", { type: "string", value: "https://huggingface.co/made-up/base-1b" }],
    ["general.datasets", { type: "strings", value: ["made-up/corpus"] }],
  ],
  tensors: [{ name: "w", dimensions: [64, 10], type: 3, offset: 0 }],
  dataBytes: 400,
};
const detect = (files: readonly MemoryFile[]) => detector.detect(memoryRelease(files));
const remarks = async (files: readonly MemoryFile[]) => {
  const { findings } = await detect(files);
  return findings.map(({ ruleId, message }) => `${ruleId} ${message.id}`);
};

describe("parameters", () => {
  test("are summed over the shards of a model, without index buffers", async () => {
    const { facts } = await detect([
      { path: "m-00001-of-00002.safetensors", bytes: writeSafetensors([f32("a", [30, 10])]) },
      {
        path: "m-00002-of-00002.safetensors",
        bytes: writeSafetensors([f32("b", [50]), { name: "position_ids", dtype: "I64", shape: [1], bytes: 8 }]),
      },
    ]);
    expect(factsOf(facts, "quantity").map(({ value, subject, unit }) => [value, subject, unit])).toEqual([[350, "", "count"]]);
    const [first] = facts;
    expect(first?.evidence.map(({ path, span, method }) => [path, span?.kind, method])).toEqual([
      ["m-00001-of-00002.safetensors", "bytes", "header"],
      ["m-00002-of-00002.safetensors", "bytes", "header"],
    ]);
  });

  test("are not stated when a shard is missing", async () => {
    const { facts } = await detect([{ path: "m-00001-of-00002.safetensors", bytes: writeSafetensors([f32("a", [3])]) }]);
    expect(facts).toEqual([]);
  });

  test("are not stated when weights are packed into whole numbers", async () => {
    const packed = { name: "qweight", dtype: "I32", shape: [100], bytes: 400 };
    const { facts } = await detect([{ path: "m.safetensors", bytes: writeSafetensors([packed, f32("scales", [3])]) }]);
    expect(facts).toEqual([]);
  });

  test("belong to the release when its models agree, else to each model", async () => {
    const same = await detect([
      { path: "a.safetensors", bytes: writeSafetensors([f32("w", [10, 64])]) },
      { path: "a-q4.gguf", bytes: writeGguf(MODEL) },
    ]);
    expect(factsOf(same.facts, "quantity").map(({ value, subject }) => [value, subject])).toEqual([[640, ""]]);
    const other = await detect([
      { path: "unet/a.safetensors", bytes: writeSafetensors([f32("w", [2])]) },
      { path: "vae/b.safetensors", bytes: writeSafetensors([f32("w", [3])]) },
    ]);
    expect(factsOf(other.facts, "quantity").map(({ value, subject }) => [value, subject])).toEqual([
      [2, "unet/a"],
      [3, "vae/b"],
    ]);
  });
});

test("parameters of a TensorFlow.js model come from the manifest in its model.json; other files of that name say nothing", async () => {
  const weights = [
    { name: "w", shape: [3, 4], dtype: "float32" },
    { name: "steps", shape: [1], dtype: "int32" },
  ];
  const json = (path: string, value: unknown): MemoryFile => ({ path, bytes: Buffer.from(JSON.stringify(value)), roles: ["other"] });
  const { facts, findings } = await detect([json("m/model.json", { weightsManifest: [{ paths: [], weights }] }), json("model.json", {})]);
  expect(factsOf(facts, "quantity").map(({ value, evidence: [first] }) => [value, first.path])).toEqual([[12, "m/model.json"]]);
  expect(findings).toEqual([]);
});

describe("statements in headers", () => {
  test("give a license for the weights, with the bytes where it stands", async () => {
    const bytes = writeGguf(MODEL);
    const { facts } = await detect([{ path: "sub/m.gguf", bytes }]);
    const [license] = factsOf(facts, "license");
    expect(license).toMatchObject({
      statement: "header",
      license: { id: "Apache-2.0" },
      stated: "apache-2.0",
      covers: ["weights"],
      folder: "",
    });
    const span = license?.evidence[0].span;
    expect(license?.evidence[0].quote).toBe("general.license: apache-2.0");
    if (span?.kind === "bytes") expect(bytes.subarray(span.start, span.end).toString("latin1")).toContain("apache-2.0");
  });

  test("that name no known license are kept as words and never guessed", async () => {
    const { facts } = await detect([
      { path: "m.safetensors", bytes: writeSafetensors([f32("w", [1])], { "modelspec.license": "my own terms" }) },
    ]);
    expect(factsOf(facts, "license").map(({ license, stated }) => [license, stated])).toEqual([[null, "my own terms"]]);
  });

  test("name base model and data sets; a hub URL becomes the hub id", async () => {
    const { facts } = await detect([{ path: "m.gguf", bytes: writeGguf(MODEL) }]);
    expect(factsOf(facts, "relation").map(({ relation, target }) => [relation, target])).toEqual([
      ["base-model", "made-up/base-1b"],
      ["dataset", "made-up/corpus"],
    ]);
  });
});

describe("lineage in headers", () => {
  const relations = async (files: readonly MemoryFile[]) =>
    factsOf((await detect(files)).facts, "relation").map(({ relation, target }) => `${relation} ${target}`);
  type Metadata = NonNullable<GgufFile["metadata"]>;
  const gguf = (type: number, metadata: Metadata): MemoryFile => ({
    path: "m.gguf",
    bytes: writeGguf({ metadata, tensors: [{ name: "w", dimensions: [64, 10], type, offset: 0 }], dataBytes: 4000 }),
  });
  const text = (key: string, value: string): Metadata[number] => [key, { type: "string", value }];

  test("tell a quantised file from a converted one, and follow the best address of each parent", async () => {
    const source = text("general.source.repo_url", "https://huggingface.co/made-up/nimbus");
    expect(await relations([gguf(3, [source])])).toEqual(["quantized made-up/nimbus"]);
    expect(await relations([gguf(0, [source])])).toEqual(["converted made-up/nimbus"]);
    expect(await relations([gguf(0, [source, text("general.quantized_by", "somebody")])])).toEqual(["quantized made-up/nimbus"]);
    const parents = [
      text("general.base_model.0.name", "Cirrus 7B"),
      text("general.base_model.1.name", "Stratus"),
      text("general.base_model.1.repo_url", "https://huggingface.co/made-up/stratus"),
      text("general.dataset.0.repo_url", "https://huggingface.co/datasets/made-up/chats"),
    ];
    expect(await relations([gguf(0, parents)])).toEqual(["base-model Cirrus 7B", "base-model made-up/stratus", "dataset made-up/chats"]);
  });

  test("hear what trainers of image adapters note, but for names that everybody's file has", async () => {
    const lora = (name: string): MemoryFile => ({
      path: "lora.safetensors",
      bytes: writeSafetensors([f32("w", [1])], { ss_sd_model_name: name, ss_network_module: "networks.lora" }),
    });
    expect(await relations([lora("sd_xl_base_1.0.safetensors")])).toEqual(["adapter sd_xl_base_1.0"]);
    expect(await relations([lora("made-up/cirrus-xl")])).toEqual(["adapter made-up/cirrus-xl"]);
    expect(await relations([lora("model.safetensors")])).toEqual([]);
  });
});

describe("findings", () => {
  test("a broken header is a finding, never a crash, and states nothing", async () => {
    const cut = writeGguf(MODEL).subarray(0, 100);
    const { facts, findings } = await detect([{ path: "m.gguf", bytes: cut }]);
    expect(facts).toEqual([]);
    expect(findings.map(({ ruleId, severity, path }) => [ruleId, severity, path])).toEqual([["formats/broken-header", "medium", "m.gguf"]]);
  });

  test("a file that is not what its name says is a finding", async () => {
    expect(await remarks([{ path: "m.safetensors", bytes: Buffer.from("\x80\x04\x95 this is a pickle", "latin1") }])).toEqual([
      "formats/broken-header formats.broken-header.not-this-format",
    ]);
  });

  test("a header that can be read but lies is a lesser finding", async () => {
    const bytes = Buffer.concat([writeSafetensors([f32("w", [1])]), Buffer.from("tail")]);
    expect(await remarks([{ path: "m.safetensors", bytes }])).toEqual(["formats/odd-header formats.safetensors.trailing-bytes"]);
  });

  test("a source that fails is not taken for a broken file", async () => {
    const failure = new AjarError("UNREACHABLE", "the host is away");
    expect(await remarks([{ path: "m.gguf", bytes: writeGguf(MODEL), failure }])).toEqual(["formats/unread-header formats.unread-header"]);
  });

  test("an index that names missing shards, wrong places or too little is a finding", async () => {
    const index = (map: Readonly<Record<string, string>>) => ({
      path: "x/m.index.json",
      bytes: Buffer.from(JSON.stringify({ weight_map: map })),
    });
    const shard = { path: "x/m-1.safetensors", bytes: writeSafetensors([f32("a", [1]), f32("b", [1])]) };
    expect(await remarks([index({ a: "m-1.safetensors", b: "m-1.safetensors" }), shard])).toEqual([]);
    expect(await remarks([index({ a: "m-1.safetensors", b: "m-2.safetensors" }), shard])).toEqual([
      "formats/index-mismatch formats.index.missing-shard",
      "formats/index-mismatch formats.index.unmapped-tensor",
    ]);
    expect(await remarks([index({ a: "m-1.safetensors", b: "m-1.safetensors", c: "m-1.safetensors" }), shard])).toEqual([
      "formats/index-mismatch formats.index.missing-tensor",
    ]);
    expect(await remarks([index({ a: "../../m-1.safetensors" })])).toEqual(["formats/index-mismatch formats.index.unsafe-file"]);
    expect(await remarks([{ path: "m.index.json", bytes: Buffer.from('{"weight_map":{"a":') }])).toEqual([
      "formats/index-mismatch formats.index.broken",
    ]);
  });

  test("files that cannot be read through the source are left alone", async () => {
    expect(await remarks([{ path: "m.gguf", bytes: Buffer.from("x"), content: "gated" }])).toEqual([]);
  });
});

test("of a large file only the header is read, and the same file gives the same facts", async () => {
  const file = { path: "m.safetensors", bytes: headerAndData(50_000_000) };
  const release = memoryRelease([file]);
  const first = await detector.detect(release);
  expect(release.bytesRead()).toBeLessThanOrEqual(64 * 1024);
  expect(await detector.detect(memoryRelease([file]))).toEqual(first);
  expect(first.findings).toEqual([]);
});

function headerAndData(bytes: number): Buffer {
  return Buffer.concat([headerOnly(`{"w":{"dtype":"F32","shape":[${bytes / 4}],"data_offsets":[0,${bytes}]}}`), Buffer.alloc(bytes)]);
}

test("every problem and finding has its sentence in all languages, and every rule its entry", () => {
  const ids = ["en", "zh-Hans", "zh-Hant"].map((language) => Object.keys(loadRules(`messages/${language}`).get("formats") ?? {}));
  expect(ids[1]).toEqual(ids[0]);
  expect(ids[2]).toEqual(ids[0]);
  for (const code of ["truncated", "over-limit", "inconsistent", "not-this-format", "unsupported"]) {
    expect(ids[0]).toContain(`formats.broken-header.${code}`);
  }
  const rules = Object.keys(loadRules("findings").get("formats") ?? {});
  expect(rules).toEqual(["formats/broken-header", "formats/odd-header", "formats/unread-header", "formats/index-mismatch"]);
});
