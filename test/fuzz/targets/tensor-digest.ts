import { AjarError } from "../../../src/core/errors.ts";
import { identify } from "../../../src/identity/identify.ts";
import { memorySource, sha256 } from "../../identity/memory-source.ts";
import { gguf, npy, npz, type RawTensor, safetensors, torchZip, transposed } from "../../identity/weights.ts";
import type { FuzzTarget } from "../target.ts";

const tensor = (name: string, dtype: string, shape: readonly number[], bytes: number): RawTensor => ({
  name,
  dtype,
  shape,
  bytes: Uint8Array.from({ length: bytes }, (_, index) => index),
});
const tensors = [tensor("a.weight", "F32", [2, 3], 24), tensor("b", "F32", [4], 16)];
const options = { tensors: true, list: true, stated: false, signal: new AbortController().signal, progress: () => undefined } as const;

/** From the bytes of a file to the digests of all tensors in it: every reader that gives places, and the one pass over them. */
export const target: FuzzTarget = {
  name: "tensor-digest",
  seeds: [
    safetensors([...tensors, tensor("c", "F16", [], 2), tensor("d", "U8", [0, 7], 0)]),
    torchZip(tensors),
    torchZip(tensors, {
      lay: (one, key) => (one.shape.length === 2 ? transposed(one, key, 4) : { key, bytes: one.bytes, strides: [1], offset: 0 }),
    }),
    gguf(tensors),
    npy(tensor("x", "I64", [3], 24)),
    npy(tensor("x", "F64", [2, 2], 32), ">f8", true),
    npz(tensors, 8),
  ],
  async read(reader) {
    const bytes = await reader.read(0, reader.sizeBytes);
    const { identity, tensors: counts } = await identify(memorySource({ "fuzz.bin": bytes }), options);
    const [file] = identity.files;
    if (file?.sha256 !== sha256(bytes)) throw new TypeError("the file has another digest");
    const listed = identity.sets.flatMap(({ list }) => list ?? []);
    if (listed.some(({ sha256: digest }) => !/^[0-9a-f]{64}$/u.test(digest))) throw new TypeError("a tensor has half a digest");
    if (counts.size > listed.length) throw new TypeError("more digests than tensors");
    const isWhole = identity.sets.every(({ sha256: digest }) => digest !== null);
    if (!isWhole || listed.length === 0) throw new AjarError("INCONSISTENT", "not every tensor has a digest", { offset: 0 });
    return identity;
  },
  words: ["\x93NUMPY", "PK\x01\x02", "'fortran_order': True", '"data_offsets":[0,4]', "9007199254740993"],
};
