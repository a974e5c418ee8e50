import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReleaseIdentity } from "../../src/core/identity.ts";
import { compareIdentities } from "../../src/identity/compare.ts";
import { type Identified, identify } from "../../src/identity/identify.ts";
import { random } from "../formats/random.ts";
import { ggufOf } from "./gguf-data.ts";
import { type MemoryFiles, memorySource, sha256 } from "./memory-source.ts";
import { gguf, npy, npz, plainly, type RawTensor, safetensors, sharded, torchZip, transposed } from "./weights.ts";

const SIZES: Readonly<Record<string, number>> = { F32: 4, F64: 8, F16: 2, I64: 8, U8: 1 };

const signal = new AbortController().signal;

function identified(files: MemoryFiles, list = false): Promise<Identified> {
  return identify(memorySource(files), { tensors: true, list, stated: false, signal, progress: () => undefined });
}

async function identityOf(files: MemoryFiles, list = false): Promise<ReleaseIdentity> {
  return (await identified(files, list)).identity;
}

async function weightsOf(files: MemoryFiles): Promise<string | null | undefined> {
  return (await identityOf(files)).weights?.sha256;
}

function made(name: string, dtype: string, shape: readonly number[], seed: number): RawTensor {
  const next = random(seed);
  const length = shape.reduce((product, size) => product * size, SIZES[dtype] ?? 1);
  return { name, dtype, shape, bytes: Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

const tensorsOf = (dtypes: readonly string[]): fc.Arbitrary<readonly RawTensor[]> =>
  fc
    .array(
      fc.record({
        dtype: fc.constantFrom(...dtypes),
        shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
        // Few seeds, so that equal tensors occur.
        seed: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((rows) => rows.map(({ dtype, shape, seed }, index) => made(`layer.${index}.weight`, dtype, shape, seed)));

const anyTensors = tensorsOf(["F32", "F64", "F16", "I64", "U8"]);

/** The definition of docs/identity.md once more, in other words. */
function byDefinition(tensors: readonly RawTensor[]): string {
  const digests = tensors.map(({ dtype, shape, bytes }) => sha256(`ajar.tensor.v1\n${dtype}\n${shape.join(",")}\n`, bytes));
  const hash = createHash("sha256").update("ajar.weights.v1\n");
  for (const digest of digests.sort()) hash.update(Buffer.from(digest, "hex"));
  return hash.digest("hex");
}

describe("weights", () => {
  it("are told by the published definition", async () => {
    const tensors = [made("a", "F32", [2, 3], 1), made("b", "F16", [4], 2), made("c", "I64", [], 3), made("d", "U8", [0, 7], 1)];
    expect(await weightsOf({ "model.safetensors": safetensors(tensors) })).toBe(byDefinition(tensors));
    // Kept as text: the definition must never change under its name.
    const one: RawTensor = { name: "x", dtype: "U8", shape: [3], bytes: Buffer.from("abc") };
    const { sets } = await identityOf({ "a.safetensors": safetensors([one]) }, true);
    expect(sets[0]?.list).toEqual([
      { name: "x", dtype: "U8", shape: [3], sha256: "83bb3d60b4f6766a7721c7f9555518c4cf9fd6243902f438f10d286e35e473f9" },
    ]);
    expect(sets[0]?.sha256).toBe("d47b4c916320579b78cae7205e9f08b0105f0ecc93bba4ee21b754bf44e8bbef");
  });

  it("stay the same when they are renamed, reordered, split anew or given other metadata", async () => {
    await fc.assert(
      fc.asyncProperty(anyTensors, fc.infiniteStream(fc.nat(9)), fc.integer({ min: 1, max: 4 }), async (tensors, numbers, count) => {
        const expected = byDefinition(tensors);
        const draws = tensors.map(() => numbers.next().value ?? 0);
        const shuffled = tensors.map((tensor, index) => ({ tensor, key: draws[index] ?? 0 })).sort((a, b) => a.key - b.key);
        const renamed = shuffled.map(({ tensor }, index) => ({ ...tensor, name: `other.${index}` }));
        expect(await weightsOf({ "model.safetensors": safetensors(tensors) })).toBe(expected);
        expect(await weightsOf({ "x.safetensors": safetensors(renamed, { format: "pt" }) })).toBe(expected);
        expect(await weightsOf(sharded(renamed, count, (index) => draws[index] ?? 0))).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("are the same in every format that stores the same types and bytes", async () => {
    await fc.assert(
      fc.asyncProperty(anyTensors, async (tensors) => {
        const expected = byDefinition(tensors);
        expect(await weightsOf({ "pytorch_model.bin": torchZip(tensors) })).toBe(expected);
        expect(await weightsOf({ "pytorch_model.bin": torchZip(tensors, { method: 8 }) })).toBe(expected);
        expect(await weightsOf({ "model.npz": npz(tensors) })).toBe(expected);
        expect(await weightsOf({ "model.npz": npz(tensors, 8) })).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("are the same in GGUF for types that it stores plainly", async () => {
    const whole = tensorsOf(["F32"]).map((tensors) => tensors.filter(({ shape }) => shape.length > 0 && !shape.includes(0)));
    await fc.assert(
      fc.asyncProperty(whole, async (tensors) => {
        fc.pre(tensors.length > 0);
        expect(await weightsOf({ "model.gguf": gguf(tensors) })).toBe(byDefinition(tensors));
      }),
      { numRuns: 30 },
    );
  });

  it("change with any bit of any tensor, and with its type or shape", async () => {
    await fc.assert(
      fc.asyncProperty(anyTensors, fc.nat(), async (tensors, draw) => {
        const filled = tensors.filter(({ bytes }) => bytes.length > 0);
        fc.pre(filled.length > 0);
        const victim = filled[draw % filled.length];
        if (victim === undefined) return;
        const bytes = Uint8Array.from(victim.bytes);
        const bit = draw % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = tensors.map((tensor) => (tensor === victim ? { ...victim, bytes } : tensor));
        const whole = { "model.safetensors": safetensors(tensors) };
        expect(await weightsOf({ "model.safetensors": safetensors(changed) })).not.toBe(await weightsOf(whole));
        const reshaped = tensors.map((tensor) => (tensor === victim ? { ...victim, shape: [1, ...victim.shape] } : tensor));
        expect(await weightsOf({ "model.safetensors": safetensors(reshaped) })).not.toBe(await weightsOf(whole));
      }),
      { numRuns: 40 },
    );
  });

  it("count tied tensors once", async () => {
    const tensors = [made("embed", "F32", [4, 2], 1), made("norm", "F32", [2], 2)];
    const tied = await identityOf({ "m.bin": torchZip(tensors, { tied: [["lm_head", 0]] }) });
    expect(tied.weights?.sha256).toBe(byDefinition(tensors));
    expect(tied.sets[0]).toMatchObject({ tensors: 2, aliases: 1 });
  });

  it("are put in order when they lie column by column or the other way round", async () => {
    const tensors = [made("a", "F32", [3, 5], 1), made("b", "F64", [2, 2], 2)];
    const lay = (tensor: RawTensor, key: string) => transposed(tensor, key, tensor.dtype === "F32" ? 4 : 8);
    expect(await weightsOf({ "m.bin": torchZip(tensors, { lay }) })).toBe(byDefinition(tensors));
    const turned = tensors.map((tensor) => ({ ...tensor, bytes: swapped(tensor.bytes, tensor.dtype === "F32" ? 4 : 8) }));
    expect(await weightsOf({ "m.bin": torchZip(turned, { byteOrder: "big" }) })).toBe(byDefinition(tensors));
    const [a] = tensors;
    if (a === undefined) throw new Error("no tensor");
    const column = { ...a, bytes: transposed(a, "", 4).bytes };
    expect(await weightsOf({ "a.npy": npy(column, "<f4", true) })).toBe(byDefinition([a]));
    expect(await weightsOf({ "a.npy": npy({ ...a, bytes: swapped(a.bytes, 4) }, ">f4") })).toBe(byDefinition([a]));
  });

  it("may be views of one storage", async () => {
    const storage = made("all", "F32", [12], 1);
    const views = [0, 4, 8].map((offset) => ({
      name: `v${offset}`,
      dtype: "F32",
      shape: [4],
      bytes: storage.bytes.subarray(offset * 4, offset * 4 + 16),
    }));
    const lay = (tensor: RawTensor) => ({ key: "0", bytes: storage.bytes, strides: [1], offset: views.indexOf(tensor as never) * 4 });
    expect(await weightsOf({ "m.bin": torchZip(views, { lay }) })).toBe(byDefinition(views));
  });

  it("of several copies are those of one, and of a file that loaders pass over none", async () => {
    const tensors = [made("a", "F32", [4], 1), made("b", "F32", [4], 1)];
    const both = { "model.safetensors": safetensors(tensors), "pytorch_model.bin": torchZip([made("a", "F32", [9], 5)]) };
    const identity = await identityOf(both);
    expect(identity.weights?.sha256).toBe(byDefinition(tensors));
    expect(identity.sets.map(({ id, counts }) => [id, counts])).toEqual([
      ["model.safetensors", true],
      ["pytorch_model.bin", false],
    ]);
    const copies = { "a/model.safetensors": safetensors(tensors), "b/model.gguf": gguf(tensors) };
    expect(await weightsOf(copies)).toBe(byDefinition(tensors));
  });
});

describe("what cannot be told", () => {
  it("is counted by reason and leaves the weights without digest", async () => {
    const blocks = Buffer.alloc(18 * 2);
    const big = ggufOf([{ name: "q", dimensions: [64], type: 2, bytes: blocks }], true);
    const { sets, weights } = await identityOf({ "q.gguf": big });
    expect(sets[0]).toMatchObject({ sha256: null, undigested: { "unknown-type": 1 } });
    expect(weights?.sha256).toBeNull();
    const little = await identityOf({ "q.gguf": ggufOf([{ name: "q", dimensions: [64], type: 2, bytes: blocks }]) });
    expect(little.weights?.sha256).toBe(byDefinition([{ name: "", dtype: "Q4_0", shape: [64], bytes: blocks }]));
  });

  it("says so of a tensor whose storage is too short", async () => {
    const short = { name: "a", dtype: "F32", shape: [8], bytes: new Uint8Array(16) };
    const { sets } = await identityOf({
      "m.bin": torchZip([short], { lay: (tensor, key) => ({ ...plainly(tensor, key), strides: [1] }) }),
    });
    expect(sets[0]?.sha256).toBeNull();
    expect(Object.keys(sets[0]?.undigested ?? {})).toContain("outside");
  });

  it("never passes for the same", async () => {
    const tensors = [made("a", "F32", [4], 1)];
    const cut = safetensors([...tensors, made("b", "F32", [4], 2)]).subarray(0, -8);
    const { relation } = compareIdentities(
      await identified({ "a.safetensors": safetensors(tensors) }),
      await identified({ "a.safetensors": cut }),
    );
    expect(relation).toBe("unknown");
  });
});

describe("a comparison", () => {
  const one = [made("a", "F32", [4], 1), made("b", "F16", [2, 2], 2), made("c", "U8", [9], 3)];
  const relation = async (a: MemoryFiles, b: MemoryFiles): Promise<string> =>
    compareIdentities(await identified(a), await identified(b)).relation;

  it("names how two releases relate", async () => {
    const whole = { "model.safetensors": safetensors(one) };
    expect(await relation(whole, whole)).toBe("identical");
    expect(
      await relation(
        whole,
        sharded(one, 2, (index) => index),
      ),
    ).toBe("same-weights");
    expect(
      await relation(whole, { "model.safetensors": safetensors([...one, ...one.slice(0, 1).map((t) => ({ ...t, name: "again" }))]) }),
    ).toBe("same-tensors");
    expect(await relation(whole, { "model.safetensors": safetensors([...one.slice(1), made("a", "F32", [4], 9)]) })).toBe("overlapping");
    expect(await relation(whole, { "model.safetensors": safetensors([made("z", "F32", [4], 9)]) })).toBe("different");
    expect(await relation({ "a.txt": Buffer.from("a") }, { "b.txt": Buffer.from("b") })).toBe("different");
    expect(await relation({ "a.txt": Buffer.from("a") }, { "b.txt": Buffer.from("a") })).toBe("overlapping");
  });

  it("counts what both have and names what changed", async () => {
    const a = await identified({ "model.safetensors": safetensors(one), "README.md": Buffer.from("one") });
    const b = await identified({ "model.safetensors": safetensors(one.slice(0, 2)), "README.md": Buffer.from("two") });
    expect(compareIdentities(a, b)).toMatchObject({ tensors: { a: 3, b: 2, both: 2 }, changed: ["README.md", "model.safetensors"] });
  });
});

describe("hostile files", () => {
  const tensors = [made("a", "F32", [6, 4], 1), made("b", "F16", [8], 2), made("c", "I64", [3], 3)];
  const seeds: Readonly<Record<string, Uint8Array>> = {
    "m.safetensors": safetensors(tensors),
    "m.gguf": gguf(tensors.slice(0, 1)),
    "m.bin": torchZip(tensors),
    "packed.bin": torchZip(tensors, { method: 8 }),
    "m.npz": npz(tensors),
    "m.npy": npy(made("a", "F32", [5, 2], 1)),
  };

  it.each(Object.keys(seeds))("%s cut anywhere or changed anywhere still has a file digest, and only true tensor digests", async (name) => {
    const seed = seeds[name] ?? new Uint8Array(0);
    const next = random(7);
    const cuts = Array.from({ length: 60 }, (_, index) => seed.subarray(0, Math.floor((seed.length * index) / 60)));
    const changes = Array.from({ length: 200 }, () => {
      const mutant = Uint8Array.from(seed);
      for (let change = 0; change < 3; change += 1) mutant[Math.floor(next() * mutant.length)] = Math.floor(next() * 256);
      return mutant;
    });
    for (const bytes of [...cuts, ...changes]) {
      const { identity } = await identified({ [name]: bytes });
      expect(identity.files).toEqual([expect.objectContaining({ path: name, sha256: sha256(bytes), basis: "computed" })]);
      for (const set of identity.sets) expect(set.sha256 === null).toBe(Object.keys(set.undigested).length > 0);
    }
  });
});

/** Each number with its bytes the other way round. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const turned = Uint8Array.from(bytes);
  for (let at = 0; at < turned.length; at += size) turned.subarray(at, at + size).reverse();
  return turned;
}
